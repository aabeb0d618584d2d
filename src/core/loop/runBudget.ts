// Owns that a run stops when a budget is used up, or when it burns turns and tokens without changing a file: looked at before each
// turn, and while one goes on. A turn under way is cut short in order, so that a checkpoint is made of it.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { countOf } from '../../base/words.ts';
import { isSpent, needsBudget } from '../budget/budget.ts';
import { formatCount, sumTurns, tokensOf } from '../budget/usage.ts';
import type { SteeringDoor } from '../driver/driver.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { HostBudget } from './hostBudget.ts';
import type { RunEnding } from './runEnding.ts';
import type { TurnAccount } from './turnAccount.ts';

export interface RunBudgetParts {
	readonly budget: HostBudget;
	readonly git: Pick<Git, 'commitState' | 'changes'>;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly run: Run;
	readonly account: TurnAccount;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** Commit the worktree began with. */
	readonly base: () => string | undefined;
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
	/** The worktree after the turn before, and what was used since it last changed. */
	private state: string | undefined;
	private unchanged = { turns: 0, tokens: 0 };

	constructor(parts: RunBudgetParts) {
		this.parts = parts;
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
			if (this.ending !== undefined && this.cut !== undefined) {
				this.hasStopped = true;
				this.cut();
			}
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
				if (moment !== 'start') {
					await this.noteProgress();
				}
				await this.parts.budget.refresh();
				this.look();
				this.hasStopped = this.ending !== undefined;
				return this.hasStopped ? undefined : said;
			},
		};
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

	/** After a turn that is followed by another: has it changed anything in the worktree? */
	private async noteProgress(): Promise<void> {
		const { settings, onSaid, log, run, account } = this.parts;
		const { 'budgets.unchangedTurns': turns, 'budgets.unchangedTokens': tokens } = settings();
		if (turns === 0 && tokens === 0) {
			return;
		}
		try {
			if (await this.hasChanged()) {
				this.unchanged = { turns: 0, tokens: 0 };
				return;
			}
		} catch (error) {
			log.warn(`${run.run_id}: whether it changes anything was not looked at: ${describeError(error)}`);
			return;
		}
		const last = account.last === undefined ? 0 : tokensOf(sumTurns([account.last]));
		this.unchanged = { turns: this.unchanged.turns + 1, tokens: this.unchanged.tokens + last };
		const isIdle = (turns > 0 && this.unchanged.turns >= turns) || (tokens > 0 && this.unchanged.tokens >= tokens);
		if (isIdle) {
			const reason = `${countOf(this.unchanged.turns, 'turn')} with ${formatCount(this.unchanged.tokens)} tokens changed no file of its worktree (dreamos.budgets.unchangedTurns ${turns}, unchangedTokens ${formatCount(tokens)})`;
			onSaid(`The run is stopped: ${reason}`);
			this.ending = { kind: 'failed', code: 'budget.noProgress', reason, isTransient: true };
		}
	}

	private async hasChanged(): Promise<boolean> {
		const { git, folder, base } = this.parts;
		const began = base();
		if (began === undefined) {
			return true;
		}
		const before = this.state ?? began;
		this.state = await git.commitState(folder, { base: began, message: () => 'a turn', ignoredBytes: 0 });
		return (await git.changes(before, this.state, excludedPaths)).length > 0;
	}
}
