// Owns what a person sees and does about budgets: why a run stopped, what was used, what the next one may take, and that work goes on
// once its task may take more.
import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import type { BoardTitle } from './workspaces.ts';
import { boardFile, initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('budgets', () => {
	const session = useSession({
		prepare: prepareRepository({
			'.vscode/settings.json': JSON.stringify({
				'dreamos.budgets.day': { money: 1.6 },
				'dreamos.landing.mode': 'review',
			}),
		}),
	});

	it('stop a run at the budget of its task, and say which field the limit stands in', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const { command, env } = scripted({
			resume: 'load',
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'usage', used: 500, size: 1000, cost: 1.5 },
				{ do: 'hang' },
			],
			turnAfterResume: [
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				{ do: 'say', text: 'The rest is done.' },
			],
		});
		writeFileSync(
			join(folder, 'runtime/agents.json'),
			JSON.stringify([{ id: 'Worker', driver: 'acp', command, env }], undefined, 2),
		);
		await workbench.tree('Agents').untilDrawn(/Worker/u, PATIENCE);
		await writeReadyQueue(folder, [{ task_id: 'B-1', name: 'Cost much', run: [], budget: { money: 1 } }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.tree('Tasks').untilDrawn(/Cost much \[B-1 · blocked/u, 2 * PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Why Is It Waiting?');
		await workbench.quickInput.pick('Cost much');
		await workbench.messages.untilToast(
			/needs budget: task B-1 has used 1\.5 of 1 USD \(budget\.money of the task\)/u,
			PATIENCE,
		);
	});

	it('are shown with what was used and how far each limit is', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Show Budget');
		await workbench.editors.openTab('Budget');
		const text = await workbench.editors.text();
		assert.match(text, /today: 1 turn, .*1\.5 USD/u);
		assert.match(text, /nearly used: the swarm has used today 1\.5 of 1\.6 USD \(dreamos\.budgets\.day\)/u);
		assert.match(text, /USED UP: task B-1 has used 1\.5 of 1 USD \(budget\.money of the task\)/u);
		await workbench.screenshot('budget shown');
	});

	it('come with an estimate before a run, and with what the task took so far', async () => {
		const { workbench } = session;
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Estimate Cost of Task');
		await workbench.quickInput.pick('Cost much');
		await workbench.messages.untilToast(
			/B-1: so far: 1 turn, .*1\.5 USD.*one run: unknown: fewer than 3/u,
			PATIENCE,
		);
	});

	it('stand on the dashboard as used of the limit, and open the tasks behind it', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		const dashboard = await workbench.editors.webviewFrame('main#page vscode-tabs');
		const tile = dashboard.getByRole('button', { name: /^1\.5 \/ 1\.6 USD Budget used today/u });
		await tile.waitFor();
		assert.equal(await tile.getAttribute('data-level'), 'warned');
		await workbench.screenshot('budget of today');
		await tile.click();
		await dashboard.getByText('Only: budget used today').waitFor();
		await dashboard.getByText('Cost much').filter({ visible: true }).first().waitFor();
	});

	it('let the run go on by itself once its task may take more', async () => {
		const { workbench, folder } = session;
		const boards: readonly BoardTitle[] = ['Backlog', 'Ready', 'Working', 'Completed'];
		await until('the board with the task to be edited', async () => {
			for (const file of boards.map((board) => join(folder, boardFile(board)))) {
				const text = existsSync(file) ? await readFile(file, 'utf8') : '';
				if (text.includes('"B-1"') && /"money": 1\b/u.test(text)) {
					await writeFile(file, text.replace(/"money": 1\b/u, '"money": 9'));
					return true;
				}
			}
			return undefined;
		});
		await workbench.tree('Tasks').untilDrawn(/Cost much \[B-1 · to review/u, 2 * PATIENCE);
		await untilOnBoard(folder, 'Working', ['B-1'], PATIENCE);
	});
});
