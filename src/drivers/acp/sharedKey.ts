// Owns who may share a process with whom: runs whose agents are started in the same way, by agents that were measured to keep
// several sessions apart, or whose entry says so.

import { presetOf } from '../../core/agent/agentPresets.ts';
import { takesNoServer } from '../../core/driver/agentTools.ts';
import type { DriverJob } from '../../core/driver/driver.ts';

/**
 * The name of the process a job may share; undefined where it has its own. `environment` is what all runs of the process have in
 * common. A contained agent is never shared: its container holds it to one worktree, and two worktrees in one are no containment.
 */
export function sharedKey(
	job: DriverJob,
	environment: Readonly<Record<string, string>>,
	isContained: boolean,
): string | undefined {
	const { agent, permissions } = job;
	const { command = [] } = agent;
	const wish = agent.process ?? (presetOf(agent)?.quirks.sharesProcess === true ? 'shared' : 'own');
	// An agent that takes no tools gets them as commands, which know their run by the environment.
	if (isContained || wish === 'own' || takesNoServer({ name: '', command })) {
		return undefined;
	}
	const sorted = Object.entries(environment).toSorted(([left], [right]) => (left < right ? -1 : 1));
	// What it is told once, when it is started, is the same for all: commands may be run, or not.
	return JSON.stringify([command, sorted, permissions.mayRunCommands]);
}
