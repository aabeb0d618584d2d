// Owns what can be done with agents and the swarm: list them, start and stop the work.

import * as z from 'zod';
import { LiveUsage } from '../budget/liveUsage.ts';
import { startOfDay, sumTurns } from '../budget/usage.ts';
import { DreamError } from '../../base/errors.ts';
import { readAgentChecks } from '../agent/agentCheck.ts';
import { describeContainment, readMachineContainment } from '../containment/machineContainment.ts';
import { formatActor } from '../actor.ts';
import type { Agent } from '../agent/agent.ts';
import type { LedgerReader } from '../ledger.ts';
import { missingModel, readOfferedModels } from '../models/offeredModels.ts';
import { readAsking } from '../question/readAsking.ts';
import type { Run } from '../run/run.ts';
import { drivenStates, isOpenRun, isPausedRun } from '../run/run.ts';
import type { SwarmFact } from '../swarmFacts.ts';
import { factKeys, readSwarmFact } from '../swarmFacts.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const stopTimeoutMilliseconds = 15_000;

function setShouldRun(context: ActionContext, shouldRun: boolean, isUrgent = false): Promise<void> {
	return context.ledger.write(context.actor, async (transaction) => {
		const before = await readSwarmFact(transaction);
		const fact: SwarmFact = {
			should_run: shouldRun,
			changed_at: transaction.at,
			changed_by: formatActor(context.actor),
			started_from: shouldRun ? context.swarm.startedFrom : (before?.started_from ?? context.swarm.startedFrom),
			// Who only brings a host back did not ask it to go on.
			mode: shouldRun && before?.should_run === true ? before.mode : 'work',
			is_urgent: isUrgent,
		};
		await transaction.setFact(factKeys.swarm, fact);
		await transaction.append({
			type: shouldRun ? 'swarm.started' : 'swarm.stopped',
			message: shouldRun
				? 'the swarm was told to work'
				: `the swarm was told to stop${isUrgent ? ' at once' : ''}`,
		});
	});
}

async function stopSwarm(context: ActionContext, isUrgent: boolean) {
	const before = await context.swarm.status();
	await setShouldRun(context, false, isUrgent);
	await context.swarm.waitUntilStopped(stopTimeoutMilliseconds);
	return { was_running: before.isRunning };
}

/** What does not go on although the swarm was told to work: who brings it back asks for no more than that. */
async function standingStill(reader: LedgerReader) {
	const fact = await readSwarmFact(reader);
	const runs = await reader.runs({ state: drivenStates });
	return {
		mode: fact?.mode ?? 'work',
		paused: runs.filter((run) => run.host_id !== null && isPausedRun(run)).map(({ run_id: id }) => id),
	};
}

const start = defineAction({
	id: 'swarm.start',
	title: 'Start Swarm',
	description:
		'Lets the agents work: they take ready tasks in order, each in its own git worktree. What was paused stays paused, and is named.',
	effect: 'danger',
	input: z.object({}),
	terminal: { isHidden: true },
	async run(context) {
		const refusal = context.swarm.refusal();
		if (refusal !== undefined) {
			throw new DreamError('swarm.notTrusted', refusal, { advice: 'Trust the workspace first.' });
		}
		await setShouldRun(context, true);
		try {
			const host = await context.swarm.ensureHost();
			return { ...host, ...(await context.ledger.read(standingStill)) };
		} catch (error) {
			await setShouldRun(context, false);
			throw error;
		}
	},
});

const stop = defineAction({
	id: 'swarm.stop',
	title: 'Stop Swarm',
	description:
		'Stops all agents; tasks in work go back to their queue, paused ones stay paused, uncommitted work is kept under a rescue ref.',
	effect: 'danger',
	input: z.object({}),
	terminal: { words: 'down' },
	run: (context) => stopSwarm(context, false),
});

const stopNow = defineAction({
	id: 'swarm.stopNow',
	title: 'Stop Everything Now',
	description:
		'Ends every process of every agent at once, without asking them to end in order; tasks go back to their queue, paused ones stay paused, uncommitted work is kept under a rescue ref.',
	effect: 'danger',
	input: z.object({}),
	terminal: { words: 'swarm stop-now' },
	run: (context) => stopSwarm(context, true),
});

const status = defineAction({
	id: 'swarm.status',
	title: 'Show Swarm',
	description: 'Says whether the swarm works, who leads, and how many tasks are in which status.',
	effect: 'read',
	input: z.object({}),
	async run(context) {
		const host = await context.swarm.status();
		return context.ledger.read(async (reader) => {
			const fact = await readSwarmFact(reader);
			return {
				should_run: fact?.should_run ?? false,
				mode: fact?.mode ?? 'work',
				host_running: host.isRunning,
				host_pid: host.pid ?? null,
				tasks: await reader.countByStatus(),
				questions: (await reader.questions({ state: 'open' })).length,
			};
		});
	},
});

const stateOf = ({ enabled }: Agent, run: Run | undefined, asking: ReadonlyMap<string, string>): string => {
	if (run === undefined) {
		return enabled ? 'idle' : 'disabled';
	}
	return asking.has(run.run_id) ? 'asking' : run.state;
};

const agentList = defineAction({
	id: 'agent.list',
	title: 'List Agents',
	description: 'Lists the agents with what each is doing, and what it used today and in all.',
	effect: 'read',
	input: z.object({}),
	run: (context) =>
		context.ledger.read(async (reader) => {
			const asking = await readAsking(reader);
			const checks = await readAgentChecks(reader);
			const machine = await readMachineContainment(reader);
			const models = await readOfferedModels(reader, context.clock.now());
			const used = new LiveUsage();
			await used.refresh(reader);
			return Promise.all(
				(await reader.agents()).map(async (agent) => {
					const run = (await reader.runs({ worker: agent.id, limit: 5 })).find(({ state }) =>
						isOpenRun(state),
					);
					return {
						...agent,
						state: stateOf(agent, run, asking),
						task_id: run?.task_id ?? null,
						run_id: run?.run_id ?? null,
						question_id: asking.get(run?.run_id ?? '') ?? null,
						resources: run?.resources ?? null,
						drift: run?.drift ?? null,
						check: checks.get(agent.id) ?? null,
						contained: describeContainment(agent, machine),
						missing_model: missingModel(agent, models) ?? null,
						usage: used.ofAgent(agent.id),
						usage_today: sumTurns(used.since(startOfDay(context.clock.now()), agent.id)),
					};
				}),
			);
		}),
});

export const swarmActions: readonly DefinedAction[] = [start, stop, stopNow, status, agentList];
