// Owns what every worker is told about itself in its environment. What it must not inherit is the process runner's business.

import type { AgentKeys } from '../core/agent/agentKeys.ts';
import { keysFor } from '../core/agent/agentKeys.ts';
import type { DriverJob } from '../core/driver/driver.ts';

const withoutNul = (text: string): string => text.replaceAll('\0', '');

/** What every run of agents of the same kind has in common: their keys, the workspace's, and those written beside the agent. */
export function commonEnvironment(job: DriverJob, keys: AgentKeys = {}): Record<string, string> {
	return { ...keysFor(job.agent, keys), ...job.environment, ...job.agent.env };
}

/** Variables added to the inherited environment: those all have in common, and what is this run's, which wins. */
export function jobEnvironment(job: DriverJob, keys: AgentKeys = {}): Record<string, string> {
	return {
		...commonEnvironment(job, keys),
		...job.tools?.environment,
		DREAMOS_TASK_ID: withoutNul(job.task.task_id),
		DREAMOS_RUN_ID: job.run_id,
		DREAMOS_AGENT_ID: job.agent.id,
		DREAMOS_ATTEMPT: String(job.attempt),
		DREAMOS_WORKTREE: job.worktree,
	};
}
