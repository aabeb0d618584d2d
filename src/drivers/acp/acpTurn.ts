// Owns the conversation of one run: initialize, a new session in the worktree, the prompt, and what the end of the turn means.

import { productVersion } from '../../base/productVersion.ts';
import { PROTOCOL_VERSION, methods } from '@agentclientprotocol/sdk';
import { sleep } from '../../base/async.ts';
import { isDreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverJob, DriverOutcome, DriverUpdate, NextTurn } from '../../core/driver/driver.ts';
import type { RunSession } from '../../core/run/run.ts';
import type { ClientSide } from './acpClientSide.ts';
import type { AcpConnection } from './acpConnection.ts';
import { limitReached, notAnAgent, notCut, quietFailure, refused, stopped, wrongVersion } from './acpFailures.ts';
import type { SessionParts } from './acpSession.ts';
import { openSession } from './acpSession.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, textAt } from './acpRead.ts';
import { sessionTools } from './acpTools.ts';
import type { AgentState } from './agentState.ts';

export interface Turn {
	readonly job: DriverJob;
	readonly state: AgentState;
	readonly connection: AcpConnection;
	readonly client: ClientSide;
	/** Longest waits, in milliseconds: for the agent to come for its tools, and to end a turn that is cut short. */
	readonly limits: { readonly toolsConnect: number; readonly cutAnswer: number };
	readonly onSession: (session: RunSession) => void;
	readonly tell: (update: DriverUpdate) => void;
}

/** Works until the agent's turn is over. Rejects with the typed error of whatever went wrong. */
export async function takeTurn(turn: Turn): Promise<DriverOutcome> {
	await initialize(turn);
	const tools = sessionTools(turn.job, turn.state.initialized);
	const { sessionId, isResumed, kept } = await openSession({ ...turn, servers: tools.servers });
	turn.onSession(kept);
	turn.state.phase = 'working';
	const unwatch = tools.watch(turn.limits.toolsConnect, turn.tell);
	const said = isResumed ? (turn.job.resume?.prompt ?? '') : turn.job.prompt;
	return await takeTurns(turn, { sessionId, tools }, `${said}${tools.prompt}`).finally(unwatch);
}

/** Says what there is to say, turn after turn, until people have nothing to add to what the agent has done. */
async function takeTurns(
	turn: Turn,
	opened: { readonly sessionId: string; readonly tools: ReturnType<typeof sessionTools> },
	task: string,
): Promise<DriverOutcome> {
	let { sessionId } = opened;
	const { steering } = turn.job;
	const first = await rest(turn, steering?.next('start'));
	let said: NextTurn =
		first === undefined ? { text: task, onHeard: () => undefined } : { ...first, text: `${task}\n${first.text}` };
	for (;;) {
		const ended = await takeOne(turn, sessionId, said);
		const outcome =
			ended === 'cut' ? ({ kind: 'cancelled' } as const) : endOfTurn(turn, textAt(ended, 'stopReason'));
		const next = await rest(turn, steering?.next(ended === 'cut' ? 'cut' : 'ended'));
		if (next === undefined) {
			return outcome;
		}
		said = next;
		if (next.isFresh === true) {
			sessionId = await beginAnew(turn, opened.tools.servers);
			said = { ...next, text: `${next.text}\n${opened.tools.prompt}` };
		}
	}
}

/** Another session of the same agent in the same folder, with the same tools. */
async function beginAnew(turn: Turn, servers: SessionParts['servers']): Promise<string> {
	const { job, connection, state } = turn;
	const { resume: _earlier, ...anew } = job;
	const before = state.sessionId;
	if (before !== undefined && canCloseSession(state.initialized)) {
		await connection.request('session/close', { sessionId: before }).catch(() => undefined);
	}
	const { sessionId, kept } = await openSession({
		...turn,
		job: anew,
		...(servers === undefined ? {} : { servers }),
	});
	turn.onSession(kept);
	turn.state.phase = 'working';
	return sessionId;
}

