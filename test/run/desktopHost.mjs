// Owns one run of the in-host tests in a desktop VS Code. A program of its own, because the editor may hang.
//   node desktopHost.mjs EXECUTABLE WORKSPACE
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { PROJECT_FOLDER } from '../support/project.mjs';
import { CALM_SETTINGS } from '../support/servedEditor.mjs';
import { TEST_EXTENSIONS, TESTS_PATH } from './integration.mjs';

const [executable, workspace] = process.argv.slice(2);
if (!executable || !workspace) {
	throw new Error('Usage: node desktopHost.mjs EXECUTABLE WORKSPACE');
}
// Short, as the editor makes a socket in it, whose path may have about 100 characters.
const profile = await mkdtemp(join(tmpdir(), 'dreamos-'));
try {
	await mkdir(join(profile, 'User'), { recursive: true });
	await writeFile(join(profile, 'User', 'settings.json'), JSON.stringify(CALM_SETTINGS));
	process.exitCode = await runTests({
		vscodeExecutablePath: executable,
		extensionDevelopmentPath: [PROJECT_FOLDER, ...TEST_EXTENSIONS],
		extensionTestsPath: TESTS_PATH,
		extensionTestsEnv: {
			DREAMOS_TEST_RESULTS: process.env.DREAMOS_TEST_RESULTS,
			DREAMOS_TEST_REPORTER: process.env.DREAMOS_TEST_REPORTER,
			DREAMOS_TEST_COLOR: process.env.DREAMOS_TEST_COLOR,
		},
		launchArgs: [
			workspace,
			`--user-data-dir=${profile}`,
			`--extensions-dir=${join(profile, 'extensions')}`,
			'--disable-gpu',
		],
	});
} finally {
	await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
