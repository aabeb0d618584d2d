// Owns every way a run with an agent can fail, as one code and one reason each: what happened, the agent's own last words,
// and the next step.

import type { DreamError } from '../../base/errors.ts';
import { describeError } from '../../base/errors.ts';
import { displayLine, displayText } from '../../base/text.ts';
import { runtimePaths } from '../../core/paths.ts';
import { driverError } from '../driverFailure.ts';
import type { Foreign } from './acpRead.ts';
import { numberAt, objectAt, textAt } from './acpRead.ts';
import type { AgentPhase } from './agentState.ts';

/** What is known of the agent when something goes wrong. */
export interface AgentFacts {
	readonly id: string;
	readonly program: string;
	/** Tail of its stderr, often the only reason given. */
	readonly errorOutput: string;
	/** First lines on stdout that were no messages. */
	readonly strayOutput: string;
}

const quotedCharacters = 1_500;

function lastWords(facts: AgentFacts): string {
	const said = facts.errorOutput.trim() === '' ? facts.strayOutput : facts.errorOutput;
	const text = displayText(said.trim()).slice(-quotedCharacters).trim();
	return text === '' ? ' It left no message on stderr.' : ` Its last words:\n${text}`;
}

const commandField = (facts: AgentFacts): string => `"command" of ${facts.id} in ${runtimePaths.agents}`;

export function notFound(facts: AgentFacts, error: DreamError): DreamError {
	return driverError('agent.notFound', `${facts.id} cannot start. ${displayLine(error.message, 500)}`, {
		advice: `Install it, or correct ${commandField(facts)}.`,
	});
}

export function notStarted(facts: AgentFacts, error: unknown): DreamError {
	const why = displayLine(describeError(error), 500);
	return driverError(
		'agent.exited',
		`${facts.id} cannot start: "${displayLine(facts.program)}" did not run (${why}).`,
		{
			advice: `Check ${commandField(facts)}.`,
		},
	);
}

export function exited(
	facts: AgentFacts,
	phase: AgentPhase,
	exit: { readonly exitCode: number | undefined; readonly signal: string | undefined } | undefined,
): DreamError {
	const how =
		exit === undefined
			? 'closed its output'
			: exit.exitCode === undefined
				? `was ended by ${exit.signal ?? 'a signal'}`
				: `ended with exit code ${exit.exitCode}`;
	const when = phase === 'starting' ? 'before it answered "initialize"' : `while ${phase}`;
	return driverError(
		'agent.exited',
		`${facts.id} (${displayLine(facts.program)}) ${how} ${when}.${lastWords(facts)}`,
		{
			// 126 and 127 are a shell's or wrapper's way to say that there is nothing to run.
			isTransient: exit?.exitCode !== 126 && exit?.exitCode !== 127,
		},
	);
}

export function notAnAgent(facts: AgentFacts, what: string): DreamError {
	return driverError('agent.protocol', `${facts.id} (${displayLine(facts.program)}) ${what}.${lastWords(facts)}`, {
		advice: `Check that ${commandField(facts)} starts an agent that speaks the Agent Client Protocol, version 1, on stdin and stdout.`,
	});
}

export function wrongVersion(facts: AgentFacts, version: unknown): DreamError {
	const given = displayLine(JSON.stringify(version) ?? 'nothing', 60);
	return driverError(
		'agent.protocol',
		`${facts.id} (${displayLine(facts.program)}) speaks version ${given} of the Agent Client Protocol; this driver speaks version 1.`,
		{ advice: 'Install a version of the agent that speaks protocol version 1.' },
	);
}

function authenticationRequired(facts: AgentFacts, methods: readonly Foreign[], said: string): DreamError {
	const names = methods.slice(0, 10).map((method) => {
		const name = displayLine(textAt(method, 'name') ?? textAt(method, 'id') ?? 'unnamed', 80);
		const description = displayLine(textAt(method, 'description') ?? '', 120);
		return description === '' || description === name ? name : `${name} (${description})`;
	});
	const ways = names.length === 0 ? 'It names no way to log in.' : `It offers: ${names.join('; ')}.`;
	const what = said === '' ? '' : ` It says: ${said}.`;
	return driverError(
		'agent.authenticationRequired',
		`${facts.id} (${displayLine(facts.program)}) is not logged in.${what} ${ways}`,
		{
			advice: `Log in with the agent's own program in a terminal, or give it its key in the environment of the host.`,
		},
	);
}

export function refused(facts: AgentFacts, said: string): DreamError {
	const words = said === '' ? 'It gave no reason.' : `It says: ${displayLine(said, 500)}`;
	return driverError('agent.refused', `${facts.id} refused the task. ${words}`, {
		advice: 'Rewrite the task, or give it to another agent.',
	});
}

export function limitReached(facts: AgentFacts, stopReason: string): DreamError {
	const limit = stopReason === 'max_tokens' ? 'its limit of tokens' : 'its limit of requests in one turn';
	return driverError('agent.limit', `${facts.id} stopped at ${limit} before the task was done.`, {
		advice: 'Split the task into smaller ones, or raise the limit in the settings of the agent.',
	});
}

export function stopped(facts: AgentFacts, rejected: readonly string[]): DreamError {
	const why =
		rejected.length === 0
			? 'nobody had asked it to'
			: `${rejected.length === 1 ? 'this was' : 'these were'} not allowed: ${rejected.join('; ')}`;
	return driverError('agent.stopped', `${facts.id} ended its turn as cancelled; ${displayLine(why, 500)}.`, {
		isTransient: rejected.length === 0,
	});
}

export function timedOut(facts: AgentFacts, milliseconds: number, phase: AgentPhase): DreamError {
	const seconds = Math.round(milliseconds / 100) / 10;
	return driverError(
		'agent.timeout',
		`${facts.id} (${displayLine(facts.program)}) was not done after ${seconds} s, the longest time for one try; it was ${phase}.`,
		{
			advice: 'Raise dreamos.agents.turnTimeoutSeconds or the limits of the agent, or split the task.',
			isTransient: true,
		},
	);
}

/** For an error the agent answered with. `methods` are its ways to log in. */
export function answeredError(
	facts: AgentFacts,
	phase: AgentPhase,
	error: Foreign,
	methods: readonly Foreign[],
): DreamError {
	const code = numberAt(error, 'code');
	const said = errorText(error);
	// -32000 is the protocol's code; some agents hand on the HTTP status of their model service instead.
	if (code === -32000 || code === 401 || code === 403) {
		return authenticationRequired(facts, methods, said);
	}
	if (phase === 'starting') {
		return notAnAgent(facts, `answered "initialize" with an error: ${said} (${code ?? 'no code'})`);
	}
	const isOurFault = code === -32601 || code === -32602 || code === -32600;
	return driverError(
		isOurFault ? 'agent.protocol' : 'agent.failed',
		`${facts.id} (${displayLine(facts.program)}) reported an error while ${phase}: ${said} (${code ?? 'no code'}).`,
		{ isTransient: !isOurFault && code !== 400 },
	);
}

/** The message of an error with its details, which some agents put only there. */
function errorText(error: Foreign): string {
	const data = error['data'];
	const inData = textAt(data, 'details') ?? textAt(data, 'message') ?? textAt(objectAt(data, 'error'), 'message');
	const details = typeof data === 'string' ? data : inData;
	const message = displayLine(textAt(error, 'message') ?? 'no message', 500);
	const more = displayLine(details ?? '', 500);
	return more === '' || message.includes(more) ? message : `${message}: ${more}`;
}
