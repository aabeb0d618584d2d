// Owns the conversation of one run: initialize, a new session in the worktree, the prompt, and what the end of the turn means.

import { productVersion } from '../../base/productVersion.ts';
import { PROTOCOL_VERSION, methods } from '@agentclientprotocol/sdk';
import { displayLine } from '../../base/text.ts';
import type { DriverJob, DriverOutcome, DriverUpdate } from '../../core/driver/driver.ts';
import type { ClientSide } from './acpClientSide.ts';
import type { AcpConnection } from './acpConnection.ts';
import { limitReached, notAnAgent, refused, stopped, wrongVersion } from './acpFailures.ts';
import { modelRequest } from './acpModel.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, textAt } from './acpRead.ts';
import type { SessionTools } from './acpTools.ts';
import { sessionTools } from './acpTools.ts';
import type { AgentState } from './agentState.ts';

export interface Turn {
	readonly job: DriverJob;
	readonly state: AgentState;
	readonly connection: AcpConnection;
	readonly client: ClientSide;
	/** Longest waits for the answers to `initialize` and `session/new`, and for the agent to come for its tools, in milliseconds. */
	readonly limits: { readonly initialize: number; readonly newSession: number; readonly toolsConnect: number };
	readonly tell: (update: DriverUpdate) => void;
}

/** Works until the agent's turn is over. Rejects with the typed error of whatever went wrong. */
export async function takeTurn(turn: Turn): Promise<DriverOutcome> {
	await initialize(turn);
	const tools = sessionTools(turn.job, turn.state.initialized);
	const sessionId = await openSession(turn, tools);
	turn.state.phase = 'working';
	const unwatch = tools.watch(turn.limits.toolsConnect, turn.tell);
	const answer = await turn.connection
		.request(methods.agent.session.prompt, {
			sessionId,
			prompt: [{ type: 'text', text: `${turn.job.prompt}${tools.prompt}` }],
		})
		.finally(unwatch);
	turn.client.updates.flush();
	turn.client.updates.readTurnUsage(answer);
	return endOfTurn(turn, textAt(answer, 'stopReason'));
}

/** Whether the agent takes `session/close`. */
export function canCloseSession(initialized: Foreign): boolean {
	const capabilities = objectAt(objectAt(initialized, 'agentCapabilities'), 'sessionCapabilities');
	return objectAt(capabilities, 'close') !== undefined;
}

async function initialize({ connection, client, state, limits, tell }: Turn): Promise<void> {
	state.initialized = await connection.request(
		methods.agent.initialize,
		{
			protocolVersion: PROTOCOL_VERSION,
			clientInfo: { name: 'dreamos', title: 'Dream.OS', version: productVersion },
			clientCapabilities: {
				fs: { readTextFile: true, writeTextFile: true },
				terminal: client.services.terminals !== undefined,
				session: { notices: {} },
			},
		},
		limits.initialize,
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

async function openSession({ connection, job, state, limits, tell }: Turn, { servers }: SessionTools): Promise<string> {
	state.phase = 'opening a session';
	const session = await connection.request(
		methods.agent.session.new,
		{ cwd: job.worktree, mcpServers: servers },
		limits.newSession,
	);
	const sessionId = textAt(session, 'sessionId');
	if (sessionId === undefined) {
		throw notAnAgent(connection.facts(), 'answered "session/new" without a session id');
	}
	state.sessionId = sessionId;
	if (job.agent.model !== undefined && job.agent.model !== '') {
		const request = modelRequest(job.agent.model, session, sessionId);
		const model = displayLine(job.agent.model);
		if (request === undefined) {
			tell({
				kind: 'note',
				text: `The agent offers no model "${model}"; it works with the one of its own settings.`,
			});
		} else {
			await connection.request(request.method, request.parameters, limits.newSession);
			tell({ kind: 'note', text: `Model: ${model}` });
		}
	}
	return sessionId;
}

function endOfTurn({ connection, client, tell }: Turn, stopReason: string | undefined): DriverOutcome {
	const { updates, toolCalls, permissions } = client;
	switch (stopReason) {
		case 'end_turn':
			if (!updates.hasText && toolCalls.count === 0) {
				// Whether that is a failure depends on the diff, which a driver does not know.
				tell({
					kind: 'note',
					text: 'The agent ended its turn without a word and without using a tool; often this hides an error of its model service.',
					data: { code: 'agent.silent' },
				});
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
