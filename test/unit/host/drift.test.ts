// Checks what becomes of agents that drift, through a whole swarm: the ladder with its events, its end, and who is left alone.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { driftRungs } from '../../../src/core/drift/driftReading.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script, Step } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('an agent that drifts', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let file: string;
	const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
	beforeEach(async () => {
		file = join(folders.make(), 'script.json');
		const agent = buildAgent('Tester', { driver: 'acp', command: [...(scripted({}).command ?? []), file] });
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
	});
	afterEach(() => swarm.dispose());

	/** The same call twenty times over. */
	const loop: readonly Step[] = Array.from({ length: 20 }, (_each, index): Step[] => {
		const call = { do: 'tool', id: `call ${index}`, title: 'make test', kind: 'execute' } as const;
		return [
			{ ...call, status: 'in_progress' },
			{ ...call, isUpdate: true, status: 'failed', output: 'Error: no such target' },
		];
	}).flat();
	const drifted = () => swarm.ledger.read((reader) => reader.events({ types: ['run.drifted'] }));
	const logOf = async (attempt: number): Promise<string> => {
		const run = (await swarm.runs('A')).find((each) => each.attempt === attempt);
		return readFileSync(join(swarm.folder, run?.log_file ?? ''), 'utf8');
	};

	it('is reminded, told its task again, begun anew, relieved, and then a person is asked, who has the last word', async () => {
		const turn: Step[] = [{ do: 'sayPrompt' }, ...loop, { do: 'hang' }];
		follow({ turn, laterTurns: turn });
		await swarm.add('A', [], { params: {}, name: 'Build the bridge', max_attempts: 1 });
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.equal(task.status, 'BLOCKED');
		assert.equal(task.block_reason?.kind, 'needs_input');
		assert.match(task.block_reason?.text ?? '', /Tester lost its way in A/u);
		assert.match(task.notes, /Left by Tester[\s\S]*make test/u);
		const events = await drifted();
		assert.deepEqual(
			events.map(({ data }) => data?.['step']),
			driftRungs,
		);
		for (const { data } of events) {
			assert.ok(typeof data?.['score'] === 'number' && data['score'] >= 0.6);
			assert.ok(Array.isArray(data['reasons']) && data['reasons'].length > 0);
		}
		const runs = (await swarm.runs('A')).toSorted((left, right) => left.attempt - right.attempt);
		assert.deepEqual(
			runs.map(({ state, drift }) => [state, drift?.step]),
			[
				['released', 'release'],
				['blocked', 'ask'],
			],
		);
		const log = await logOf(1);
		assert.match(log, /it looks as if you do not get on with your task/u);
		assert.match(log, /This is the task again/u);
		assert.match(log, /An earlier session worked on this and lost its way/u);
		assert.ok((log.match(/Build the bridge/gu) ?? []).length >= 3, 'the task is told three times');

		follow({
			turn: [
				{ do: 'write', path: 'bridge.txt', content: 'bridge\n' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'unblock', reason: 'use the other target' }),
		);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal((await drifted()).length, driftRungs.length, 'nothing more was done');
	});

	it('goes on in the session it has when the reminder helps, and its score is on the run', async () => {
		follow({
			turn: [...loop, { do: 'hang' }],
			laterTurns: [
				{ do: 'sayPrompt' },
				{ do: 'write', path: 'b.txt', content: 'b\n' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.add('A', [], { params: {} });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.deepEqual(
			(await drifted()).map(({ data }) => data?.['step']),
			['remind'],
		);
		const [run] = await swarm.runs('A');
		assert.equal(run?.drift?.step, 'remind');
		assert.ok((run.drift.reasons[0] ?? '').includes('make test'));
		assert.match(await logOf(1), /You were interrupted: it looks as if you do not get on/u);
	});

	it('is left alone where the settings say so, and so is one that works', async () => {
		swarm.settings = { ...swarm.settings, 'drift.sensitivity': 'off' };
		follow({ turn: [...loop, { do: 'say', text: 'Done.' }] });
		await swarm.add('A', [], { params: {} });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		swarm.settings = { ...swarm.settings, 'drift.sensitivity': 'high' };
		follow({
			turn: [
				...loop.slice(0, 8),
				...Array.from({ length: 30 }, (_each, index): Step[] => [
					{ do: 'write', path: `part${index}.txt`, content: `${index}\n` },
					{
						do: 'tool',
						id: `check-${index}`,
						title: 'make test',
						kind: 'execute',
						status: index < 29 ? 'failed' : 'completed',
						output: `${29 - index} failures`,
					},
				]).flat(),
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.add('B', [], { params: {} });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('B')).status, 'COMPLETED');
		assert.deepEqual(await drifted(), []);
	});

	it('is not looked for where an agent is a command', async () => {
		await swarm.ledger.write(person, (transaction) => transaction.putAgent(buildAgent('Tester')));
		await swarm.add(
			'A',
			Array.from({ length: 30 }, () => 'true'),
		);
		await swarm.workUntilIdle();
		const [run] = await swarm.runs('A');
		assert.deepEqual([run?.state, run?.drift], ['completed', null]);
	});
});
