// Owns `dreamos up`: tells the swarm to work, shows what happens, keeps a host alive, and ends with a true account. Where the swarm
// works already, for an editor or another `up`, it watches and leaves it to whoever began it.

import { sleep } from '../base/async.ts';
import { DreamError, describeError } from '../base/errors.ts';
import { displayLine } from '../base/text.ts';
import { listed } from '../base/words.ts';
import type { EventType, LedgerEvent } from '../core/events.ts';
import type { Ledger } from '../core/ledger.ts';
import { swarmProgress } from '../core/loop/idle.ts';
import type { SwarmMode } from '../core/swarmFacts.ts';
import { readSwarmFact } from '../core/swarmFacts.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import type { CommandContext } from './runCli.ts';
import { mirrorBoards } from './mirrorBoards.ts';

const lookEveryMilliseconds = 200;
/** Steps of a run say what the move of its task says too. */
const doubled: readonly EventType[] = ['run.opened', 'run.changed', 'run.closed'];
/** A host that was killed is started again this often in a row before we give up. */
const restartLimit = 5;
const shownWaiting = 20;

export async function upCommand(
	{ workspace, actor, output }: CommandContext,
	choices: { readonly untilIdle: boolean },
): Promise<ExitCode> {
	const stopping = new AbortController();
	const stop = () => stopping.abort();
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	try {
		const ledger = workspace.ledger();
		const since = ledger === undefined ? 0 : await ledger.read((reader) => reader.sequence());
		const isGuest = ledger !== undefined && (await isAtWork(ledger, workspace));
		if (!isGuest) {
			const { mode, paused } = (await workspace.dream.perform('swarm.start', {}, actor)) as StandingStill;
			if (mode !== 'work' || paused.length > 0) {
				output.warn(describeStill(paused));
			}
		}
		const open = requireLedger(workspace.ledger());
		output.say(describeStart(isGuest, choices.untilIdle));
		const context = { workspace, actor, output };
		const { isIdle, isOurs } = await follow(open, since, context, { ...choices, isGuest }, stopping.signal);
		if (isOurs) {
			await workspace.dream.perform('swarm.stop', {}, actor);
		}
		await mirrorBoards(workspace, output);
		const { completed, failed, blocked, runs } = await open.read((reader) => swarmProgress(reader, since));
		await sayWhatWaits(open, { workspace, actor, output });
		output.answer({ completed, failed, blocked, runs });
		output.say(`${completed} completed, ${failed} failed, ${blocked} blocked.`);
		if (choices.untilIdle && !isIdle) {
			output.say('It was stopped before everything was done.');
		}
		return failed > 0 || (choices.untilIdle && !isIdle) ? exitCodes.attention : exitCodes.done;
	} finally {
		process.off('SIGINT', stop);
		process.off('SIGTERM', stop);
	}
}

interface StandingStill {
	readonly mode: SwarmMode;
	readonly paused: readonly string[];
}

function describeStill(paused: readonly string[]): string {
	const what = paused.length === 0 ? 'The swarm is paused' : `Paused before, and still: ${listed(paused)}`;
	return `${what}. "dreamos swarm resume" lets all go on.`;
}

/** Whether somebody else has told the swarm to work, and it does. */
async function isAtWork(ledger: Ledger, workspace: CommandContext['workspace']): Promise<boolean> {
	const fact = await ledger.read((reader) => readSwarmFact(reader));
	return fact?.should_run === true && (await workspace.swarm.status()).isRunning;
}

function describeStart(isGuest: boolean, untilIdle: boolean): string {
	if (isGuest) {
		return `The swarm works already; this watches it${untilIdle ? ' until nothing is left to do' : ''}. Ctrl-C leaves it at work.`;
	}
	return untilIdle ? 'The swarm works until nothing is left to do.' : 'The swarm works. Ctrl-C stops it.';
}

function requireLedger(ledger: Ledger | undefined): Ledger {
	if (ledger === undefined) {
		throw new DreamError('workspace.notInitialized', 'There is no ledger here.', {
			advice: 'Run dreamos init first.',
		});
	}
	return ledger;
}

/** Tasks that are ready and yet not worked on, and changes that wait for a person, each with what to do. */
async function sayWhatWaits(ledger: Ledger, { workspace, output }: CommandContext): Promise<void> {
	const tasks = await ledger.read((reader) => reader.tasks({ status: ['READY', 'REVIEW'] }));
	for (const { task, run_id } of tasks.slice(0, shownWaiting)) {
		output.say(
			task.status === 'REVIEW'
				? `${task.task_id} waits for review: dreamos run accept ${run_id ?? 'RUN'}, or dreamos run reject ${run_id ?? 'RUN'} --reason …`
				: `${task.task_id} is ready, but ${(await workspace.swarm.whyWaiting(task.task_id)) ?? 'was not begun'}`,
		);
	}
}

/** Prints events as they come until idle, stopped from elsewhere, or interrupted. A guest that has to start a host is none any more. */
async function follow(
	ledger: Ledger,
	since: number,
	{ workspace, output }: Pick<CommandContext, 'workspace' | 'output'>,
	{ untilIdle, isGuest }: { readonly untilIdle: boolean; readonly isGuest: boolean },
	signal: AbortSignal,
): Promise<{ readonly isIdle: boolean; readonly isOurs: boolean }> {
	let shown = since;
	let isOurs = !isGuest;
	let restarts = 0;
	while (!signal.aborted) {
		await workspace.assertLedger();
		const events = await ledger.read((reader) => reader.events({ after: shown }));
		for (const event of events) {
			shown = event.sequence;
			if (!doubled.includes(event.type)) {
				output.say(describeEvent(event));
			}
		}
		const progress = await ledger.read((reader) => swarmProgress(reader, since));
		if ((untilIdle && progress.isIdle) || !progress.shouldRun) {
			return { isIdle: progress.isIdle, isOurs };
		}
		if (!(await workspace.dream.perform('swarm.status', {}, { kind: 'system', id: 'up' }).then(isHostRunning))) {
			restarts += 1;
			isOurs = true;
			if (restarts > restartLimit) {
				throw new DreamError('host.keepsDying', `The swarm host ended ${restartLimit} times.`, {
					advice: 'Look at runtime/logs/host.log for the reason.',
				});
			}
			output.say('The swarm host is gone; starting another.');
			await workspace.dream
				.perform('swarm.start', {}, { kind: 'system', id: 'up' })
				.catch((error: unknown) => output.say(describeError(error)));
		}
		await sleep(lookEveryMilliseconds, signal).catch(() => undefined);
	}
	return { isIdle: false, isOurs };
}

/** The run is named, because that is what `dreamos run log --follow` takes. */
function describeEvent({ at, task_id, agent_id, run_id, message }: LedgerEvent): string {
	const isNamed = run_id === undefined || message.includes(run_id);
	return displayLine(`${at}  ${task_id ?? agent_id ?? '-'}  ${message}${isNamed ? '' : ` [${run_id}]`}`, 2000);
}

function isHostRunning(answer: unknown): boolean {
	return typeof answer === 'object' && answer !== null && 'host_running' in answer && answer.host_running === true;
}
