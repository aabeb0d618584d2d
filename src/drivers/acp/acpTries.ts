// Owns the single things an agent is tried with. Everything it asks for is refused; each answers with a verdict and a sentence.

import { sleep, withTimeout } from '../../base/async.ts';
import { countOf } from '../../base/words.ts';
import type { CheckedStep } from '../../core/agent/agentCheck.ts';
import type { DriverJob, DriverPorts, DriverUpdate } from '../../core/driver/driver.ts';
import { containProcesses } from '../containedProcesses.ts';
import { driverError } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import type { ClientSide } from './acpClientSide.ts';
import { createClientSide } from './acpClientSide.ts';
import { offeredChoices } from './acpConfig.ts';
import type { AcpConnection } from './acpConnection.ts';
import { openConnection, ownPlace } from './acpConnection.ts';
import { textAt } from './acpRead.ts';
import type { OpenedSession } from './acpSession.ts';
import { openSession, resumeMethod } from './acpSession.ts';
import { serverWay } from './acpTools.ts';
import { initialize, prompt } from './acpTurn.ts';
import type { AgentState } from './agentState.ts';
import { newAgentState } from './agentState.ts';

/** What it is asked to write; the folder is looked at for it. */
const probeFile = 'dreamos-check.txt';
const writePrompt = `Create the file ${probeFile} with the single word ok in it, using your tool for writing files. Do nothing else. If you are not allowed to, say so.`;
const longPrompt = 'Count from 1 to 500, each number as a word on a line of its own. Use no tool.';
const resumedPrompt = 'Answer with the one word: here.';
/** How long a cancelled turn may take to end, and how long a turn is left to begin before it is cancelled, in milliseconds. */
const cancelAnswer = 10_000;
const cancelAfter = 1_500;
const stopGrace = 1_500;

/** An agent that was started for trying. */
export interface Try {
	readonly state: AgentState;
	readonly client: ClientSide;
	readonly connection: AcpConnection;
	readonly updates: DriverUpdate[];
}

export type Found = Pick<CheckedStep, 'verdict' | 'text'>;
export const passed = (text: string): Found => ({ verdict: 'passed', text });
const odd = (text: string): Found => ({ verdict: 'odd', text });

/** Starts one more process of the agent. Rejects with `agent.notFound` or `agent.exited`. */
export async function startOne(ports: DriverPorts, job: DriverJob): Promise<Try> {
	const { command = [] } = job.agent;
	const state = newAgentState();
	const updates: DriverUpdate[] = [];
	const tell = (update: DriverUpdate) => updates.length < 5_000 && updates.push(update);
	const environment = jobEnvironment(job, ports.keys);
	const { processes } = await containProcesses(ports, job, environment);
	const client = createClientSide({ ...ports, processes }, job, state, environment, tell);
	const connection = await openConnection({
		enter: () => ownPlace({ processes, command, services: client.services, folder: job.worktree, environment }),
		agentId: job.agent.id,
		state,
		command,
		services: client.services,
		onUpdate: (parameters) => client.onUpdate(parameters),
		onActivity: () => undefined,
		onProcess: () => undefined,
		hide: (text) => text,
		tell,
	});
	return { state, client, connection, updates };
}

/** Ends it, whatever it says. */
export async function endOne(connection: AcpConnection): Promise<void> {
	await connection.leave(stopGrace).catch(() => undefined);
}

/** Asks for a file and refuses it. */
export async function tryPermission(
	ports: DriverPorts,
	job: DriverJob,
	tried: Try,
	session: OpenedSession,
): Promise<Found> {
	tried.state.phase = 'working';
	const answer = await prompt(tried, session.sessionId, writePrompt);
	tried.client.updates.flush();
	tried.client.updates.readTurnUsage(answer);
	const isThere = (await ports.files.stat(ports.files.join(job.worktree, probeFile))) !== undefined;
	const hasAsked = tried.client.permissions.rejected.length > 0;
	if (hasAsked) {
		return isThere
			? odd('asks before it writes, but wrote although it was refused')
			: passed('asks before it writes, and keeps to a refusal');
	}
	if (isThere) {
		return odd('writes in its folder without asking; only its worktree and the review hold it');
	}
	return tried.client.hasActed || tried.client.updates.hasText
		? odd('wrote nothing and asked for nothing')
		: { verdict: 'failed', text: 'It ended its turn without a word; its key or its model may be refused.' };
}

