// Owns when a whole kind of agents is left alone: several of them failed in the same way, one after the other, and none of that kind did
// anything in between. Then it is no agent's fault but that of what they share: a service, a network, a program. It knows nothing of tasks.

import type { Chance } from './backOff.ts';
import { beginBackOff } from './backOff.ts';

/** So many different agents in a row, and what they share counts as broken. */
const brokenAfter = 3;
const firstPauseMilliseconds = 10_000;
const longestPauseMilliseconds = 600_000;

interface Streak {
	readonly code: string;
	readonly agents: Set<string>;
	backOff: ReturnType<typeof beginBackOff> | undefined;
}

export interface DriverPause {
	readonly milliseconds: number;
	/** Who failed in a row, in that order. */
	readonly agents: readonly string[];
}

export class DriverBreakers {
	private readonly streaks = new Map<string, Streak>();
	private readonly chance: Chance;

	constructor(chance: Chance) {
		this.chance = chance;
	}

	/** One of its agents did something: what they share works. */
	noteWork(driver: string): void {
		this.streaks.delete(driver);
	}

	/** Counts a failure that was the agent's own; gives a pause for all agents of the driver where it is not. */
	noteFailure(driver: string, agentId: string, code: string): DriverPause | undefined {
		const last = this.streaks.get(driver);
		const streak =
			last?.code === code ? last : { code, agents: new Set<string>(), backOff: undefined as Streak['backOff'] };
		this.streaks.set(driver, streak);
		streak.agents.add(agentId);
		if (streak.agents.size < brokenAfter) {
			return undefined;
		}
		const range = { first: firstPauseMilliseconds, longest: longestPauseMilliseconds };
		streak.backOff = streak.backOff?.next(undefined) ?? beginBackOff('exponential', range, this.chance);
		return { milliseconds: streak.backOff.duration, agents: [...streak.agents] };
	}
}
