// Owns writing down what each turn of a run took, as soon as it is over, also of a turn that was cut or broke off. What a turn took
// is spent whoever holds the task by then, so no fence refuses it.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { MeasuredTurn } from '../budget/turnMeter.ts';
import { TurnMeter } from '../budget/turnMeter.ts';
import type { TurnUsage } from '../budget/usage.ts';
import { describeUsage, sumTurns } from '../budget/usage.ts';
import type { DriverUpdate, SteeringDoor } from '../driver/driver.ts';
import type { Clock } from '../ports.ts';
import { timestamp } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { HostLedger } from './hostLedger.ts';
import type { WaitClock } from './waitClock.ts';

export interface TurnAccountParts {
	readonly ledger: HostLedger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly run: Run;
	/** Time in which the run stood still for people is not counted. */
	readonly waits: WaitClock;
}

export class TurnAccount {
	private readonly parts: TurnAccountParts;
	private readonly meter = new TurnMeter();
	/** Monotonic time, less the waits, at which the turn under way began; undefined between turns. */
	private began: number | undefined;
	/** The turn that ended last. */
	last: MeasuredTurn | undefined;

	constructor(parts: TurnAccountParts) {
		this.parts = parts;
	}

	/** The agent is told this in its next turn. */
	say(text: string): void {
		this.meter.say(text);
	}

	/** What the agent says, does and reports. */
	note(update: DriverUpdate): void {
		this.meter.note(update);
	}

	/** What the turn under way has taken so far; undefined between turns. */
	get running(): TurnUsage | undefined {
		const { run, clock } = this.parts;
		return this.began === undefined
			? undefined
			: {
					run_id: run.run_id,
					task_id: run.task_id,
					agent_id: run.worker,
					at: timestamp(clock),
					...this.meter.measure(Math.max(0, Math.round(this.now - this.began))),
				};
	}

	/** The same door, with each turn written down before anything is decided on the next. */
	around(door: SteeringDoor): SteeringDoor {
		return {
			onCut: (listener) => door.onCut(listener),
			next: async (moment) => {
				if (moment !== 'start') {
					await this.close();
				}
				const said = await door.next(moment);
				if (said !== undefined) {
					this.meter.say(said.text);
				}
				if (said !== undefined || moment === 'start') {
					this.began = this.now;
				}
				return said;
			},
		};
	}

	/** The turn under way is over, however it ended. Resolves when it is written down, or could not be; never rejects. */
	async close(): Promise<void> {
		if (this.began === undefined) {
			return;
		}
		const measured = this.meter.measure(Math.max(0, Math.round(this.now - this.began)));
		this.began = undefined;
		this.last = measured;
		this.meter.begin();
		const { ledger, run, log } = this.parts;
		const { run_id, task_id, worker } = run;
		try {
			await ledger.persist(async (transaction) => {
				await transaction.insertUsage({ run_id, task_id, agent_id: worker, ...measured });
				await transaction.append({
					type: 'run.used',
					task_id,
					run_id,
					agent_id: worker,
					message: `${worker} used ${describeUsage(sumTurns([measured]))} on ${task_id}`,
					data: { ...measured },
				});
			});
		} catch (error) {
			log.warn(`${run_id}: what a turn took was not written down: ${describeError(error)}`);
		}
	}

	private get now(): number {
		return this.parts.clock.monotonic() - this.parts.waits.total;
	}
}
