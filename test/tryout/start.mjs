// The one command to try Dream.OS, behind `npm start`: builds, packages, makes a demo workspace, opens it in an editor
// with a profile of its own. Asks for no account, key or model, and leaves the person's own editor alone.
//   npm start                          the first of cursor, code, codium; else a real VS Code in the browser
//   npm start -- --editor NAME         cursor, code, codium or browser
//   npm start -- --headless            no editor: the CLI does the tasks and prints what happened
//   npm start -- --exit-after-open     for scripts: do not stay
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, packageExtension } from '../run/packageExtension.mjs';
import { endAllPrograms } from '../run/runProgram.mjs';
import { startServedEditor } from '../support/servedEditor.mjs';
import { ensureGit } from '../support/systemPackages.mjs';
import { DESKTOP_EDITORS, findDesktopEditor, openDesktopEditor } from './desktopEditor.mjs';
import { makeDemoWorkspace } from './demoWorkspace.mjs';
import { runHeadless } from './headless.mjs';

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

/** Resolves at the first Ctrl-C; the second one ends at once. */
const interrupted = new Promise((resolve) => {
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
		process.once(signal, () => {
			void endAllPrograms();
			resolve(undefined);
		});
	}
});

/**
 * @param {string} vsix
 * @param {string} folder
 * @param {boolean} isStaying
 */
async function openInBrowser(vsix, folder, isStaying) {
	const editor = await startServedEditor({ vsix: [vsix], say });
	try {
		say(`\nOpen this address in a browser on this machine:\n\n  ${editor.url(folder)}\n`);
		say('Then choose Dream.OS in the activity bar and run "Dream.OS: Start Swarm" (F1).');
		if (isStaying) {
			say('Ctrl-C stops the editor.');
			await interrupted;
		}
	} finally {
		await editor.stop();
	}
}

/**
 * @param {string} program
 * @param {string} vsix
 * @param {string} folder
 * @param {boolean} isStaying
 */
async function openOnDesktop(program, vsix, folder, isStaying) {
	const profile = await mkdtemp(join(tmpdir(), 'dreamos-profile-'));
	try {
		say(`\nOpening ${program} with a profile of its own in ${profile}`);
		say('Choose Dream.OS in the activity bar and run "Dream.OS: Start Swarm" (F1).');
		await openDesktopEditor(program, { vsix, folder, profile, isWaiting: isStaying });
	} finally {
		if (isStaying) {
			await rm(profile, { recursive: true, force: true, maxRetries: 5 });
		}
	}
}

/** @param {readonly string[]} args */
async function main(args) {
	const { values } = parseArgs({
		args: [...args],
		options: {
			headless: { type: 'boolean', default: false },
			editor: { type: 'string' },
			'exit-after-open': { type: 'boolean', default: false },
		},
	});
	const wished = DESKTOP_EDITORS.filter((name) => values.editor === undefined || values.editor === name);
	if (wished.length === 0 && values.editor !== 'browser') {
		throw new Error(`Unknown editor ${values.editor}. There are: ${DESKTOP_EDITORS.join(', ')}, browser.`);
	}
	const program = values.headless ? undefined : await findDesktopEditor(wished);
	if (!values.headless && wished.length === 1 && program === undefined) {
		throw new Error(`${values.editor} is not on PATH, or there is no screen. Try: npm start -- --editor browser`);
	}
	await ensureGit(say);
	say('Building …');
	const vsix = values.headless ? await build(['--production']).then(() => '') : await packageExtension();
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'dreamos-demo-')));
	await makeDemoWorkspace(folder);
	say(`Demo workspace: ${folder}`);
	if (values.headless) {
		process.exitCode = await runHeadless(folder, say);
	} else if (program) {
		await openOnDesktop(program, vsix, folder, !values['exit-after-open']);
	} else {
		await openInBrowser(vsix, folder, !values['exit-after-open']);
	}
	say(`\nThe demo workspace is kept: ${folder}`);
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
