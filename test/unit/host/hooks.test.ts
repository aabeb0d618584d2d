// Checks hooks after events, in whole swarms: order, stdin, failures, a flood of output, a hook that hangs, guards before what
// agents do, and hosts that die between an event and its hook.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../../src/base/json.ts';
import { runtimePaths } from '../../../src/core/paths.ts';
import { factKeys, leaseNames } from '../../../src/core/swarmFacts.ts';
import { advanceTask, claimTask } from '../../../src/core/task/advanceTask.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { killAllWith, processesWith } from '../../support/livingProcesses.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { person, TemporarySwarm } from '../../support/temporarySwarm.ts';

const patience = 40_000;

describe('hooks', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();
	const mark = `sleep 71.${process.pid}`;
	let swarm: TemporarySwarm;
	let out: string;
	beforeEach(async () => {
		const root = folders.make();
		out = join(root, 'out');
		swarm = await TemporarySwarm.create(root, { 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
	});
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});
	const lines = () =>
		existsSync(out)
			? readFileSync(out, 'utf8')
					.split('\n')
					.filter((line) => line !== '')
			: [];
	const failures = async () => (await swarm.events()).filter(({ type }) => type === 'hook.failed');
	const place = async () => {
		const fact = await swarm.ledger.read((reader) => reader.fact(factKeys.hooks));
		return isJsonObject(fact) && typeof fact['sequence'] === 'number' ? fact['sequence'] : -1;
	};
	/** A person does a task; returns the sequence of its last event. */
	const doByHand = async (taskId: string) => {
		await swarm.ledger.write(person, async (transaction) => {
			await claimTask(transaction, { taskId, worker: 'ann', driver: 'human', hostId: null, now: Date.now() });
			await advanceTask(transaction, { taskId, move: 'complete' });
		});
		return swarm.ledger.read((reader) => reader.sequence());
	};
	const ran = (...ids: readonly string[]) =>
		swarm.until(() => lines().join(' ') === ids.join(' '), `hooks were run for ${ids.join(' ')}`, patience);

	it('are run after their events, in the order of events and file, with the event on stdin', async () => {
		const copy = `process.stdin.on('data', (text) => { const e = JSON.parse(text); require('fs').appendFileSync(${JSON.stringify(out)}, [e.type, e.data.to, e.task.status, process.env.DREAMOS_TASK_ID, process.cwd()].join(' ') + '\\n'); })`;
		swarm.hook(
			{ on: ['task.completed', 'run.opened'], command: `echo "1 $DREAMOS_EVENT $DREAMOS_TASK_ID" >> ${out}` },
			{ on: 'task.completed', command: [process.execPath, '-e', copy] },
		);
		await swarm.add('A', ['echo x > a.txt']);
		await swarm.workUntilIdle(patience);
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.deepEqual(lines(), [
			'1 run.opened A',
			'1 task.completed A',
			`task.moved COMPLETED COMPLETED A ${swarm.folder}`,
		]);
		assert.deepEqual(await failures(), []);
	});

	it('block nothing: one that fails, floods or hangs is told, and the next are run', async () => {
		await swarm.tell(true);
		swarm.hook(
			{ on: 'task.completed', command: 'echo no such luck; exit 4', name: 'fails' },
			{ on: 'task.completed', command: 'yes flood | head -c 3000000; exit 1', name: 'floods' },
			{ on: 'task.completed', command: `${mark} & ${mark}`, timeout_seconds: 0.5, name: 'hangs' },
			{ on: 'task.completed', command: 'no-such-program-at-all', name: 'missing' },
			{ on: 'task.completed', command: ['/nowhere/at/all'], name: 'absent' },
			{ on: '*', command: `echo "$DREAMOS_EVENT" >> ${out}` },
		);
		await swarm.lead();
		await swarm.until(async () => (await place()) > 0, 'the host follows hooks', patience);
		await swarm.add('A', ['true']);
		await swarm.statusIs('A', 'COMPLETED', patience);
		await swarm.until(async () => (await failures()).length >= 5, 'all faults are told', patience);
		const told = await failures();
		assert.deepEqual(
			told.map(({ message }) => /^hook (\w+)/u.exec(message)?.[1]),
			['fails', 'floods', 'hangs', 'missing', 'absent'],
		);
		assert.match(told[0]?.message ?? '', /exit code 4 for task\.completed\. It said: no such luck/u);
		assert.ok(JSON.stringify(told[1]).length < 20_000, 'of a flood only the end is kept');
		assert.match(told[2]?.message ?? '', /not done after 0\.5 s \(timeout_seconds/u);
		assert.deepEqual(
			told.map(({ task_id: id }) => id),
			['A', 'A', 'A', 'A', 'A'],
		);
		assert.deepEqual(processesWith(mark), []);
		await swarm.until(() => lines().includes('task.completed'), 'the last hook was run', patience);
		assert.equal(
			lines().some((line) => line.startsWith('hook.')),
			false,
			'no hook is run for hooks',
		);
	});

	it('begin with what happens from now on, and go on where the last host stopped', async () => {
		swarm.hook({ on: 'task.completed', command: `echo "$DREAMOS_TASK_ID" >> ${out}` });
		await swarm.add('old', ['true']);
		await doByHand('old');
		await swarm.tell(true);
		const first = await swarm.lead();
		await swarm.until(async () => (await place()) > 0, 'the place is written', patience);
		await swarm.add('one', ['true'], { assigned_agent: 'ann' });
		await doByHand('one');
		await ran('one');
		await first.stop();
		// Nobody is there: what happens now waits for the next host.
		await swarm.add('two', ['true'], { assigned_agent: 'ann' });
		await doByHand('two');
		const second = await swarm.lead();
		await ran('one', 'two');
		await second.stop();
		const end = await swarm.ledger.read((reader) => reader.sequence());
		assert.equal(await place(), end - 1, 'all but its own end');
		// After a week without a host nobody wants a flood of what is long over.
		await swarm.add('three', ['true'], { assigned_agent: 'ann' });
		await doByHand('three');
		const week = 7 * 24 * 3_600_000;
		const late = await swarm.lead({ clock: { ...systemClock, now: () => Date.now() + week } });
		await swarm.until(() => swarm.lines.some((line) => line.includes('older than 1 d')), 'it is told', patience);
		await late.stop();
		assert.deepEqual(lines(), ['one', 'two']);
	});

	it('are lost by no killed host, and run by one of two; what a dead host left running is ended', async function () {
		this.timeout(300_000);
		const go = `${out}.go`;
		swarm.hook({
			on: 'task.completed',
			command: `echo "$DREAMOS_TASK_ID" >> ${out}; test -e ${go} || (setsid ${mark} & ${mark})`,
			timeout_seconds: 600,
		});
		await swarm.tell(true);
		const hosts = [swarm.spawnHost(), swarm.spawnHost()];
		const lease = await swarm.leader(120_000);
		await swarm.until(async () => (await place()) > 0, 'the place is written', patience);
		await swarm.add('A', ['true'], { assigned_agent: 'ann' });
		await doByHand('A');
		await swarm.until(() => processesWith(mark).length >= 2, 'the hook hangs', patience);
		const leading = hosts.find(({ child }) => child.pid === lease.data['pid']);
		leading?.child.kill('SIGKILL');
		await leading?.exited;
		writeFileSync(go, '');
		await swarm.until(
			async () => {
				const now = await swarm.ledger.read((reader) => reader.lease(leaseNames.host));
				return now !== undefined && now.data['pid'] !== lease.data['pid'];
			},
			'the other leads',
			patience,
		);
		// Once by the host that died, once more by its heir.
		await ran('A', 'A');
		await swarm.until(() => processesWith(mark).length === 0, 'nothing of the dead host is left', patience);
	});

	it('are run before the swarm counts as idle, so that none is cut off by a host that ends then', async () => {
		swarm.hook({ on: 'task.completed', command: `sleep 6; echo "$DREAMOS_TASK_ID" >> ${out}` });
		await swarm.add('A', ['true']);
		await swarm.workUntilIdle(patience);
		assert.deepEqual(lines(), ['A']);
	});

	it('do not hold up a host that stops for long; the hook is run again by the next', async () => {
		swarm.hook({
			on: 'task.completed',
			command: `echo "$DREAMOS_TASK_ID" >> ${out}; ${mark}`,
			timeout_seconds: 600,
		});
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(async () => (await place()) > 0, 'the place is written', patience);
		await swarm.add('A', ['true'], { assigned_agent: 'ann' });
		const sequence = await doByHand('A');
		await swarm.until(() => processesWith(mark).length > 0, 'the hook hangs', patience);
		await host.stop();
		assert.deepEqual(processesWith(mark), []);
		assert.ok((await place()) < sequence);
		assert.deepEqual(await failures(), [], 'it was stopped, it did not fail');
	});

	it('as guards keep agents from claiming and from completing; the attempt counts as failed and says why', async () => {
		swarm.settings = { ...swarm.settings, 'tasks.maxAttempts': 1 };
		swarm.hook(
			{ on: 'task.claim', command: 'test "$DREAMOS_TASK_ID" != B', guard: true, name: 'who' },
			{ on: 'task.completed', command: 'echo not good enough; exit 1', guard: true, name: 'quality' },
		);
		await swarm.add('A', ['true']);
		await swarm.add('B', ['true']);
		await swarm.workUntilIdle(patience);
		const [a, b] = [await swarm.task('A'), await swarm.task('B')];
		assert.deepEqual([a.status, b.status], ['FAILED', 'READY']);
		const refusals = (await swarm.events()).filter(({ type }) => type === 'hook.refused');
		const asked = refusals.map(({ task_id: id }) => id);
		assert.deepEqual(
			[asked.length, new Set(asked)],
			[2, new Set(['A', 'B'])],
			'and nobody is asked again and again',
		);
		assert.match((await swarm.runs('A'))[0]?.reason ?? '', /not good enough/u);
	});

	it('as guards are asked before a change lands: refused, it does not, and is kept', async () => {
		swarm.hook({ on: 'task.completed', command: 'exit 1', guard: true });
		await swarm.add('A', ['echo changed > a.txt']);
		await swarm.workUntilIdle(patience);
		const task = await swarm.task('A');
		assert.deepEqual([task.status, swarm.shown('a.txt')], ['BLOCKED', 'a\n']);
		assert.match(task.block_reason?.text ?? '', /Refused to complete A/u);
		assert.equal(existsSync(join(swarm.folder, runtimePaths.hooks)), true);
		swarm.hook();
		await swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'unblock' }));
		await swarm.workUntilIdle(patience);
		assert.deepEqual([(await swarm.task('A')).status, swarm.shown('a.txt')], ['COMPLETED', 'changed\n']);
	});
});
