// Owns one run of the in-host tests in the served editor. A program of its own, like its desktop sibling.
//   node servedHost.mjs WORKSPACE
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from '../support/chromium.mjs';
import { PROJECT_FOLDER, RESULTS_FOLDER } from '../support/project.mjs';
import { startServedEditor } from '../support/servedEditor.mjs';
import { PREFIX_VARIABLE } from './countingReporter.mjs';
import { TEST_EXTENSIONS, TESTS_PATH } from './integration.mjs';

const LINE_PREFIX = 'dreamos-test: ';

const [workspace] = process.argv.slice(2);
if (!workspace) {
	throw new Error('Usage: node servedHost.mjs WORKSPACE');
}
const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
const executablePath = await ensureChromium(say);
const editor = await startServedEditor({
	smokeTestDriver: true,
	extensions: TEST_EXTENSIONS,
	env: { [PREFIX_VARIABLE]: LINE_PREFIX },
	say,
});
try {
	const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
	try {
		const page = await browser.newPage();
		const exit = new Promise((resolve, reject) => {
			void page.exposeFunction('codeAutomationExit', resolve);
			page.once('crash', () => reject(new Error('The page crashed.')));
			page.once('close', () => reject(new Error('The page was closed.')));
		});
		// When the page cannot even be opened, that error is the one to tell.
		exit.catch(() => {});
		await page.exposeFunction('codeAutomationLog', printMochaLine);
		await page.goto(
			editor.url(workspace, { extensionDevelopmentPath: PROJECT_FOLDER, extensionTestsPath: TESTS_PATH }),
		);
		process.exitCode = Number(await exit);
	} finally {
		await browser.close();
	}
	if (process.exitCode !== 0) {
		const path = join(RESULTS_FOLDER, 'integration.log');
		await mkdir(RESULTS_FOLDER, { recursive: true });
		await writeFile(path, `${await editor.logs()}\n==> server\n${editor.output()}`);
		say(`The editor's logs are in ${path}`);
	}
} finally {
	await editor.stop();
}

/**
 * Console output of page and extension host arrives here; only what mocha says is of interest.
 * @param {string} _type
 * @param {unknown[]} parts
 */
function printMochaLine(_type, parts) {
	const [line] = parts;
	if (typeof line === 'string' && line.startsWith(LINE_PREFIX)) {
		process.stdout.write(`${line.slice(LINE_PREFIX.length)}\n`);
	}
}
