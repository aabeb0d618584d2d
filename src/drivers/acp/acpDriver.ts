// Owns the driver for agents that speak the Agent Client Protocol, version 1, on stdin and stdout. It knows no vendor: what
// to start is written in `runtime/agents.json`, and what counts in the end is the diff of the worktree.

import type { Driver, DriverPorts } from '../../core/driver/driver.ts';
import { runtimePaths } from '../../core/paths.ts';
import { createFirstStarts } from '../firstStarts.ts';
import { checkAcpAgent } from './acpCheck.ts';
import type { AcpLimits } from './acpRun.ts';
import { defaultAcpLimits, startAcpRun } from './acpRun.ts';

export function createAcpDriver(ports: DriverPorts, limits: AcpLimits = defaultAcpLimits): Driver {
	const starts = createFirstStarts();
	return {
		id: 'acp',
		title: 'Agent Client Protocol',
		givesTools: true,
		isSteerable: true,
		refusal(agent) {
			const [program] = agent.command ?? [];
			return program === undefined || program.trim() === ''
				? `${agent.id} has no program: write "command" beside it in ${runtimePaths.agents}, such as ["opencode", "acp"].`
				: undefined;
		},
		start: (job, listener) => startAcpRun(ports, job, listener, limits, starts),
		check: (job, choices) => checkAcpAgent(ports, job, choices),
	};
}
