// Owns which agents get no task for now, and why: their program is not there, they are not logged in, the disk is full. One such
// failure must not cost every task an attempt. An agent is let go when its entry or a setting changes, when it passes a check, when
// the pause after a crash is over, or when the swarm starts again; not when only its host does.

import { isJsonObject } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { AgentBreakers } from '../recovery/agentBreakers.ts';
import { describeDriverPause, describePause } from '../recovery/describePause.ts';
import { readReopening } from '../recovery/reopening.ts';
import type { Chance } from '../recovery/backOff.ts';
import { DriverBreakers } from '../recovery/driverBreakers.ts';
import type { Settings } from '../settings.ts';
import type { EarlierEnd } from './earlierEnds.ts';
import type { AgentFailure } from './runEnding.ts';

const factKey = 'agents.held';
/** A longer pause is a rest: whoever waits for the swarm to come to rest should not wait for it. */
const breathMilliseconds = 60_000;
/** Agents that wait for the same moment do not all come in it. */
const spreadMilliseconds = 10_000;

/** Agents that get nothing, with the reason, as the host last said. */
export async function readHeldAgents(reader: LedgerReader): Promise<ReadonlyMap<string, string>> {
	const fact = await reader.fact(factKey);
	return new Map(
		Object.entries(isJsonObject(fact) ? fact : {}).flatMap(([id, reason]) =>
			typeof reason === 'string' ? [[id, reason]] : [],
		),
	);
}

type Write = <T>(work: (transaction: LedgerTransaction) => Promise<T>) => Promise<T>;

interface Held {
	readonly reason: string;
	readonly print: string;
	readonly since: number;
	/** Wall milliseconds from which it is tried again by itself. */
	readonly until: number | undefined;
}

export class HeldAgents {
	private readonly entries = new Map<string, Held>();
	private readonly breakers: AgentBreakers;
	private readonly driverBreakers: DriverBreakers;
	private readonly chance: Chance;
	/** Drivers all of whose agents are left alone. */
	private readonly drivers = new Map<
		string,
		{ readonly reason: string; readonly since: number; readonly until: number }
	>();

	constructor(chance: Chance) {
		this.chance = chance;
		this.breakers = new AgentBreakers(chance);
		this.driverBreakers = new DriverBreakers(chance);
	}

	get reasons(): ReadonlyMap<string, string> {
		return new Map([...this.entries].map(([id, { reason }]) => [id, reason]));
	}

	/** `now` in wall milliseconds, as `until`, from which it is tried again by itself. */
	hold(agent: Agent, settings: Settings, reason: string, now: number, until?: number): void {
		this.entries.set(agent.id, { reason, print: fingerprint(agent, settings), since: now, until });
	}

	/**
	 * Counts how an agent did. One that failed by its own fault is left alone for a while, so that it cannot use up the backlog; the
	 * reason is returned, and whether the task pays with an attempt.
	 */
	noteEnd(
		agent: Agent,
		failure: AgentFailure | undefined,
		settings: Settings,
		now: number,
	): { readonly price: 'pays' | 'spared'; readonly reason?: string } {
		if (failure === undefined) {
			this.breakers.noteWork(agent.id);
			this.driverBreakers.noteWork(agent.driver);
			this.drivers.delete(agent.driver);
			return { price: 'pays' };
		}
		const { retry, firstPause } = failure.rule;
		const pause = this.breakers.noteFailure(agent.id, {
			...(firstPause === undefined ? {} : { first: firstPause }),
			...(retry === 'linear' ? { growth: retry } : {}),
		});
		const opens = retry === 'atTime' ? readReopening(failure.reason, now) : undefined;
		const until = opens === undefined ? now + pause.milliseconds : opens + this.chance() * spreadMilliseconds;
		const reason = describePause(agent, failure, { ...pause, until, isSaid: opens !== undefined });
		this.hold(agent, settings, reason, now, until);
		const shared = this.driverBreakers.noteFailure(agent.driver, agent.id, failure.code);
		if (shared !== undefined) {
			const until = now + shared.milliseconds;
			const said = describeDriverPause(agent, failure, shared, now);
			this.drivers.set(agent.driver, { reason: said, since: now, until });
		}
		return { price: pause.wasBroken ? 'spared' : 'pays', reason };
	}

	/** Whether one is let go by itself within a minute: until then the swarm only catches its breath. */
	isSoonFree(now: number): boolean {
		return [...this.entries.values()].some(({ until }) => until !== undefined && until - now <= breathMilliseconds);
	}

	/** Takes over what an earlier host saw of agents, oldest first: who was left alone stays so until then. `now` in wall milliseconds. */
	remember(ends: readonly EarlierEnd[], agents: readonly Agent[], settings: Settings, now: number): void {
		for (const { agentId, at, failure } of ends) {
			const agent = agents.find(({ id }) => id === agentId);
			if (agent === undefined) {
				continue;
			}
			this.entries.delete(agentId);
			const { reason } = this.noteEnd(agent, failure, settings, at);
			const held = this.entries.get(agentId);
			if (reason !== undefined && held?.until !== undefined && held.until <= now) {
				this.entries.delete(agentId);
			}
		}
	}

	/**
	 * Lets go of agents whose time is over, whose entry, or a setting, changed since they were held, or that passed a check; and leaves
	 * those alone whose driver is. True when anything is another than before.
	 */
	review(
		agents: readonly Agent[],
		settings: Settings,
		checks: ReadonlyMap<string, AgentCheck>,
		now: number,
	): boolean {
		let hasChanged = false;
		for (const [id, { print, since, until }] of this.entries) {
			const agent = agents.find((each) => each.id === id);
			const check = checks.get(id);
			const hasPassed = check?.is_usable === true && Date.parse(check.at) >= since;
			// A clock that was set back must not hold it longer than was meant.
			const isOver = until !== undefined && (now >= until || now < since);
			if (agent === undefined || hasPassed || isOver || fingerprint(agent, settings) !== print) {
				this.entries.delete(id);
				hasChanged = true;
			}
		}
		for (const [driver, { since }] of this.drivers) {
			if (now < since) {
				this.drivers.delete(driver);
			}
		}
		for (const agent of agents) {
			const shared = this.drivers.get(agent.driver);
			if (shared !== undefined && now < shared.until && !this.entries.has(agent.id)) {
				this.hold(agent, settings, shared.reason, now, shared.until);
				hasChanged = true;
			}
		}
		return hasChanged;
	}

	/** Tells the other programs. */
	async publish(write: Write): Promise<void> {
		await write((transaction) => transaction.setFact(factKey, Object.fromEntries(this.reasons)));
	}
}

const fingerprint = (agent: Agent, settings: Settings): string => JSON.stringify([agent, settings]);
