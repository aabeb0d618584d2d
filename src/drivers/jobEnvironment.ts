// Owns what every worker is told about itself in its environment. What it must not inherit is the process runner's business.

import type { AgentKeys } from '../core/agent/agentKeys.ts';
import { keysFor } from '../core/agent/agentKeys.ts';
import type { DriverJob } from '../core/driver/driver.ts';

const withoutNul = (text: string): string => text.replaceAll('\0', '');

/** Variables added to the inherited environment: its keys, the workspace's, those written beside the agent, and ours, which win. */
export function jobEnvironment(job: DriverJob, keys: AgentKeys = {}): Record<string, string> {
	return {
		...keysFor(job.agent, keys),
		...job.environment,
		...job.agent.env,
		...job.tools?.environment,
		DREAMOS_TASK_ID: withoutNul(job.task.task_id),
		DREAMOS_RUN_ID: job.run_id,
		DREAMOS_AGENT_ID: job.agent.id,
		DREAMOS_ATTEMPT: String(job.attempt),
		DREAMOS_WORKTREE: job.worktree,
	};
}
