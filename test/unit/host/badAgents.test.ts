// Checks that a host with bad agents ends each of their runs with a code, a reason and the next step, and that everybody else works on.

import assert from 'node:assert/strict';
import type { Agent } from '../../../src/core/agent/agent.ts';
import type { LedgerEvent } from '../../../src/core/events.ts';
import { readHeldAgents } from '../../../src/core/loop/heldAgents.ts';
import { isIdle } from '../../../src/core/loop/idle.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

interface BadAgent {
	readonly id: string;
	readonly parts: Partial<Agent>;
	readonly code: string;
	readonly reason: RegExp;
	/** A task is blocked where a person must act first; tried again, and then failed, where the agent alone is at fault. */
	readonly status: 'BLOCKED' | 'FAILED';
}

const follows = (script: Script): Partial<Agent> => {
	const { command, env } = scripted(script);
	return {
		...(command === undefined ? {} : { command: [...command] }),
		...(env === undefined ? {} : { env: { ...env } }),
	};
};

const badAgents: readonly BadAgent[] = [
	{
		id: 'Missing',
		parts: { command: ['no-such-agent-anywhere'] },
		code: 'agent.notFound',
		reason: /Missing cannot start.*Install it, or correct "command"/su,
		status: 'BLOCKED',
	},
	{
		id: 'Newer',
		parts: follows({ initialize: { answer: { protocolVersion: 2 } } }),
		code: 'agent.protocol',
		reason: /speaks version 2.*Install a version/su,
		status: 'BLOCKED',
	},
	{
		id: 'Stranger',
		parts: follows({ session: { error: { code: -32_000, message: 'Authentication required' } } }),
		code: 'agent.authenticationRequired',
		reason: /is not logged in.*Log in/su,
		status: 'BLOCKED',
	},
	{
		id: 'Dying',
		parts: follows({ start: [{ do: 'exit', code: 3, words: 'no home' }] }),
		code: 'agent.exited',
		reason: /exit code 3.*Start it in a terminal.*no home/su,
		status: 'FAILED',
	},
	{
		id: 'Crashing',
		parts: follows({
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'exit', code: 139 },
			],
		}),
		code: 'agent.exited',
		reason: /exit code 139 while working.*If it happens again/su,
		status: 'FAILED',
	},
	{
		id: 'Chatty',
		parts: { command: ['yes', 'no'] },
		code: 'agent.protocol',
		reason: /prints text where messages.*Check that "command".*Its last words/su,
		status: 'BLOCKED',
	},
	{
		id: 'Roaming',
		parts: follows({
			turn: [{ do: 'ask', title: 'Write /etc/hosts', kind: 'edit', paths: ['/etc/hosts'] }],
			stopReason: 'cancelled',
		}),
		code: 'agent.stopped',
		reason: /not allowed: Write \/etc\/hosts.*Allow it in \.dreamos\/policies\.yaml/su,
		status: 'FAILED',
	},
	{
		id: 'Silent',
		parts: follows({ turn: [] }),
		code: 'agent.silent',
		reason: /without a word.*Try the agent in a terminal/su,
		status: 'FAILED',
	},
];

