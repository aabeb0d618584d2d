// Owns what follows from each kind of failure: whose fault it is, whether the task pays with an attempt, and whether the agent is left
// alone for a while. One table; every code a run can end with stands in it, or counts as the task's own.

import { gateFailureCodes } from '../gate/gateFailure.ts';

/**
 * `agent`: its program or its model failed, so it gets a pause. `entry`: nothing helps until somebody changes the agent's entry, or it
 * passes a check. `machine`: the same for what all agents need. `person`: somebody has to look at the task. `budget`: it waits until somebody gives it more. `nobody`: it was not tried,
 * so the task pays nothing. `task`: the work itself was not good enough.
 */
export type FailureFault = 'agent' | 'entry' | 'machine' | 'person' | 'budget' | 'nobody' | 'task';

/**
 * When it is tried again by itself. `none`: not before somebody does something. `atOnce`: as soon as an agent is free. `linear`,
 * `exponential`: after a pause that grows so, with some chance in it. `atTime`: when the service said it answers again, else as
 * `exponential`.
 */
export type RetryPolicy = 'none' | 'atOnce' | 'linear' | 'exponential' | 'atTime';

export interface FailureRule {
	/** What it is called in a sentence, such as "its model service holds it back". */
	readonly title: string;
	readonly fault: FailureFault;
	readonly retry: RetryPolicy;
	/** It is no attempt: the service was not there, or the window. */
	readonly isFree?: true;
	/** Seconds of the first pause, where it is longer than after a crash. */
	readonly firstPause?: number;
	readonly codes: readonly string[];
}

const taskRule: FailureRule = { title: 'the work was not good enough', fault: 'task', retry: 'atOnce', codes: [] };

export const failureRules: readonly FailureRule[] = [
	{ title: 'its program ended', fault: 'agent', retry: 'exponential', codes: ['agent.exited', 'driver.hangs'] },
	{
		title: 'its model answered with an error',
		fault: 'agent',
		retry: 'exponential',
		codes: ['agent.failed', 'agent.silent', 'model.failed'],
	},
	{ title: 'it was not done in time', fault: 'agent', retry: 'linear', firstPause: 10, codes: ['agent.timeout'] },
	{
		title: 'its model service is not reached',
		fault: 'agent',
		retry: 'exponential',
		isFree: true,
		firstPause: 5,
		codes: ['agent.network', 'model.network'],
	},
	{
		title: 'its model service holds it back',
		fault: 'agent',
		retry: 'atTime',
		isFree: true,
		firstPause: 30,
		codes: ['agent.rateLimited', 'model.rateLimited'],
	},
	{ title: 'no window offers its model', fault: 'nobody', retry: 'atOnce', isFree: true, codes: ['model.noWindow'] },
	{
		title: 'its entry or its log-in is not in order',
		fault: 'entry',
		retry: 'none',
		codes: [
			'agent.notFound',
			'agent.authenticationRequired',
			'agent.protocol',
			'agent.option',
			'agent.uncontained',
			'model.noPermission',
			'model.blocked',
			'model.notFound',
		],
	},
	{
		title: 'this machine cannot do it',
		fault: 'machine',
		retry: 'none',
		codes: [
			'git.missing',
			'git.tooOld',
			'git.notARepository',
			'git.severalRepositories',
			'git.notTrusted',
			'file.full',
			'file.readOnly',
			'worktrees.full',
			'worktrees.unknownBase',
			'worktrees.copyNotIgnored',
			'worktrees.setupFailed',
			'worktrees.setupTimeout',
		],
	},
	{ title: 'its budget is used up', fault: 'budget', retry: 'none', codes: ['budget.spent'] },
	{ title: 'a person has to look', fault: 'person', retry: 'none', codes: ['git.submoduleChanged'] },
	{
		...taskRule,
		codes: [
			...gateFailureCodes,
			'review.noVerdict',
			'review.rejected',
			'agent.refused',
			'agent.limit',
			'budget.noProgress',
			'agent.stopped',
			'command.exit',
			'command.timeout',
			'command.notFound',
			'command.notStarted',
			'command.refused',
			'command.noFiles',
			'command.tooManyFiles',
			'model.notServed',
			'run.cancelled',
			'run.broke',
			'task.guardRefused',
			'worktree.missing',
		],
	},
];

const rules = new Map(failureRules.flatMap((rule) => rule.codes.map((code) => [code, rule] as const)));

/**
 * The rule for a failure. A program that cannot run at all (`isTransient` false) is a matter of the agent's entry, whatever else its
 * end would mean.
 */
export function failureRule({
	code,
	isTransient,
}: {
	readonly code: string;
	readonly isTransient: boolean;
}): FailureRule {
	const rule = rules.get(code) ?? taskRule;
	if (code === 'agent.exited' && !isTransient) {
		return { ...rule, fault: 'entry' };
	}
	return rule.fault === 'entry' && isTransient ? taskRule : rule;
}
