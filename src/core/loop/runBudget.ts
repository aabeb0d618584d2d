// Owns that a run stops when a budget is used up, or when it burns turns and tokens without changing a file: looked at before each
// turn, and while one goes on. A turn under way is cut short in order, so that a checkpoint is made of it.

import { isSpent, needsBudget } from '../budget/budget.ts';
import type { SteeringDoor } from '../driver/driver.ts';
import type { HostBudget } from './hostBudget.ts';
import type { RunEnding } from './runEnding.ts';
import type { RunProgressParts } from './runProgress.ts';
import { RunProgress } from './runProgress.ts';
import type { TurnAccount } from './turnAccount.ts';

export interface RunBudgetParts extends Omit<RunProgressParts, 'account'> {
	readonly budget: HostBudget;
	readonly account: TurnAccount;
	/** A line of the run's log. */
	readonly onSaid: (line: string) => void;
}

const lookMilliseconds = 1000;

export class RunBudget {
	private readonly parts: RunBudgetParts;
	private ending: RunEnding | undefined;
	/** The agent's work is not over by itself: it was not given its next turn, or its turn was cut. */
	private hasStopped = false;
	private cut: (() => void) | undefined;
	private readonly progress: RunProgress;

	constructor(parts: RunBudgetParts) {
		this.parts = parts;
		this.progress = new RunProgress(parts);
	}

	/** How the run ends because of it; undefined when it does not. */
	get verdict(): RunEnding | undefined {
		return this.hasStopped ? this.ending : undefined;
	}

	/** Whether the first turn may begin. */
	async mayBegin(): Promise<boolean> {
		await this.parts.budget.refresh();
		this.look();
		this.hasStopped = this.ending !== undefined;
		return !this.hasStopped;
	}

	/** Looks while turns go on, until disposed. */
	watch(): { dispose(): void } {
		const { budget, account } = this.parts;
		const watched = budget.watch(() => account.running);
		const timer = setInterval(() => {
			this.look();
			this.cutWhenOver();
			void this.progress.duringTurn().then((idle) => {
				// The turn may have ended by itself meanwhile: what follows it is for the next look.
				if (idle !== undefined && this.cut !== undefined) {
					this.stopIdle(idle);
					this.cutWhenOver();
				}
			});
		}, lookMilliseconds);
		return {
			dispose: () => {
				clearInterval(timer);
				watched.dispose();
			},
		};
	}

	/** The same door, without a next turn where nothing pays for it. A turn is written down before it is asked. */
	around(door: SteeringDoor): SteeringDoor {
		return {
			onCut: (listener) => {
				const inner = door.onCut(listener);
				this.cut = () => {
					this.cut = undefined;
					listener();
				};
				return {
					dispose: () => {
						this.cut = undefined;
						inner.dispose();
					},
				};
			},
			next: async (moment) => {
				if (moment === 'cut' && this.ending !== undefined) {
					return undefined;
				}
				// The work is over by itself, whatever it took.
				this.hasStopped = false;
				const said = await door.next(moment);
				if (said === undefined) {
					return undefined;
				}
				const idle = moment === 'start' ? undefined : await this.progress.afterTurn();
				if (idle !== undefined) {
					this.stopIdle(idle);
				}
				await this.parts.budget.refresh();
				this.look();
				this.hasStopped = this.ending !== undefined;
				return this.hasStopped ? undefined : said;
			},
		};
	}

	private cutWhenOver(): void {
		if (this.ending !== undefined && this.cut !== undefined) {
			this.hasStopped = true;
			this.cut();
		}
	}

	/** A budget that is used up stays a reason, until the run is over. */
	private look(): void {
		const { budget, run, onSaid } = this.parts;
		if (this.ending !== undefined) {
			return;
		}
		const spent = budget.statesOf(run).find(isSpent);
		if (spent === undefined) {
			return;
		}
		const reason = needsBudget(spent);
		onSaid(`The run is stopped: it ${reason}`);
		this.ending =
			spent.scope === 'task'
				? { kind: 'failed', code: 'budget.spent', reason, isTransient: true }
				: { kind: 'stopped', stop: { kind: 'release', reason, code: 'budget.spent' } };
	}

	private stopIdle(reason: string): void {
		if (this.ending === undefined) {
			this.parts.onSaid(`The run is stopped: ${reason}`);
			this.ending = { kind: 'failed', code: 'budget.noProgress', reason, isTransient: true };
		}
	}
}
