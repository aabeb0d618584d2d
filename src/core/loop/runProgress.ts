// Owns whether a run burns turns and tokens without changing a file: after each turn, and within one once that turn alone has taken as
// many tokens as may go by without a change. It looks at the worktree only then: looking costs a commit.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { countOf } from '../../base/words.ts';
import { formatCount, sumTurns, tokensOf } from '../budget/usage.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { TurnAccount } from './turnAccount.ts';

export interface RunProgressParts {
	readonly git: Pick<Git, 'commitState' | 'changes'>;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly run: Run;
	readonly account: Pick<TurnAccount, 'last' | 'running'>;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** Commit the worktree began with. */
	readonly base: () => string | undefined;
}

export class RunProgress {
	private readonly parts: RunProgressParts;
	/** The worktree when it was last looked at, and what was used in whole turns since it last changed. */
	private state: string | undefined;
	private unchanged = { turns: 0, tokens: 0 };
	/** Tokens of the turn under way up to the last change that was seen in it; undefined where none was. */
	private changedAt: number | undefined;
	private looking: Promise<string | undefined> | undefined;

	constructor(parts: RunProgressParts) {
		this.parts = parts;
	}

	/** After a turn that is followed by another. Why the run burns for nothing; undefined where it does not. */
	async afterTurn(): Promise<string | undefined> {
		await this.looking;
		const { turns, tokens } = this.limits;
		const last = this.parts.account.last === undefined ? 0 : tokensOf(sumTurns([this.parts.account.last]));
		const changedAt = this.changedAt;
		this.changedAt = undefined;
		if (turns === 0 && tokens === 0) {
			return undefined;
		}
		if (await this.hasChanged()) {
			this.unchanged = { turns: 0, tokens: 0 };
			return undefined;
		}
		this.unchanged =
			changedAt === undefined
				? { turns: this.unchanged.turns + 1, tokens: this.unchanged.tokens + last }
				: { turns: 0, tokens: Math.max(0, last - changedAt) };
		const isIdle = (turns > 0 && this.unchanged.turns >= turns) || this.isTooMuch(this.unchanged.tokens);
		return isIdle ? this.describe(countOf(this.unchanged.turns, 'turn'), this.unchanged.tokens) : undefined;
	}

	/** While a turn goes on; asked again and again, it looks once at a time. */
	duringTurn(): Promise<string | undefined> {
		this.looking ??= this.lookWithin().finally(() => (this.looking = undefined));
		return this.looking;
	}

	private async lookWithin(): Promise<string | undefined> {
		const { running } = this.parts.account;
		const taken = running === undefined ? 0 : tokensOf(sumTurns([running]));
		const since = this.changedAt === undefined ? this.unchanged.tokens + taken : taken - this.changedAt;
		if (running === undefined || !this.isTooMuch(since)) {
			return undefined;
		}
		if (await this.hasChanged()) {
			this.changedAt = taken;
			return undefined;
		}
		const { turns } = this.unchanged;
		return this.describe(turns === 0 ? 'a turn' : `${countOf(turns, 'turn')} and one under way`, since);
	}

	private get limits(): { readonly turns: number; readonly tokens: number } {
		const { 'budgets.unchangedTurns': turns, 'budgets.unchangedTokens': tokens } = this.parts.settings();
		return { turns, tokens };
	}

	private isTooMuch(tokens: number): boolean {
		return this.limits.tokens > 0 && tokens >= this.limits.tokens;
	}

	private describe(what: string, used: number): string {
		const { turns, tokens } = this.limits;
		return `${what} with ${formatCount(used)} tokens changed no file of its worktree (dreamos.budgets.unchangedTurns ${turns}, unchangedTokens ${formatCount(tokens)})`;
	}

	/** What cannot be looked at counts as changed: a run is not stopped for that. */
	private async hasChanged(): Promise<boolean> {
		const { git, folder, base, log, run } = this.parts;
		const began = base();
		if (began === undefined) {
			return true;
		}
		try {
			const before = this.state ?? began;
			this.state = await git.commitState(folder, { base: began, message: () => 'a turn', ignoredBytes: 0 });
			return (await git.changes(before, this.state, excludedPaths)).length > 0;
		} catch (error) {
			log.warn(`${run.run_id}: whether it changes anything was not looked at: ${describeError(error)}`);
			return true;
		}
	}
}
