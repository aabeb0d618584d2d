// Owns steering as a person does it: a message through the palette, a pause and its end, each seen on the agent's row.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import type { Script } from '../support/scriptedAcpScript.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('steering an agent', () => {
	const session = useSession({ prepare: prepareRepository({}) });
	const folders = useTemporaryFolders();

	it('makes it stand still, tells it something, and lets it go on', async () => {
		const { workbench, folder } = session;
		const agents = workbench.tree('Agents');
		await initializeByPalette(workbench);
		// The row says "working" from the agent's start on: what is said before its first turn would be a part of that turn.
		const begun = join(folders.make(), 'begun');
		const { command, env } = scripted({
			turn: [
				{ do: 'write', path: begun, content: 'begun\n' },
				{ do: 'wait', milliseconds: 120_000 },
			],
			laterTurns: [{ do: 'write', path: 'told.txt', content: 'told\n' }],
		});
		const agent = { id: 'Worker', driver: 'acp', command, env };
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify([agent], undefined, 2));
		await agents.untilDrawn(/Worker/u);
		await writeReadyQueue(folder, [{ task_id: 'S-1', name: 'Steer me', run: [] }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await agents.untilDrawn(/Worker \[working · Steer me/u, PATIENCE);
		await until('the agent to begin its turn', async () => existsSync(begun), undefined, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Pause Run');
		await workbench.quickInput.pick('Steer me');
		await agents.untilDrawn(/Worker \[paused · Steer me/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Send Message to Agent…');
		await workbench.quickInput.pick('Steer me');
		await workbench.quickInput.type('Write it down.', { accept: true });
		await workbench.quickInput.pick('After this turn');
		await workbench.quickInput.runCommand('Dream.OS: Resume Run');
		await workbench.quickInput.pick('Steer me');
		await untilOnBoard(folder, 'Completed', ['S-1'], PATIENCE);
		assert.equal(readFileSync(join(folder, 'told.txt'), 'utf8'), 'told\n');
	});

	it('hands what an agent is at to another one, which goes on with the work and a note', async () => {
		const { workbench, folder } = session;
		const agents = workbench.tree('Agents');
		const agent = (id: string, script: Script) => {
			const { command, env } = scripted(script);
			return { id, driver: 'acp', command, env };
		};
		const half = join(folders.make(), 'half');
		const list = [
			agent('Giver', {
				turn: [
					{ do: 'write', path: 'half.txt', content: 'half\n' },
					{ do: 'write', path: half, content: '' },
					{ do: 'hang' },
				],
			}),
			agent('Heir', { turn: [{ do: 'sayPrompt' }, { do: 'write', path: 'rest.txt', content: 'rest\n' }] }),
		];
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify(list, undefined, 2));
		await agents.untilDrawn(/Heir/u);
		await writeReadyQueue(folder, [{ task_id: 'H-1', name: 'Hand me on', run: [], agent: 'Giver' }]);
		await agents.untilDrawn(/Giver \[working · Hand me on/u, PATIENCE);
		await until('half of the work', async () => existsSync(half), undefined, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Hand to Another Agent…');
		await workbench.quickInput.pick('Hand me on');
		await workbench.quickInput.pick('Heir');
		await workbench.quickInput.type('mind the tests', { accept: true });
		await untilOnBoard(folder, 'Completed', ['S-1', 'H-1'], PATIENCE);
		assert.equal(readFileSync(join(folder, 'half.txt'), 'utf8'), 'half\n');
		assert.equal(readFileSync(join(folder, 'rest.txt'), 'utf8'), 'rest\n');
		const logs = join(folder, 'runtime/logs');
		const said = readdirSync(logs, { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.jsonl'))
			.map((name) => readFileSync(join(logs, name), 'utf8'));
		assert.ok(said.some((text) => text.includes('mind the tests')));
	});
});
