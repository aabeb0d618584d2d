// Owns what a person sees of the messages between Dream.OS and an agent: the log as a document where they were recorded,
// else the way to have them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('the protocol log of a run', () => {
	const session = useSession({ prepare: prepareRepository(), settings: { 'dreamos.agents.protocolLog': true } });

	it('is opened by its command, and where there is none that is said', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const { command, env } = scripted({ turn: [{ do: 'write', path: 'said.txt', content: 'said\n' }] });
		const agent = { id: 'Talker', driver: 'acp', command, env };
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify([agent], undefined, 2));
		await workbench.tree('Agents').untilDrawn(/Talker/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await writeReadyQueue(folder, [
			{ task_id: 'P-1', name: 'Talked over', agent: 'Talker', run: [] },
			{ task_id: 'P-2', name: 'Plain steps', agent: 'Agent-1', run: ['true'] },
		]);
		await untilOnBoard(folder, 'Completed', ['P-1', 'P-2'], PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Show Protocol Log');
		await workbench.quickInput.pick('Talked over');
		await until('the log', async () => (await workbench.editors.text()).includes('"method":"initialize"'));
		await workbench.screenshot('protocol log');
		await workbench.quickInput.runCommand('Dream.OS: Show Protocol Log');
		await workbench.quickInput.pick('Plain steps');
		await workbench.messages.untilToast(/has no protocol log\. Turn dreamos\.agents\.protocolLog on/u);
	});
});
