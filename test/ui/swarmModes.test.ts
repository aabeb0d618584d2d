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
			// In no title of a command: a palette that closes late would be taken for the list of tasks.
			{ task_id: 'M-2', name: 'Come second', run: [] },
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

	it('names what stands still after Stop and Start, and one button lets it go on', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Pause All');
		await workbench.tree('Agents').untilDrawn(/Worker \[paused · Take long/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await statusSays(/paused|Swarm stopped|1 working/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.messages.untilToast(/1 run was paused before, and stands still/u, PATIENCE);
		await workbench.screenshot('started with a paused run');
		await workbench.messages.pressToastButton(/1 run was paused before/u, 'Resume All');
		await workbench.tree('Agents').untilDrawn(/Worker \[working · Take long/u, PATIENCE);
	});

	it('begins nothing new while it drains, and again after Resume All', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Drain Swarm');
		await statusSays(/draining/u);
		await workbench.screenshot('swarm drains');
		await workbench.tree('Agents').untilDrawn(/Worker \[working · Take long/u, PATIENCE);
		await untilOnBoard(folder, 'Ready', ['M-2'], PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Why Is It Waiting?');
		await workbench.quickInput.pick('Come second');
		await workbench.messages.untilToast(/begins nothing new; Resume All lets it/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Resume All');
		await statusSays(/working/u);
	});

	it('gives an agent that is paused nothing more, and lets it take tasks again', async () => {
		const { workbench } = session;
		const agents = workbench.tree('Agents');
		await workbench.quickInput.runCommand('Dream.OS: Pause Agent…');
		await workbench.quickInput.pick('Worker');
		await workbench.quickInput.runCommand('Dream.OS: Stop Everything Now');
		await agents.untilDrawn(/Worker \[disabled/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.quickInput.runCommand('Dream.OS: Why Is It Waiting?');
		await workbench.quickInput.pick('Take long');
		await workbench.messages.untilToast(/no agent can take it/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Resume Agent…');
		await workbench.quickInput.pick('Worker');
		await agents.untilDrawn(/Worker \[working/u, PATIENCE);
	});

	it('ends at once, and its tasks are ready again', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Stop Everything Now');
		await statusSays(/Swarm stopped/u);
		await untilOnBoard(folder, 'Ready', ['M-1', 'M-2'], PATIENCE);
	});
});
