// Checks what people tell a swarm as a whole: stand still and go on, end what runs and begin nothing new, end everything at once.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAction } from '../../../src/core/actions/catalogue.ts';
import { isIdle } from '../../../src/core/loop/idle.ts';
import type { ActionContext } from '../../../src/core/actions/action.ts';
import { readSwarmFact } from '../../../src/core/swarmFacts.ts';
import { scripted } from '../../support/driverJobs.ts';
import { killAllWith, processesWith } from '../../support/livingProcesses.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('a swarm as a whole', () => {
	const folders = useTemporaryFolders();
	const mark = `sleep 93.${process.pid}`;
	let swarm: TemporarySwarm;
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});

	/** Performs an action beside a host that leads here; `stopped` tells when it has stopped. */
	const perform = async (id: string, stopped?: Promise<unknown>): Promise<unknown> => {
		const context = {
			actor: person,
			ledger: swarm.ledger,
			swarm: {
				startedFrom: 'terminal',
				status: async () => ({ isRunning: true }),
				waitUntilStopped: () => stopped,
				refusal: () => undefined,
				ensureHost: async () => ({ isRunning: true }),
			},
			agents: { isSteerable: (driver: string) => driver === 'acp' },
		} as unknown as ActionContext;
		const action = findAction(id);
		assert.ok(action !== undefined, id);
		return action.run(context, {});
	};
	const create = async (agents: readonly ReturnType<typeof buildAgent>[]) => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents });
	};

	it('stands still and goes on: agents are paused, plain steps go to their end, nothing new begins', async () => {
		const begun = join(folders.make(), 'begun');
		const { command = [], env = {} } = scripted({
			turn: [{ do: 'write', path: begun, content: 'begun\n' }, { do: 'hang' }],
			laterTurns: [{ do: 'write', path: 'after.txt', content: 'after\n' }],
		});
		await create([
			buildAgent('Talker', { driver: 'acp', command: [...command], env: { ...env } }),
			buildAgent('Stepper'),
		]);
		await swarm.add('talk', [], { params: {}, assigned_agent: 'Talker' });
		await swarm.add('step', [`${mark} & wait`, 'true'], { assigned_agent: 'Stepper' });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(() => existsSync(begun) && processesWith(mark).length > 0, 'both work');
		const [talking] = await swarm.runs('talk');
		const [stepping] = await swarm.runs('step');
		assert.deepEqual(await perform('swarm.pause'), { paused: [talking?.run_id], going: [stepping?.run_id] });
		killAllWith(mark);
		await swarm.add('later', ['true'], { assigned_agent: 'Stepper' });
		await swarm.until(
			async () =>
				(await swarm.task('step')).claimed_by === null || (await swarm.task('step')).status !== 'IN_PROGRESS',
			'the steps end',
		);
		assert.equal((await swarm.task('talk')).status, 'IN_PROGRESS');
		assert.equal((await swarm.task('later')).status, 'READY');
		const still = (await perform('swarm.start')) as { readonly mode: string; readonly paused: readonly string[] };
		assert.deepEqual([still.mode, still.paused], ['pause', [talking?.run_id]], 'who starts it is told');
		assert.deepEqual(await perform('swarm.resume'), { resumed: [talking?.run_id] });
		await swarm.statusIs('talk', 'COMPLETED');
		await swarm.statusIs('later', 'COMPLETED');
		assert.equal(swarm.shown('after.txt'), 'after\n');
		await host.stop();
	});

	it('drains: what runs is completed and lands, and then it rests though tasks are ready', async () => {
		await create([buildAgent('Agent-1')]);
		const gate = join(folders.make(), 'go');
		await swarm.add('A', [`while [ ! -e '${gate}' ]; do sleep 0.05; done; echo a > done.txt`]);
		await swarm.add('B', ['echo b > b.txt']);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('A', 'IN_PROGRESS');
		assert.deepEqual(await perform('swarm.drain'), { going: [(await swarm.runs('A'))[0]?.run_id] });
		const since = await swarm.ledger.read((reader) => reader.sequence());
		writeFileSync(gate, '');
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('done.txt'), 'a\n');
		await swarm.until(() => swarm.ledger.read((reader) => isIdle(reader, since)), 'it rests');
		assert.equal((await swarm.task('B')).status, 'READY');
		await perform('swarm.resume');
		await swarm.statusIs('B', 'COMPLETED');
		await host.stop();
	});

	it('ends everything at once, also what ignores signals, keeps its work and gives the tasks back', async () => {
		await create([buildAgent('Agent-1'), buildAgent('Agent-2')]);
		await swarm.add('A', [`echo half > half.txt; trap '' TERM INT; ${mark}; ${mark}; ${mark}`]);
		await swarm.add('B', [`setsid ${mark} & ${mark}`]);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(() => processesWith(mark).length >= 3, 'they work');
		assert.deepEqual(await perform('swarm.stopNow', host.done), { was_running: true });
		assert.deepEqual(processesWith(mark), []);
		assert.deepEqual([(await swarm.task('A')).status, (await swarm.task('B')).status], ['READY', 'READY']);
		const [run] = await swarm.runs('A');
		assert.deepEqual([run?.state, swarm.leftovers()], ['released', [`refs/dreamos/rescue/${run?.run_id ?? ''}`]]);
	});

	it('still stands still when another host takes the place of a killed one; stopped and started, it works', async () => {
		await create([buildAgent('Agent-1')]);
		const mode = async () => (await swarm.ledger.read(readSwarmFact))?.mode;
		await perform('swarm.start');
		await perform('swarm.pause');
		await perform('swarm.start');
		assert.equal(await mode(), 'pause');
		await perform('swarm.stop');
		await perform('swarm.start');
		assert.equal(await mode(), 'work');
	});

	it('refuses to stand still while it is stopped', async () => {
		await create([buildAgent('Agent-1')]);
		await assert.rejects(perform('swarm.pause'), { code: 'swarm.notRunning' });
	});
});
