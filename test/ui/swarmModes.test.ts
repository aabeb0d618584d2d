// Owns what a person tells the swarm as a whole, by palette and dashboard: stand still, go on, end everything at once.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('the swarm as a whole', () => {
	const session = useSession({ prepare: prepareRepository({}) });
	const folders = useTemporaryFolders();
	const statusSays = (text: RegExp) =>
		until(
			`the status bar to say ${text.source}`,
			async () => (await session.workbench.statusBar()).some((item) => text.test(item)),
			async () => (await session.workbench.statusBar()).join(' | '),
		);

	it('stands still by the palette, and the status bar and the rows say so', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const begun = join(folders.make(), 'begun');
		const { command, env } = scripted({
			turn: [{ do: 'write', path: begun, content: 'begun\n' }, { do: 'hang' }],
			laterTurns: [{ do: 'hang' }],
		});
		writeFileSync(
			join(folder, 'runtime/agents.json'),
			JSON.stringify([{ id: 'Worker', driver: 'acp', command, env }], undefined, 2),
		);
		await workbench.tree('Agents').untilDrawn(/Worker/u);
		await writeReadyQueue(folder, [
			{ task_id: 'M-1', name: 'Take long', run: [] },
			{ task_id: 'M-2', name: 'Wait', run: [] },
		]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[2\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await until('the agent to begin its turn', async () => existsSync(begun), undefined, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Pause All');
		await workbench.tree('Agents').untilDrawn(/Worker \[paused · Take long/u, PATIENCE);
		await statusSays(/paused/u);
	});

	it('says so on the dashboard, and goes on by its button', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		const dashboard = await workbench.editors.webviewFrame('main#page vscode-tabs');
		await dashboard.getByText('Swarm paused', { exact: true }).waitFor();
		await workbench.screenshot('swarm paused');
		await dashboard.getByRole('button', { name: 'Resume All' }).click();
		await dashboard.getByText('Swarm running', { exact: true }).waitFor();
		await workbench.tree('Agents').untilDrawn(/Worker \[working · Take long/u, PATIENCE);
	});

	it('ends at once, and its tasks are ready again', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Stop Everything Now');
		await statusSays(/Swarm stopped/u);
		await untilOnBoard(folder, 'Ready', ['M-1', 'M-2'], PATIENCE);
	});
});