export function describeUsage({ updates }: Try): Found {
	const told = updates.filter(({ kind }) => kind === 'usage').at(-1);
	return told === undefined ? odd('tells nothing about tokens or cost') : passed(told.text);
}

export async function tryCancel(tried: Try, { sessionId }: OpenedSession): Promise<Found> {
	const before = tried.updates.length;
	const turn = prompt(tried, sessionId, longPrompt).then((answer) => textAt(answer, 'stopReason') ?? '');
	turn.catch(() => undefined);
	const early = await Promise.race([turn, sleep(cancelAfter).then(() => undefined)]);
	if (early !== undefined) {
		return odd('was done before it could be cancelled');
	}
	await tried.connection.notify('session/cancel', { sessionId });
	const reason = await within(cancelAnswer, turn, 'cancel');
	tried.client.updates.flush();
	return reason === 'cancelled'
		? passed(`stops when told to, after ${countOf(tried.updates.length - before, 'update')}`)
		: odd(`ended with "${reason}" instead of "cancelled"`);
}

interface ResumeParts {
	readonly job: DriverJob;
	readonly begin: () => Promise<Try>;
	readonly hasTurns: boolean;
}

/** Ends the process the hard way and asks a new one for the same session. */
export async function tryResume(
	tried: Try,
	session: OpenedSession,
	{ job, begin, hasTurns }: ResumeParts,
): Promise<Found> {
	const method = resumeMethod(tried.state.initialized);
	if (method === undefined) {
		return odd('cannot go on with a session after it ended');
	}
	if (!hasTurns) {
		return passed(`offers ${method}`);
	}
	await tried.connection.leave(0);
	const again = await begin();
	const next: DriverJob = { ...job, resume: { session: session.kept, prompt: resumedPrompt } };
	const told: string[] = [];
	await initialize({ job: next, ...again, tell: () => undefined });
	const opened = await openSession({ job: next, ...again, tell: (update) => told.push(update.text) });
	if (!opened.isResumed) {
		return { verdict: 'failed', text: told.at(-1) ?? 'It opened another session.' };
	}
	again.state.phase = 'working';
	await prompt(again, opened.sessionId, resumedPrompt);
	return passed(`goes on with a session of a process that ended (${method})`);
}

export function describeOffer({ offer, kept }: OpenedSession): string {
	const list = (kind: 'mode' | 'model') => {
		const names = offeredChoices(kind, offer);
		const shown = names.slice(0, 8).join(', ');
		return names.length === 0 ? `no choice of ${kind}` : `${kind}s ${shown}${names.length > 8 ? ' …' : ''}`;
	};
	return `${list('mode')}; ${list('model')}${kept.mode === null ? '' : `; works in ${kept.mode}`}`;
}

export function describeMcp(job: DriverJob, state: AgentState): Found {
	switch (serverWay(job.agent, state.initialized)) {
		case 'http':
			return passed('takes MCP servers over http');
		case 'program':
			return odd('takes MCP servers over stdio only');
		case 'none':
			return odd('takes no MCP servers: it is given the command line instead');
	}
}

/** The value of the work; fails with `agent.timeout`, which names what was tried. */
export const within = <T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> =>
	withTimeout(
		milliseconds,
		() => work,
		() =>
			driverError('agent.timeout', `Nothing came of it within ${Math.round(milliseconds / 1_000)} s (${what}).`),
	);
