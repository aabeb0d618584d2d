// Owns agents in the editor: one is added by a few keys, tried, and logged in with its own program in a terminal.
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeScreen } from '../support/workbench/describeScreen.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository } from './workspaces.ts';

/** An agent that wants to be logged in before anything else, and is so once it was started with `login` and Enter was pressed. */
const agentProgram = `
import { createInterface } from 'node:readline';
import { existsSync, writeFileSync } from 'node:fs';
const mark = new URL('logged-in.txt', import.meta.url);
const authMethods = [{ id: 'login', name: 'Log In Here', type: 'terminal', args: ['login'] }];
if (process.argv.includes('login')) {
	console.log('Press Enter to log in.');
	createInterface({ input: process.stdin }).once('line', () => {
		writeFileSync(mark, 'yes');
		process.exit(0);
	});
} else {
	createInterface({ input: process.stdin }).on('line', answer);
}
function answer(line) {
	const { id, method } = JSON.parse(line);
	const reply = {
		initialize: { result: { protocolVersion: 1, agentInfo: { name: 'guarded', version: '1' }, agentCapabilities: {}, authMethods } },
		'session/new': existsSync(mark)
			? { result: { sessionId: 's' } }
			: { error: { code: -32000, message: 'Authentication required' } },
		'session/prompt': { result: { stopReason: 'end_turn' } },
	}[method];
	if (id !== undefined && reply !== undefined) {
		console.log(JSON.stringify({ jsonrpc: '2.0', id, ...reply }));
	}
}
`;

describe('agents', () => {
	const session = useSession({ prepare: prepareRepository({ 'guarded.mjs': agentProgram }) });

	it('are offered with what is there and what is missing, and one is added by its command', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await workbench.quickInput.runCommand('Dream.OS: Add Agent…');
		const items = await until(
			'the agents',
			async () => {
				const found = await workbench.quickInput.items();
				return found.length > 5 ? found : undefined;
			},
			() => describeScreen(workbench.page),
		);
		assert.match(JSON.stringify(items), /not installed/u);
		assert.match(JSON.stringify(items), /is not on the PATH\. Install it with: /u);
		await workbench.quickInput.type('Another Agent');
		await workbench.quickInput.type(`"${process.execPath}" "${join(folder, 'guarded.mjs')}"`);
		await workbench.messages.untilToast(/node is one of your agents now/u);
		await until('the entry', async () =>
			(await readFile(join(folder, 'runtime/agents.json'), 'utf8')).includes('guarded.mjs'),
		);
	});

	it('are tried, and logged in with their own program in a terminal', async () => {
		const { workbench, folder } = session;
		await workbench.messages.pressToastButton(/node is one of your agents now/u, 'Check Agent');
		const toast = await workbench.messages.untilToast(/session failed: .*is not logged in/u, 40_000);
		assert.match(toast.text, /Log In Here/u);
		await workbench.messages.pressToastButton(/is not logged in/u, 'Log In Here');
		const terminal = workbench.page.locator('.part.panel .xterm');
		await until('the terminal to log in', () => terminal.isVisible());
		await terminal.click();
		await workbench.page.keyboard.press('Enter');
		await until('the login', () => Promise.resolve(existsSync(join(folder, 'logged-in.txt'))));
		// It takes the focus with it, and with that whatever is asked at the top.
		await until('the terminal to go', async () => !(await terminal.isVisible()));
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Check Agent');
		await workbench.quickInput.pick('node');
		await workbench.messages.untilToast(
			/node: guarded 1: permission failed: It ended its turn without a word/u,
			40_000,
		);
	});

	it('are given keys that are kept as secrets, and written nowhere', async () => {
		const { workbench, folder } = session;
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Set Agent Key…');
		await workbench.quickInput.pick('node');
		await workbench.messages.untilToast(/It is not known in which variable node looks for its key/u);
		assert.equal((await readFile(join(folder, 'runtime/agents.json'), 'utf8')).includes('keys'), false);
	});
});