describe('a host with bad agents', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	it('ends their runs with code, reason and next step, while a good one works on through its tasks', async () => {
		const agents = badAgents.map(({ id, parts }) => buildAgent(id, { driver: 'acp', ...parts }));
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [...agents, buildAgent('Good')] },
		);
		swarm.settings = { ...swarm.settings, 'swarm.maxConcurrentRuns': 4, 'tasks.maxAttempts': 2 };
		for (const { id } of badAgents) {
			await swarm.add(`for-${id}`, [], { params: {}, assigned_agent: id });
		}
		const good = ['g-1', 'g-2', 'g-3'];
		for (const id of good) {
			await swarm.add(id, [`echo ${id} > ${id}.txt`], { assigned_agent: 'Good' });
		}
		await swarm.tell(true);
		const host = await swarm.lead();
		for (const id of good) {
			await swarm.statusIs(id, 'COMPLETED');
			assert.equal(swarm.shown(`${id}.txt`), `${id}\n`);
		}
		for (const { id, code, reason, status } of badAgents) {
			const task = await swarm.statusIs(`for-${id}`, status);
			const runs = await swarm.runs(`for-${id}`);
			const last = runs.at(-1);
			assert.match(last?.reason ?? '', reason, id);
			assert.equal(runs.length, status === 'FAILED' && code !== 'agent.stopped' ? 2 : 1, id);
			assert.equal(await codeOf(last?.run_id ?? ''), code, id);
			if (status === 'BLOCKED') {
				assert.deepEqual(task.block_reason, { kind: 'needs_input', text: last?.reason });
			}
		}
		await host.stop();
		const kept = swarm.leftovers().map((name) => name.replace(/run-.*$/u, 'run'));
		assert.deepEqual(
			new Set(kept),
			new Set(['refs/dreamos/rescue/run']),
			'half a file of the crashed ones is kept',
		);
		assert.ok(swarm.shown('a.txt') === 'a\n' && swarm.shown('half.txt') === undefined);
	});

	it('do not use up the backlog: one that crashes every time is left alone, and what it fails then costs no attempt', async () => {
		const parts = follows({ turn: [{ do: 'exit', code: 139 }] });
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [buildAgent('Crashing', { driver: 'acp', ...parts })] },
		);
		swarm.settings = { ...swarm.settings, 'tasks.maxAttempts': 2 };
		const ids = Array.from({ length: 6 }, (_, index) => `t-${index}`);
		for (const id of ids) {
			await swarm.add(id, [], { params: {} });
		}
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(
			async () => /3 times in a row/u.test((await swarm.ledger.read(readHeldAgents)).get('Crashing') ?? ''),
			'it is left alone',
		);
		const runs = await Promise.all(ids.map((id) => swarm.runs(id)));
		assert.equal(runs.flat().length, 3);
		const statuses = await Promise.all(ids.map(async (id) => (await swarm.task(id)).status));
		assert.deepEqual(new Set(statuses), new Set(['READY']), 'three were tried once, and none has failed');
		await swarm.until(() => swarm.ledger.read((reader) => isIdle(reader, 0)), 'the swarm rests');
		await host.stop();
	});

	it('stay alone when another host takes over, until the swarm is told to work anew', async () => {
		const parts = follows({ turn: [{ do: 'exit', code: 139 }] });
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [buildAgent('Crashing', { driver: 'acp', ...parts })] },
		);
		swarm.settings = { ...swarm.settings, 'tasks.maxAttempts': 9 };
		await swarm.add('A', [], { params: {} });
		await swarm.tell(true);
		const isAlone = async () =>
			/3 times in a row/u.test((await swarm.ledger.read(readHeldAgents)).get('Crashing') ?? '');
		const first = await swarm.lead();
		await swarm.until(isAlone, 'it is left alone');
		await first.stop();
		const since = await swarm.ledger.read((reader) => reader.sequence());
		const second = await swarm.lead();
		await swarm.until(() => swarm.ledger.read((reader) => isIdle(reader, since)), 'the swarm rests');
		assert.ok(await isAlone(), 'the next host leaves it alone too');
		assert.equal((await swarm.runs('A')).length, 3);
		await second.stop();
		await swarm.ledger.write(person, (transaction) =>
			transaction.append({ type: 'swarm.started', message: 'the swarm was told to work' }),
		);
		const third = await swarm.lead();
		await swarm.until(async () => (await swarm.runs('A')).length > 3, 'it is tried again');
		await third.stop();
	});

	it('are left alone with all of their driver, once three of them failed in the same way one after the other', async () => {
		const limited = follows({ turn: [{ do: 'fail', code: 429, message: 'slow down' }] });
		const ids = ['Limited-1', 'Limited-2', 'Limited-3'];
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{
				agents: [
					...ids.map((id) => buildAgent(id, { driver: 'acp', ...limited })),
					buildAgent('Idle', { driver: 'acp', ...follows({}) }),
					buildAgent('Other'),
				],
			},
		);
		for (const id of ids) {
			await swarm.add(`for-${id}`, [], { params: {}, assigned_agent: id });
		}
		await swarm.tell(true);
		const host = await swarm.lead();
		const reasonFor = async (id: string) => (await swarm.ledger.read(readHeldAgents)).get(id);
		await swarm.until(async () => (await reasonFor('Idle')) !== undefined, 'who did nothing is left alone too');
		assert.match(
			(await reasonFor('Idle')) ?? '',
			/all agents of the driver acp[^]*Limited-\d, Limited-\d, Limited-\d failed[^]*holds it back/u,
		);
		assert.equal(await reasonFor('Other'), undefined, 'another driver goes on');
		await host.stop();
	});

	it('are waited for when their service holds them back, which costs no attempt', async () => {
		const parts = follows({ turn: [{ do: 'fail', code: 429, message: 'slow down' }] });
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [buildAgent('Limited', { driver: 'acp', ...parts })] },
		);
		swarm.settings = { ...swarm.settings, 'tasks.maxAttempts': 1 };
		await swarm.add('A', [], { params: {} });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(
			async () =>
				/its model service holds it back/u.test((await swarm.ledger.read(readHeldAgents)).get('Limited') ?? ''),
			'it is left alone',
		);
		// The agent is told of before its run is written down as over.
		await swarm.until(async () => (await swarm.runs('A'))[0]?.state === 'released', 'its run is over');
		assert.equal((await swarm.task('A')).status, 'READY');
		const [run] = await swarm.runs('A');
		assert.deepEqual([run?.state, await codeOf(run?.run_id ?? '')], ['released', 'agent.rateLimited']);
		await host.stop();
	});

	const codeOf = async (runId: string): Promise<unknown> => {
		const events: readonly LedgerEvent[] = await swarm.ledger.read((reader) => reader.events({ run_id: runId }));
		return events.findLast(({ type }) => type === 'run.closed' || type === 'run.changed')?.data?.['code'];
	};
});
