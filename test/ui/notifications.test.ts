// Owns notifications as a person meets them: a flood becomes a few that open what they count, each kind is muted by itself and taken
// back in the settings, and a question that is muted still stands in the status bar and on the dashboard.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import { advanceTask } from '../../src/core/task/advanceTask.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { scripted } from '../support/driverJobs.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;
const COUNT = 200;
const ann: Actor = { kind: 'cli', id: 'ann' };
const tool: Actor = { kind: 'mcp', id: 'tool' };

describe('notifications', () => {
	const session = useSession({
		prepare: prepareRepository({ '.dreamos/policies.yaml': 'rules:\n  - decision: ask\n    kind: execute\n' }),
		// In a dialog they would lie over all the rest.
		settings: { 'workbench.editor.useModal': 'off' },
	});
	const messages = () => session.workbench.messages;
	const tasks = () => session.workbench.tree('Tasks');

	/** Blocks these tasks at once, as a tool of an agent does and no person. */
	async function blockAll(ids: readonly string[]): Promise<void> {
		const other = await openWorkspace({
			folder: session.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: 'none',
			follows: 'nothing',
		});
		try {
			for (const id of ids) {
				await other.dream.perform('task.create', { task_id: id, name: `Task ${id}` }, ann);
			}
			await other.ledger()?.write(tool, async (transaction) => {
				for (const taskId of ids) {
					await advanceTask(transaction, { taskId, move: 'block', reason: 'The key is missing.' });
				}
			});
		} finally {
			await other.close();
		}
	}

	it('are one for a flood, in which all of it is counted and which opens it', async () => {
		const { workbench } = session;
		await initializeByPalette(workbench);
		await blockAll(Array.from({ length: COUNT }, (_, index) => `F-${index + 1}`));
		const { buttons } = await messages().untilToast(`${COUNT} tasks could not be finished.`, PATIENCE);
		assert.deepEqual(buttons, ['Show', "Don't Show Again"]);
		assert.equal((await messages().toasts()).length, 1);
		await workbench.screenshot('notification-digest');
		await messages().pressToastButton(`${COUNT} tasks`, 'Show');
		await until('the view to say what it shows', async () =>
			(await tasks().message()).includes(`Only these are shown: ${COUNT} tasks could not be finished.`),
		);
		await tasks().untilDrawn((drawing) => drawing.match(/\[F-\d+ · blocked/giu)?.length === COUNT, PATIENCE);
		await workbench.screenshot('notification-shown');
		await blockAll(['LATER']);
		await messages().untilToast('"Task LATER" is blocked: The key is missing.', PATIENCE);
		assert.doesNotMatch(await tasks().draw(), /LATER/u);
		await workbench.quickInput.runCommand('Dream.OS: Clear Filter');
		await tasks().untilDrawn(/LATER/u);
	});

	it('of one kind are not shown again once that was chosen, and the settings list it', async () => {
		const { workbench } = session;
		await messages().dismissToasts();
		await blockAll(['M-1']);
		await messages().pressToastButton('"Task M-1" is blocked', "Don't Show Again");
		await workbench.quickInput.runCommand('Preferences: Open Settings (UI)');
		const { page } = workbench;
		const item = page.locator('.settings-editor .setting-item', { hasText: 'Muted Notifications' });
		await until('the settings to be searched', async () => {
			await page.locator('.settings-editor .suggest-input-container').click({ timeout: 1_000 });
			await page.keyboard.press('ControlOrMeta+A');
			await page.keyboard.type('muted notifications');
			// It searches a moment after the last key: whoever types again at once never sees what it found.
			await item.first().waitFor({ timeout: 5_000 });
			return (await item.count()) === 1 || undefined;
		});
		await item.locator('.setting-list-value', { hasText: /^stopped$/u }).waitFor();
		await workbench.screenshot('notification-muted-setting');
		await blockAll(['M-2']);
		await tasks().untilDrawn(/Task M-2 \[.*blocked/iu);
		assert.deepEqual(await messages().toasts(), []);

		await item.locator('.setting-list-row', { hasText: 'stopped' }).hover();
		await item.locator('.setting-list-row .codicon-settings-remove').click();
		await until('the list to be empty', async () => (await item.locator('.setting-list-value').count()) === 0);
		// It takes the focus whenever a setting changes; a palette would close.
		await page.locator('.tab.active .tab-actions .action-label').click();
		// The setting reaches the extension a moment after its page shows it: what is blocked until then is muted still.
		let number = 2;
		await until('what is blocked to be told again', async () => {
			number += 1;
			await blockAll([`M-${number}`]);
			await tasks().untilDrawn(new RegExp(`Task M-${number} \\[.*blocked`, 'iu'));
			return (await messages().toasts()).some(({ text }) => /is blocked|could not be finished/u.test(text));
		});
		await messages().dismissToasts();
	});

	it('of questions are never muted silently', async () => {
		const { workbench, folder } = session;
		const ask = (title: string) =>
			({ do: 'ask', title, kind: 'execute', options: ['allow_once', 'reject_once'] }) as const;
		const { command, env } = scripted({ turn: [ask('npm test'), ask('npm start')] });
		const agent = { id: 'Asker', driver: 'acp', command, env };
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify([agent], undefined, 2));
		await workbench.tree('Agents').untilDrawn(/Asker/u);
		await writeReadyQueue(folder, [{ task_id: 'Q-1', name: 'Try it', run: [] }]);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await messages().pressToastButton('Asker asks: npm test', "Don't Show Again");
		await messages().untilToast('Agents that ask still wait for you');
		await messages().dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Answer Question');
		await workbench.quickInput.pick('Allow Once');
		await workbench.tree('Agents').untilDrawn(/Asker \[asks you/u, PATIENCE);
		await until('the status bar to say that one waits', async () =>
			(await workbench.statusBar()).some((text) => text.includes('1 question')),
		);
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		const page = await workbench.editors.webviewFrame('main#page vscode-tabs');
		await page.getByText('npm start').first().waitFor();
		assert.deepEqual(
			(await messages().toasts()).filter(({ text }) => text.includes('npm start')),
			[],
		);
		await workbench.screenshot('question-muted');
	});
});
