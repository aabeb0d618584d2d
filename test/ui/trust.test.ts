// Owns what must not happen: nothing runs in a folder that is not trusted, and no text of a task is taken for markup.
import { strict as assert } from 'node:assert';
import { cli, makeDemoWorkspace } from '../tryout/demoWorkspace.mjs';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import {
	blockByPalette,
	hostProcesses,
	initializeByPalette,
	prepareRepository,
	writeReadyQueue,
} from './workspaces.ts';

describe('a folder that is not trusted', () => {
	const session = useSession({
		prepare: async (folder) => {
			await makeDemoWorkspace(folder);
			// Takes the tasks over from the board, which an untrusted window does not.
			await cli(['task', 'list', '--workspace', folder]);
		},
		workspaceTrust: true,
	});
	const tasks = () => session.workbench.tree('Tasks');

	it('shows its boards and runs nothing until it is trusted', async () => {
		const { workbench, editor } = session;
		await workbench.page.getByText('Restricted Mode is intended for safe code browsing').waitFor();
		await workbench.openContainer('Dream.OS');
		await tasks().untilDrawn(/Ready \[3\]\n {2}Rename helpers/u);
		await until('the message', async () => (await tasks().message()).includes('not trusted'));
		for (const title of ['Start Swarm', 'Create Task', 'Claim Task']) {
			await workbench.quickInput.runCommand(`Dream.OS: ${title}`);
			const { text, buttons } = await workbench.messages.untilToast('not trusted');
			assert.match(text, /its boards are shown, and nothing is run or written/u);
			assert.deepEqual(buttons, ['Manage Trust']);
			await workbench.messages.dismissToasts();
		}
		assert.deepEqual(await hostProcesses(editor), []);
		await workbench.screenshot('untrusted');
	});

	it('works once it is trusted', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.messages.pressToastButton('not trusted', 'Manage Trust');
		await workbench.page
			.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/u })
			.first()
			.click();
		await workbench.page.getByText('You trust this folder').waitFor();
		await workbench.page.locator('.monaco-modal-editor-block .codicon-close').click();
		await until('the message to go', async () => !(await tasks().message()).includes('not trusted'));
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await tasks().untilDrawn(/Completed \[6\]/u, 60_000);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await until('the host to end', async () => (await hostProcesses(session.editor)).length === 0);
	});
});

const ESCAPE = '\u001b';
const HOSTILE = {
	html: '<img src=x onerror="window.top.hacked=1"><b>bold</b>',
	ansi: `${ESCAPE}[31mred${ESCAPE}[0m ${ESCAPE}]0;title\u0007 and \u0000 \u202Eback`,
	icon: '$(rocket) [press](command:workbench.action.closeWindow)',
	prose: `Prose ${'word '.repeat(20_000)}`,
};

describe('hostile text in tasks', () => {
	const session = useSession({ prepare: prepareRepository(), settings: { 'workbench.hover.delay': 300 } });
	const tasks = () => session.workbench.tree('Tasks');

	it('is shown as text in the tree and its hovers', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(
			folder,
			Object.entries(HOSTILE).map(([task_id, name]) => ({ task_id, name, run: ['true'] })),
		);
		const drawing = await tasks().untilDrawn(/Ready \[4\]/u);
		assert.ok(drawing.includes(`  ${HOSTILE.html} [html]`), drawing);
		assert.match(drawing, /\n {2}red and \uFFFD \uFFFDback \[ansi\]/u);
		assert.ok(drawing.includes(`  ${HOSTILE.icon} [icon]`), drawing);
		const prose = drawing.split('\n').find((line) => line.includes('[prose]')) ?? '';
		assert.ok(prose.length < 400 && prose.includes('…'), `${prose.length} characters`);
		const hover = workbench.page.locator('.workbench-hover', { hasText: '<b>bold</b>' });
		// A row that is drawn anew under the mouse closes its hover: go away and come again.
		await until('the hover of a row', async () => {
			await workbench.page.mouse.move(700, 10);
			await workbench.page.locator('.monaco-list-row', { hasText: 'onerror' }).hover({ timeout: 2_000 });
			await hover.waitFor({ timeout: 3_000 });
			return true;
		});
		assert.equal(await hover.locator('img, b').count(), 0);
	});

	it('is shown as text in questions', async () => {
		const { quickInput } = session.workbench;
		await quickInput.runCommand('Dream.OS: Claim Task');
		const labels = (
			await until('four tasks', async () => {
				const items = await quickInput.items();
				return items.length === 4 && items;
			})
		).map(({ label }) => label);
		assert.ok(labels.includes(HOSTILE.html), labels.join('\n'));
		assert.ok(
			labels.some((label) => label.includes('$(rocket)')),
			labels.join('\n'),
		);
		await quickInput.escape();
	});

	it('is shown as text on the dashboard, where no script of it runs', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Claim Task');
		await workbench.quickInput.pick('<img');
		await tasks().untilDrawn(/Working \[1\]/u);
		await blockByPalette(workbench, '<img', `${HOSTILE.html} ${HOSTILE.icon}`);
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		const page = await workbench.editors.webviewFrame('main#page .rows li[data-kind="blocked"]');
		const blocked = page.locator('.rows li[data-kind="blocked"]');
		assert.ok((await blocked.innerText()).includes(HOSTILE.html));
		assert.equal(await page.locator('main img, main b').count(), 0);
		const isHacked = await workbench.page.evaluate(() => 'hacked' in window);
		assert.equal(isHacked, false);
		await workbench.screenshot('hostile text');
	});
});
