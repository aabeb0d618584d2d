// Owns what people tell a swarm that works as a whole: stand still, go on, end what runs and begin nothing new.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { formatActor } from '../actor.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { drivenStates, isPausedRun } from '../run/run.ts';
import { canBeSteered, pauseRun, resumeRun } from '../run/steerRun.ts';
import type { SwarmMode } from '../swarmFacts.ts';
import { factKeys, readSwarmFact } from '../swarmFacts.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const eventOfMode = { work: 'swarm.resumed', drain: 'swarm.drained', pause: 'swarm.paused' } as const;
const wordsOfMode = {
	work: 'the swarm goes on',
	drain: 'the swarm ends what runs and begins nothing new',
	pause: 'the swarm stands still',
} as const;

/** Fails with `swarm.notRunning` while the swarm was not told to work: there is nothing that could stand still. */
async function setMode(transaction: LedgerTransaction, mode: SwarmMode): Promise<void> {
	const fact = await readSwarmFact(transaction);
	if (fact?.should_run !== true) {
		throw new DreamError('swarm.notRunning', 'The swarm is stopped.', { advice: 'Start Swarm lets it work.' });
	}
	if (fact.mode !== mode) {
		await transaction.setFact(factKeys.swarm, {
			...fact,
			mode,
			changed_at: transaction.at,
			changed_by: formatActor(transaction.actor),
		});
		await transaction.append({ type: eventOfMode[mode], message: wordsOfMode[mode] });
	}
}

const driven = async (transaction: LedgerTransaction): Promise<Run[]> =>
	(await transaction.runs({ state: drivenStates })).filter(({ host_id: host }) => host !== null);

const pause = defineAction({
	id: 'swarm.pause',
	title: 'Pause All',
	description:
		'Begins nothing new and pauses every run that can be paused; runs of plain steps, and those whose change is being checked, go on to their end.',
	effect: 'danger',
	input: z.object({}),
	run: (context) =>
		context.ledger.write(context.actor, async (transaction) => {
			await setMode(transaction, 'pause');
			const paused: string[] = [];
			const going: string[] = [];
			for (const run of await driven(transaction)) {
				if (canBeSteered(run, context.agents.isSteerable(run.driver))) {
					await pauseRun(transaction, run);
					paused.push(run.run_id);
				} else {
					going.push(run.run_id);
				}
			}
			return { paused, going };
		}),
});

const resume = defineAction({
	id: 'swarm.resume',
	title: 'Resume All',
	description: 'Lets a paused or draining swarm begin tasks again, and every paused run go on where it was.',
	effect: 'danger',
	input: z.object({}),
	run: (context) =>
		context.ledger.write(context.actor, async (transaction) => {
			await setMode(transaction, 'work');
			const resumed: string[] = [];
			for (const run of (await driven(transaction)).filter(isPausedRun)) {
				await resumeRun(transaction, run);
				resumed.push(run.run_id);
			}
			return { resumed };
		}),
});

const drain = defineAction({
	id: 'swarm.drain',
	title: 'Drain Swarm',
	description: 'Lets what runs go on to its end, landing included, and begins nothing new until Resume All.',
	effect: 'danger',
	input: z.object({}),
	run: (context) =>
		context.ledger.write(context.actor, async (transaction) => {
			await setMode(transaction, 'drain');
			return { going: (await driven(transaction)).map(({ run_id }) => run_id) };
		}),
});

export const swarmModeActions: readonly DefinedAction[] = [pause, resume, drain];
