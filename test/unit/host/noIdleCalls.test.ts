// Checks that no model is asked anything for waiting: a host with blocked tasks, dependent tasks, a budget that is used up, an empty
// queue and a paused run looks at all of it for hours of its clock, and no agent is started or told anything.

import assert from 'node:assert/strict';
import { pauseRun, resumeRun } from '../../../src/core/run/steerRun.ts';
import type { Driver, DriverOutcome } from '../../../src/core/driver/driver.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

const hour = 3_600_000;

/** A clock that runs as the machine's does, and can be put on; it counts how often it is looked at. */
class ForwardClock implements Clock {
	looks = 0;
	private ahead = 0;

	now(): number {
		this.looks += 1;
		return systemClock.now() + this.ahead;
	}

	monotonic(): number {
		return systemClock.monotonic() + this.ahead;
	}

	forward(milliseconds: number): void {
		this.ahead += milliseconds;
	}
}

/** Stands for an agent with a paid model: it counts what it is told, and its turns last until they are cut. */
function countingDriver() {
	const counts = { starts: 0, prompts: 0 };
	const driver: Driver = {
		id: 'acp',
		title: 'counting',
		isSteerable: true,
		refusal: () => undefined,
		start(job) {
			counts.starts += 1;
			let cancel: () => void = () => undefined;
			const cancelled = new Promise<'cancelled'>((resolve) => {
				cancel = () => resolve('cancelled');
			});
			const work = async (): Promise<DriverOutcome> => {
				await job.steering?.next('start');
				for (;;) {
					counts.prompts += 1;
					const cut = new Promise<'cut'>((resolve) => job.steering?.onCut(() => resolve('cut')));
					if ((await Promise.race([cut, cancelled])) === 'cancelled') {
						return { kind: 'cancelled' };
					}
					const next = await Promise.race([job.steering?.next('cut'), cancelled]);
					if (next === undefined || next === 'cancelled') {
						return { kind: 'cancelled' };
					}
					next.onHeard();
				}
			};
			return {
				outcome: work(),
				cancel: async () => cancel(),
			};
		},
	};
	return { counts, drivers: new Map([[driver.id, driver]]) };
}

describe('a host that waits', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	/** Lets the host look around for hours of its clock. */
	const wait = async (clock: ForwardClock, hours: number) => {
		for (let passed = 0; passed < hours; passed += 1) {
			clock.forward(hour);
			const before = clock.looks;
			await swarm.until(() => clock.looks > before + 4, 'the host looks around');
		}
	};

	it('asks no model anything, whatever it waits for, and however long', async () => {
		const agents = [buildAgent('Agent-1', { driver: 'acp' }), buildAgent('Agent-2', { driver: 'acp' })];
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents });
		swarm.settings = { ...swarm.settings, 'budgets.task': { turns: 2 } };
		const { counts, drivers } = countingDriver();
		const clock = new ForwardClock();
		await swarm.tell(true);
		const host = await swarm.lead({ clock, drivers });

		await wait(clock, 4);
		assert.deepEqual(counts, { starts: 0, prompts: 0 }, 'an empty queue');

		await swarm.ledger.write(person, async (transaction) => {
			const turn = { run_id: 'run-0', task_id: 'NoBudget', agent_id: 'Agent-1', cost: null, currency: null };
			const tokens = {
				input_tokens: 1,
				output_tokens: 1,
				cached_tokens: 0,
				milliseconds: 1,
				is_estimated: false,
			};
			await transaction.insertUsage({ ...turn, ...tokens });
			await transaction.insertUsage({ ...turn, ...tokens });
		});
		await swarm.add('NoBudget', [], { params: {} });
		await swarm.add('Blocked', [], { params: {}, assigned_agent: 'Nobody' });
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, {
				taskId: 'Blocked',
				move: 'block',
				reason: 'a key is missing',
				patch: { block_reason: { kind: 'needs_input', text: 'a key is missing' } },
			}),
		);
		await swarm.add('Waits', [], { params: {}, dependencies: ['Blocked'] });
		await swarm.add('ForAnother', [], { params: {}, required_capabilities: ['cobol'] });
		await wait(clock, 6);
		assert.deepEqual(counts, { starts: 0, prompts: 0 }, 'blocked, dependent, unable, without budget');

		await swarm.add('Paused', [], { params: {} });
		await swarm.until(() => counts.prompts === 1, 'an agent was told its task');
		const steer = (change: typeof pauseRun) =>
			swarm.ledger.write(person, async (transaction) => {
				const [run] = await transaction.runs({ task_id: 'Paused' });
				assert.ok(run !== undefined);
				await change(transaction, run);
			});
		await steer(pauseRun);
		await swarm.until(
			async () => (await swarm.ledger.read((reader) => reader.usage({ task_id: 'Paused' }))).length === 1,
			'its turn is over',
		);
		await wait(clock, 6);
		assert.deepEqual(counts, { starts: 1, prompts: 1 }, 'a paused run, and the tasks beside it');
		await steer(resumeRun);
		await swarm.until(() => counts.prompts === 2, 'it is told to go on, which shows that the count counts');
		await host.stop();
	});
});