/** One turn: the agent's answer to it, or that it was cut short for what people want. */
async function takeOne(turn: Turn, sessionId: string, { text, onHeard }: NextTurn): Promise<Foreign | 'cut'> {
	const { client, connection, state, job, limits, tell } = turn;
	client.permissions.answerAgain();
	state.onHeard = () => {
		state.onHeard = undefined;
		onHeard();
	};
	const over = new AbortController();
	const answering = prompt(turn, sessionId, text);
	let isCut = false;
	let tooLate: (error: Error) => void = () => undefined;
	const lateness = new Promise<never>((_resolve, reject) => {
		tooLate = reject;
	});
	lateness.catch(() => undefined);
	const cutting = job.steering?.onCut(() => {
		isCut = true;
		tell({ kind: 'note', text: 'The turn is cut short.' });
		client.permissions.cancelAll();
		void connection.notify(methods.agent.session.cancel, { sessionId });
		sleep(limits.cutAnswer, over.signal).then(
			() => tooLate(notCut(connection.facts(), limits.cutAnswer)),
			() => undefined,
		);
	});
	try {
		const answer = await Promise.race([answering, lateness]).catch((error: unknown) => {
			// Some say that they were cancelled by an error.
			if (isCut && isDreamError(error) && !goneCodes.includes(error.code)) {
				return {};
			}
			throw error;
		});
		state.onHeard?.();
		client.updates.flush();
		client.updates.readTurnUsage(answer);
		// What it says of a turn that was cancelled cannot be told from the end of its work.
		return isCut ? 'cut' : answer;
	} finally {
		state.onHeard = undefined;
		cutting?.dispose();
		over.abort();
		if (isCut) {
			client.toolCalls.closeOpen();
		}
	}
}

/** Codes after which there is nobody to say anything to. */
const goneCodes: readonly string[] = ['agent.exited', 'agent.timeout', 'agent.authenticationRequired'];

/** Waits for people while the agent has no turn. */
async function rest(
	{ state }: Pick<Turn, 'state'>,
	next: Promise<NextTurn | undefined> | undefined,
): Promise<NextTurn | undefined> {
	state.isResting = true;
	try {
		return await next;
	} finally {
		state.isResting = false;
	}
}

/** Sends one prompt and waits for the end of its turn. */
export function prompt({ connection }: Pick<Turn, 'connection'>, sessionId: string, text: string): Promise<Foreign> {
	return connection.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] });
}

/** Whether the agent takes `session/close`. */
export function canCloseSession(initialized: Foreign): boolean {
	const capabilities = objectAt(objectAt(initialized, 'agentCapabilities'), 'sessionCapabilities');
	return objectAt(capabilities, 'close') !== undefined;
}

/** Agrees on the protocol. Rejects with `agent.protocol` where there is nothing to agree on. */
export async function initialize({
	job,
	connection,
	client,
	state,
	tell,
}: Pick<Turn, 'job' | 'connection' | 'client' | 'state' | 'tell'>): Promise<void> {
	state.initialized = await connection.request(
		methods.agent.initialize,
		{
			protocolVersion: PROTOCOL_VERSION,
			clientInfo: { name: 'dreamos', title: 'Dream.OS', version: productVersion },
			clientCapabilities: {
				fs: { readTextFile: true, writeTextFile: true },
				terminal: client.services.terminals !== undefined,
				session: { notices: {}, configOptions: { boolean: {} } },
				auth: { terminal: true },
			},
		},
		job.patience.start,
	);
	const version = state.initialized['protocolVersion'];
	if (version === undefined) {
		throw notAnAgent(connection.facts(), 'answered "initialize" without a protocol version');
	}
	if (version !== PROTOCOL_VERSION) {
		throw wrongVersion(connection.facts(), version);
	}
	const info = objectAt(state.initialized, 'agentInfo');
	const name = textAt(info, 'title') ?? textAt(info, 'name');
	if (name !== undefined) {
		tell({ kind: 'note', text: displayLine(`Agent: ${name} ${textAt(info, 'version') ?? ''}`) });
	}
}

function endOfTurn({ connection, client }: Turn, stopReason: string | undefined): DriverOutcome {
	const { updates, permissions } = client;
	switch (stopReason) {
		case 'end_turn':
			if (!client.hasActed) {
				const failure = quietFailure(connection.facts(), updates.hasText ? updates.lastMessage : '');
				if (failure !== undefined) {
					throw failure;
				}
			}
			return { kind: 'finished', summary: summary(updates.lastMessage, permissions.rejected) };
		case 'refusal':
			throw refused(connection.facts(), updates.lastMessage);
		case 'max_tokens':
		case 'max_turn_requests':
			throw limitReached(connection.facts(), stopReason);
		case 'cancelled':
			throw stopped(connection.facts(), permissions.rejected);
		default:
			throw notAnAgent(
				connection.facts(),
				`ended its turn for a reason that is not known here: ${displayLine(stopReason ?? 'none')}`,
			);
	}
}

function summary(lastMessage: string, rejected: readonly string[]): string {
	return lastMessage === '' && rejected.length > 0
		? `Ended after this was not allowed: ${rejected.join('; ')}`
		: lastMessage;
}
