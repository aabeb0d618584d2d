// Owns how long an agent is left alone after it failed: longer each time, and once it failed too often in a row without having done
// anything in between, long enough that it cannot use up the backlog. It knows nothing of tasks.

import type { IBackoff } from 'cockatiel';
import { ConsecutiveBreaker } from 'cockatiel';
import type { Chance, Growth } from './backOff.ts';
import { beginBackOff } from './backOff.ts';

/** So many failures in a row, and the agent counts as broken: what it fails from there on costs no task an attempt. */
const brokenAfter = 3;
const firstPause = 1;
const firstPauseBroken = 120;
const longestPause = 1_800;

interface Tries {
	readonly breaker: ConsecutiveBreaker;
	backOff: IBackoff<unknown> | undefined;
	isBroken: boolean;
}

export interface AgentPause {
	/** How long it gets nothing, in milliseconds. */
	readonly milliseconds: number;
	/** Failures in a row, with this one. */
	readonly failures: number;
	/** It was broken before this try already, so the try says nothing about the task. */
	readonly wasBroken: boolean;
}

export class AgentBreakers {
	private readonly tries = new Map<string, Tries>();
	private readonly chance: Chance;

	constructor(chance: Chance) {
		this.chance = chance;
	}

	/** The agent did something: its failures are forgotten. */
	noteWork(agentId: string): void {
		this.tries.delete(agentId);
	}

	/** Counts a failure that was the agent's own. @param pauses seconds of the first, where a short one makes no sense; how they grow. */
	noteFailure(agentId: string, pauses: { readonly first?: number; readonly growth?: Growth } = {}): AgentPause {
		const { first: seconds = firstPause, growth = 'exponential' } = pauses;
		const tries = this.tries.get(agentId) ?? {
			breaker: new ConsecutiveBreaker(brokenAfter),
			backOff: undefined,
			isBroken: false,
		};
		this.tries.set(agentId, tries);
		const wasBroken = tries.isBroken;
		tries.isBroken = tries.breaker.failure();
		if (tries.isBroken && !wasBroken) {
			tries.backOff = undefined;
		}
		const first = Math.max(seconds, tries.isBroken ? firstPauseBroken : firstPause) * 1_000;
		tries.backOff =
			tries.backOff?.next(undefined) ??
			beginBackOff(growth, { first, longest: longestPause * 1_000 }, this.chance);
		return {
			milliseconds: Math.max(first, tries.backOff.duration),
			failures: tries.breaker.state,
			wasBroken,
		};
	}
}
