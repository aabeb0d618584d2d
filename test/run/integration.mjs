// Owns the stage that runs mocha inside the extension host of a real VS Code, whichever there is.
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureChromium } from '../support/chromium.mjs';
import { PROJECT_FOLDER, projectNode } from '../support/project.mjs';
import { ensureServedEditor } from '../support/servedEditorInstall.mjs';
import { chooseEditor } from './chooseEditor.mjs';
import { countedStage } from './mochaStage.mjs';
import { runProgram } from './runProgram.mjs';

const run = promisify(execFile);

const STAGE_MILLISECONDS = 20 * 60_000;

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

/** What the extension host loads; built from test/integration/index.ts. */
export const TESTS_PATH = join(PROJECT_FOLDER, 'out', 'test', 'integration', 'index.cjs');

/** Extensions of the editor under test: one provides a language model, the other finds faults in files. */
export const TEST_EXTENSIONS = ['modelProvider', 'problemProvider'].map((name) =>
	join(PROJECT_FOLDER, 'test', 'support', name),
);

/**
 * @param {'served' | 'desktop' | undefined} wish
 * @returns {Promise<import('./results.mjs').StageResult[]>}
 */
export async function integrationStages(wish) {
	const { editors, why } = await chooseEditor(wish);
	const results = [];
	for (const editor of editors) {
		say(`Editor: ${editor.label} (${why})`);
		if (editor.kind === 'served') {
			// Both may have to be installed first, which must not count against the deadline of the tests.
			await ensureChromium(say);
			await ensureServedEditor(say);
		}
		const result = await inFreshWorkspace((workspace) => stage(editor, workspace));
		if (editor.kind === 'desktop' && !result.didReport && wish === undefined && !process.env.DREAMOS_VSCODE) {
			say(`${editor.label} did not get as far as the tests: ${result.problems.join(' ')}`);
			return await integrationStages('served');
		}
		results.push(result);
	}
	return results;
}

/**
 * @param {import('./chooseEditor.mjs').ChosenEditor} editor
 * @param {string} workspace
 */
async function stage(editor, workspace) {
	const name = editor.kind === 'served' ? 'integration' : `integration, ${editor.label}`;
	return await countedStage(name, (env) => {
		const isScreenless = editor.kind === 'desktop' && platform() === 'linux' && !process.env.DISPLAY;
		const program =
			editor.kind === 'served'
				? [projectNode(), join(import.meta.dirname, 'servedHost.mjs'), workspace]
				: [projectNode(), join(import.meta.dirname, 'desktopHost.mjs'), editor.executable, workspace];
		const [command = '', ...args] = isScreenless ? ['xvfb-run', '--auto-servernum', ...program] : program;
		return runProgram(command, args, { milliseconds: STAGE_MILLISECONDS, env });
	});
}

/**
 * A git repository with one commit, and a cache folder of its own, so that nothing of the person's is touched.
 * @template Value
 * @param {(workspace: string) => Promise<Value>} use
 * @returns {Promise<Value>}
 */
async function inFreshWorkspace(use) {
	const workspace = await realpath(await mkdtemp(join(tmpdir(), 'dreamos-workspace-')));
	try {
		await writeFile(join(workspace, 'README.md'), '# A workspace for tests\n');
		const git = (/** @type {string[]} */ ...args) => run('git', args, { cwd: workspace });
		await git('init', '--quiet', '--initial-branch=main');
		await git('config', 'user.name', 'Dream.OS Test');
		await git('config', 'user.email', 'test@dreamos.invalid');
		await git('config', 'commit.gpgSign', 'false');
		await git('add', '--all');
		await git('commit', '--quiet', '--message', 'A workspace for tests');
		return await use(workspace);
	} finally {
		await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
	}
}
