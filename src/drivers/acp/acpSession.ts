// Owns opening a session: a new one, or the one an attempt left that was lost with its host, and putting it into the mode, model
// and options that are written beside the agent. Both are done before any prompt, because a loaded session forgets its mode.

import type { McpServer } from '@agentclientprotocol/sdk';
import { methods } from '@agentclientprotocol/sdk';
import { isDreamError } from '../../base/errors.ts';
import { sleep } from '../../base/async.ts';
import { displayLine } from '../../base/text.ts';
import { presetOf } from '../../core/agent/agentPresets.ts';
import type { DriverJob, DriverUpdate } from '../../core/driver/driver.ts';
import type { RunSession } from '../../core/run/run.ts';
import { configRequest, configWishes } from './acpConfig.ts';
import type { AcpConnection } from './acpConnection.ts';
import { notAnAgent, notOffered } from './acpFailures.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';
import type { AgentState } from './agentState.ts';

export interface SessionParts {
	readonly job: DriverJob;
	readonly state: AgentState;
	readonly connection: AcpConnection;
	/** What tools the session gets; a session that is taken up again gets them anew. */
	readonly servers?: McpServer[];
	readonly tell: (update: DriverUpdate) => void;
}

export interface OpenedSession {
	readonly sessionId: string;
	/** Whether the agent remembers an earlier attempt. */
	readonly isResumed: boolean;
	/** What the agent answered: modes, models, options. */
	readonly offer: Foreign;
	/** What another attempt needs to go on with it. */
	readonly kept: RunSession;
}

/** How an agent takes up a session again; undefined when it cannot. */
export function resumeMethod(initialized: Foreign): 'session/resume' | 'session/load' | undefined {
	const capabilities = objectAt(initialized, 'agentCapabilities');
	if (objectAt(objectAt(capabilities, 'sessionCapabilities'), 'resume') !== undefined) {
		return 'session/resume';
	}
	return capabilities?.['loadSession'] === true ? 'session/load' : undefined;
}

/** Opens it. Rejects with the typed error of whatever went wrong. */
export async function openSession(parts: SessionParts): Promise<OpenedSession> {
	const { job, state } = parts;
	state.phase = 'opening a session';
	const resumed = job.resume === undefined ? undefined : await takeUp(parts, job.resume.session);
	const { sessionId, answer } = resumed ?? (await openNew(parts));
	state.sessionId = sessionId;
	const config = await configure(parts, sessionId, answer);
	return {
		sessionId,
		isResumed: resumed !== undefined,
		offer: answer,
		kept: {
			kind: kindOf(job, state),
			session_id: sessionId,
			cwd: job.worktree,
			opened_at: job.resume?.session.opened_at ?? new Date().toISOString(),
			...config,
		},
	};
}

/** Two agents of one kind understand each other's sessions. */
function kindOf(job: DriverJob, state: AgentState): string {
	const name = textAt(objectAt(state.initialized, 'agentInfo'), 'name');
	return presetOf(job.agent, name)?.id ?? (job.agent.command ?? []).join(' ');
}

async function openNew({
	job,
	connection,
	servers = [],
}: SessionParts): Promise<{ sessionId: string; answer: Foreign }> {
	const answer = await connection.request(
		methods.agent.session.new,
		{ cwd: job.worktree, mcpServers: servers },
		job.patience.session,
	);
	const sessionId = textAt(answer, 'sessionId');
	if (sessionId === undefined) {
		throw notAnAgent(connection.facts(), 'answered "session/new" without a session id');
	}
	return { sessionId, answer };
}

/** The earlier session; undefined, with a note why, when the work begins anew. */
async function takeUp(
	parts: SessionParts,
	earlier: RunSession,
): Promise<{ sessionId: string; answer: Foreign } | undefined> {
	const { job, state, connection, tell } = parts;
	const begin = (why: string) => {
		tell({ kind: 'note', text: `The session of the earlier attempt is not taken up again: ${why}.` });
		return undefined;
	};
	const method = resumeMethod(state.initialized);
	if (method === undefined) {
		return begin('the agent cannot load one');
	}
	if (earlier.kind !== kindOf(job, state) || earlier.cwd !== job.worktree) {
		return begin('it is one of another agent or folder');
	}
	if (presetOf(job.agent, textAt(objectAt(state.initialized, 'agentInfo'), 'name'))?.quirks.resumesFromNextMinute) {
		const rest = restOfMinute(Date.parse(earlier.opened_at), Date.now());
		if (rest > 0) {
			tell({
				kind: 'note',
				text: 'Waits for the next minute: within the same one this agent loses the session.',
			});
			await sleep(rest);
		}
	}
	const sessionId = earlier.session_id;
	// What it replays is in the log of the earlier attempt.
	state.isReplaying = true;
	try {
		const answer = await connection.request(
			method,
			{ sessionId, cwd: job.worktree, mcpServers: parts.servers ?? [] },
			job.patience.session,
		);
		tell({ kind: 'note', text: `Goes on with session ${displayLine(sessionId, 80)} of an earlier attempt.` });
		return { sessionId, answer };
	} catch (error) {
		if (!isDreamError(error) || error.code === 'agent.exited' || error.code === 'agent.authenticationRequired') {
			throw error;
		}
		return begin(displayLine(error.message, 300));
	} finally {
		state.isReplaying = false;
	}
}

/** Milliseconds until the clock minute in which something happened is over; 0 when it is. */
export function restOfMinute(happenedAt: number, now: number): number {
	const minute = 60_000;
	const rest = (Math.floor(happenedAt / minute) + 1) * minute - now;
	// A stamp of the future, after the clock was set back, is nothing to wait for.
	return rest > 0 && rest <= minute ? rest : 0;
}

/** Sets what is wished. Fails with `agent.option`, listing what is offered, for what a person wrote and the agent lacks. */
async function configure(
	{ job, state, connection, tell }: SessionParts,
	sessionId: string,
	opened: Foreign,
): Promise<Pick<RunSession, 'mode' | 'options'>> {
	const name = textAt(objectAt(state.initialized, 'agentInfo'), 'name');
	let session = opened;
	let mode: string | null = null;
	const options: Record<string, string | boolean> = {};
	for (const wish of configWishes(job.agent, presetOf(job.agent, name)?.quirks ?? {})) {
		const what = wish.kind === 'option' ? (wish.option ?? '') : wish.kind;
		const shown = `${displayLine(what, 80)} "${displayLine(String(wish.value), 80)}"`;
		const request = configRequest(wish, session, sessionId);
		if ('offered' in request) {
			if (!wish.isOptional) {
				throw notOffered(connection.facts(), wish, shown, request.offered);
			}
			continue;
		}
		if (!request.isCurrent) {
			const answer = await connection.request(request.method, request.parameters, job.patience.session);
			const next = objectsAt(answer, 'configOptions');
			session = next.length === 0 ? session : { ...session, configOptions: next };
			tell({ kind: 'note', text: `Set: ${shown}` });
		}
		if (wish.kind === 'mode') {
			mode = String(wish.value);
		} else {
			options[what] = wish.value;
		}
	}
	return { mode, options };
}
