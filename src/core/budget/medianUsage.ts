// Owns the guess what a task will take: the median of runs that are over, of the same kind of work and the same agent where there are
// some. It is no promise, and says what it rests on.

import { countOf, formatDuration } from '../../base/words.ts';
import { quantile } from '../figures/figure.ts';
import type { RunUsage } from './liveUsage.ts';
import { formatCount, formatMoney, tokensOf } from './usage.ts';

export interface UsageEstimate {
	readonly tokens: number;
	/** null where none of the runs told a cost in this currency. */
	readonly cost: number | null;
	readonly currency: string;
	readonly milliseconds: number;
	readonly turns: number;
	/** How many runs it is the median of. */
	readonly runs: number;
	/** Which runs: `Agent-1 on tasks of type fix`. */
	readonly of: string;
}

export interface EstimateFacts {
	/** Runs that are over. */
	readonly runs: readonly RunUsage[];
	readonly typeOf: (taskId: string) => string | undefined;
	readonly currency: string;
}

/** Fewer say nothing. */
const fewestRuns = 3;

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? 0;

/** The narrowest group of earlier runs that is large enough; undefined where none is: then nobody knows. */
export function estimateUsage(
	{ runs, typeOf, currency }: EstimateFacts,
	{ type, agentId }: { readonly type: string; readonly agentId: string | undefined },
): UsageEstimate | undefined {
	const ofType = (run: RunUsage) => typeOf(run.task_id) === type;
	const ofAgent = (run: RunUsage) => run.agent_id === agentId;
	const groups: (readonly [string, readonly RunUsage[]])[] = [
		[`${agentId ?? ''} on tasks of type "${type}"`, runs.filter((run) => ofAgent(run) && ofType(run))],
		[`tasks of type "${type}"`, runs.filter(ofType)],
		[`${agentId ?? ''} on any task`, runs.filter(ofAgent)],
	];
	const found = groups.find(([, group]) => group.length >= fewestRuns);
	if (found === undefined) {
		return undefined;
	}
	const [of, group] = found;
	const costs = group.flatMap(({ usage }) => usage.costs[currency] ?? []);
	return {
		tokens: median(group.map(({ usage }) => tokensOf(usage))),
		cost: costs.length < fewestRuns ? null : median(costs),
		currency,
		milliseconds: median(group.map(({ usage }) => usage.milliseconds)),
		turns: median(group.map(({ usage }) => usage.turns)),
		runs: group.length,
		of,
	};
}

/** `about 12,000 tokens, 0.05 USD, 2 min (median of 5 runs: Agent-1 on tasks of type "fix")`. */
export function describeEstimate(estimate: UsageEstimate | undefined): string {
	if (estimate === undefined) {
		return `unknown: fewer than ${fewestRuns} such runs are over`;
	}
	const { tokens, cost, currency, milliseconds, runs, of } = estimate;
	const money = cost === null ? '' : `, ${formatMoney(cost, currency)}`;
	return `about ${formatCount(tokens)} tokens${money}, ${formatDuration(milliseconds)} (median of ${countOf(runs, 'run')}: ${of})`;
}
