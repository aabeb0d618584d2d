// Owns what work takes: tokens, money, time, turns; how it is added up and said. Counts of an agent stand beside counts that were
// estimated, and a sum with one of those in it is marked.

import { countOf, formatDuration } from '../../base/words.ts';
import type { LedgerReader, UsageFilter } from '../ledger.ts';
import type { TaskResult } from '../task/task.ts';

/** One turn of an agent. */
export interface TurnUsage {
	readonly run_id: string;
	readonly task_id: string;
	readonly agent_id: string;
	/** When it ended, as the ledger stamped it. */
	readonly at: string;
	/** Tokens the model read anew. */
	readonly input_tokens: number;
	/** Tokens the model wrote, thoughts with them. */
	readonly output_tokens: number;
	/** Tokens the model had read before; they cost little, and no budget counts them. */
	readonly cached_tokens: number;
	/** null where the agent tells none. */
	readonly cost: number | null;
	/** Such as `USD`; null where there is no cost. */
	readonly currency: string | null;
	/** Without the time in which it waited for a person. */
	readonly milliseconds: number;
	/** The tokens were worked out from the length of the text, because the agent told none. */
	readonly is_estimated: boolean;
}

/** As the ledger keeps it; ordinals only grow. */
export interface StoredTurnUsage extends TurnUsage {
	readonly ordinal: number;
}

/** Of several turns. */
export interface Usage {
	readonly turns: number;
	readonly input_tokens: number;
	readonly output_tokens: number;
	readonly cached_tokens: number;
	/** By currency: nobody here knows what one is worth in another. Empty where no cost was told. */
	readonly costs: Readonly<Record<string, number>>;
	readonly milliseconds: number;
	/** Tokens of at least one turn were estimated. */
	readonly is_estimated: boolean;
}

export const noUsage: Usage = {
	turns: 0,
	input_tokens: 0,
	output_tokens: 0,
	cached_tokens: 0,
	costs: {},
	milliseconds: 0,
	is_estimated: false,
};

type Measured = Omit<TurnUsage, 'run_id' | 'task_id' | 'agent_id' | 'at'>;

export function addTurn(sum: Usage, turn: Measured): Usage {
	const { cost, currency } = turn;
	const costs =
		cost === null ? sum.costs : { ...sum.costs, [currency ?? '']: (sum.costs[currency ?? ''] ?? 0) + cost };
	return {
		turns: sum.turns + 1,
		input_tokens: sum.input_tokens + turn.input_tokens,
		output_tokens: sum.output_tokens + turn.output_tokens,
		cached_tokens: sum.cached_tokens + turn.cached_tokens,
		costs,
		milliseconds: sum.milliseconds + turn.milliseconds,
		is_estimated: sum.is_estimated || turn.is_estimated,
	};
}

export const sumTurns = (turns: readonly Measured[]): Usage => turns.reduce(addTurn, noUsage);

/** What budgets count as tokens. */
export const tokensOf = (usage: Pick<Usage, 'input_tokens' | 'output_tokens'>): number =>
	usage.input_tokens + usage.output_tokens;

/** Midnight where this program runs, wall time in milliseconds: a day is a person's day. */
export const startOfDay = (now: number): number => new Date(now).setHours(0, 0, 0, 0);

/** `1,234,567`, in every language the same: it is read by programs, too. */
export const formatCount = (count: number): string => String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');

/** `0.0312 USD`: a cent's fraction counts where a turn costs one. */
export const formatMoney = (amount: number, currency: string): string =>
	`${Number(amount.toFixed(amount < 1 ? 4 : 2))} ${currency}`.trim();

/** `3 turns, 12,000 tokens (estimated), 0.05 USD, 2 min`. */
export function describeUsage(usage: Usage): string {
	if (usage.turns === 0) {
		return 'nothing yet';
	}
	const cached = usage.cached_tokens === 0 ? '' : ` and ${formatCount(usage.cached_tokens)} from the cache`;
	return [
		countOf(usage.turns, 'turn'),
		`${formatCount(tokensOf(usage))} tokens${cached}${usage.is_estimated ? ' (estimated)' : ''}`,
		...Object.entries(usage.costs).map(([currency, amount]) => formatMoney(amount, currency)),
		formatDuration(usage.milliseconds),
	].join(', ');
}

/** What was used, and turn by turn. */
export async function readUsage(
	reader: LedgerReader,
	filter: UsageFilter,
): Promise<{ readonly usage: Usage; readonly turns: readonly StoredTurnUsage[] }> {
	const turns = await reader.usage(filter);
	return { usage: sumTurns(turns), turns };
}

/** What a task took, as its result shows it; nothing where no agent with a model worked on it. */
export function resultOfUsage(usage: Usage): Pick<TaskResult, 'tokens' | 'cost'> {
	if (usage.turns === 0) {
		return {};
	}
	const [[currency, amount] = [], ...others] = Object.entries(usage.costs);
	return {
		tokens: {
			input: usage.input_tokens,
			output: usage.output_tokens,
			...(usage.is_estimated ? { estimated: true } : {}),
		},
		// Money of several currencies has no sum.
		...(amount === undefined || others.length > 0 ? {} : { cost: { amount, currency } }),
	};
}
