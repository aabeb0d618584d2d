// Owns that whatever a job starts is held to its places, where its agent's entry and the machine say so. Without a container, or where it is
// turned off, the processes are started as they are; whoever must be contained and cannot be is not started.

import { homedir } from 'node:os';
import type { CheckedStep } from '../core/agent/agentCheck.ts';
import type { ContainmentPlan } from '../core/containment/containmentPlan.ts';
import { planContainment } from '../core/containment/containmentPlan.ts';
import { describeContainment, uncontainedError } from '../core/containment/machineContainment.ts';
import type { DriverJob, DriverPorts } from '../core/driver/driver.ts';
import type { ProcessRunner } from '../core/ports.ts';
import { jobEnvironment } from './jobEnvironment.ts';

export interface ContainedProcesses {
	readonly processes: ProcessRunner;
	readonly isContained: boolean;
	/** Where the job may write: what is held to it where it is contained, and what it is measured by where it is not. */
	readonly plan: ContainmentPlan;
	/** One line a person reads. */
	readonly text: string;
}

/** Rejects with `agent.uncontained`. `environment` is what the job adds to the inherited one. Asked once a job, before anything of it runs. */
export async function containProcesses(
	{ processes, container }: DriverPorts,
	job: DriverJob,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<ContainedProcesses> {
	const { agent } = job;
	const found = await (container?.look() ?? Promise.resolve(nothing));
	const text = describeContainment({ ...agent, driver: 'acp' }, found);
	const plan = planContainment({
		agent,
		places: job.places ?? { root: job.worktree, guarded: [], shared: [] },
		environment: { ...process.env, ...environment },
		home: homedir(),
	});
	if (agent.containment === 'off') {
		return { processes, isContained: false, plan, text };
	}
	const inside = await container?.wrap(plan);
	if (inside === undefined) {
		if (agent.containment === 'required') {
			throw uncontainedError(agent.id, found.tool === 'none' ? found : nothing);
		}
		return { processes, isContained: false, plan, text };
	}
	return {
		isContained: true,
		plan,
		text,
		processes: {
			...processes,
			run: (request) => processes.run({ ...request, inside }),
			spawn: (request) => processes.spawn({ ...request, inside }),
		},
	};
}

/** Whether the system holds what a job starts to its folder. An agent that is not is still usable, unless its entry wants it so. */
export async function tryContainment(
	ports: DriverPorts,
	job: DriverJob,
): Promise<Pick<CheckedStep, 'verdict' | 'text'>> {
	const { isContained, text } = await containProcesses(ports, job, jobEnvironment(job, ports.keys));
	return { verdict: isContained ? 'passed' : 'odd', text };
}

const nothing = { tool: 'none', reason: 'nothing here contains programs', advice: '' } as const;
