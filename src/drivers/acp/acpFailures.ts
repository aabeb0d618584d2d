// Owns every way a run with an agent can fail, as one code and one reason each: what happened, the next step, and the agent's own
// last words.

import type { LoginWay } from '../../core/agent/agentCheck.ts';
import type { DreamError } from '../../base/errors.ts';
import { describeError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { displayLine, displayText } from '../../base/text.ts';
import { policyPath, runtimePaths } from '../../core/paths.ts';
import { holdsBack, isNotReached } from '../../core/recovery/serviceWords.ts';
import { driverError } from '../driverFailure.ts';
import type { Foreign } from './acpRead.ts';
import { numberAt, objectAt, textAt } from './acpRead.ts';
import type { AgentPhase } from './agentState.ts';

/** What is known of the agent when something goes wrong. */
export interface AgentFacts {
	readonly id: string;
	readonly program: string;
	/** The program with its arguments. */
	readonly command: readonly string[];
	/** Tail of its stderr, often the only reason given. */
	readonly errorOutput: string;
	/** First lines on stdout that were no messages. */
	readonly strayOutput: string;
}

const quotedCharacters = 1_500;

function lastWords(facts: AgentFacts): string {
	const said = facts.errorOutput.trim() === '' ? facts.strayOutput : facts.errorOutput;
	const text = displayText(said.trim()).slice(-quotedCharacters).trim();
	return text === '' ? 'It left no message on stderr.' : `Its last words:\n${text}`;
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
	return driverError('agent.exited', `${facts.id} (${displayLine(facts.program)}) ${how} ${when}.`, {
		advice:
			phase === 'starting'
				? `Start it in a terminal to see why, or correct ${commandField(facts)}.`
				: 'If it happens again, start it in a terminal to see why, or give the task to another agent.',
		// 126 and 127 are a shell's or wrapper's way to say that there is nothing to run.
		isTransient: exit?.exitCode !== 126 && exit?.exitCode !== 127,
		quoted: lastWords(facts),
	});
}

export function notAnAgent(facts: AgentFacts, what: string): DreamError {
	return driverError('agent.protocol', `${facts.id} (${displayLine(facts.program)}) ${what}.`, {
		quoted: lastWords(facts),
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
	const ways = loginWays(facts.command, methods);
	const names = ways.map(({ name, command }) =>
		command === null
			? name
			: `${name}: run ${command.map((word) => displayLine(word, 80)).join(' ')} in a terminal`,
	);
	const offer = names.length === 0 ? 'It names no way to log in.' : `It offers: ${names.join('; ')}.`;
	const what = said === '' ? '' : ` It says: ${said}.`;
	return driverError(
		'agent.authenticationRequired',
		`${facts.id} (${displayLine(facts.program)}) is not logged in.${what} ${offer}`,
		{
			advice: `Log in with the agent's own program in a terminal, or give it its key in the environment of the host.`,
			login: ways,
		},
	);
}

/** The agent's own ways to log in. One of them in a terminal is the agent's command with arguments of its own. */
function loginWays(agentCommand: readonly string[], methods: readonly Foreign[]): LoginWay[] {
	return methods.slice(0, 10).map((method) => {
		const name = displayLine(textAt(method, 'name') ?? textAt(method, 'id') ?? 'unnamed', 80);
		const description = displayLine(textAt(method, 'description') ?? '', 120);
		const words = method['args'];
		const rest = Array.isArray(words) ? words.filter((word) => typeof word === 'string') : [];
		return {
			name: description === '' || description === name ? name : `${name} (${description})`,
			command: method['type'] === 'terminal' ? [...agentCommand, ...rest] : null,
		};
	});
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
		advice:
			rejected.length === 0
				? 'If it happens again, start it in a terminal to see why, or give the task to another agent.'
				: `Allow it in ${policyPath}, or say in the task how to do without it.`,
		isTransient: rejected.length === 0,
	});
}

/** A choice beside the agent that it does not offer. `shown` names it. */
export function notOffered(
	facts: AgentFacts,
	wish: { readonly kind: string },
	shown: string,
	offered: readonly string[],
): DreamError {
	const names = offered.slice(0, 40).map((name) => displayLine(name, 120));
	const list =
		names.length === 0
			? `It offers no choice of that kind.`
			: `It offers: ${names.join(', ')}${offered.length > names.length ? ' …' : ''}.`;
	const field = wish.kind === 'option' ? 'options' : wish.kind;
	return driverError('agent.option', `${facts.id} (${displayLine(facts.program)}) offers no ${shown}. ${list}`, {
		advice: `Correct "${field}" of ${facts.id} in ${runtimePaths.agents}, or leave it out.`,
	});
}

/**
 * The failure behind a turn that ended well although nothing was done: some agents hide an error of their model service so, some
 * say it in words. undefined for an answer in words that is no error.
 */
export function quietFailure(facts: AgentFacts, said: string): DreamError | undefined {
	if (said.trim() === '') {
		return driverError(
			'agent.silent',
			`${facts.id} (${displayLine(facts.program)}) ended its turn without a word and without using a tool, which often hides an error of its model service.`,
			{
				advice: 'Try the agent in a terminal; its key or its model may be refused.',
				isTransient: true,
				quoted: lastWords(facts),
			},
		);
	}
	return /^\s*(?:error\b|api error|stream error|unexpected status|request failed|http \d{3}|\d{3} )/iu.test(said)
		? serviceError(facts, 'working', displayLine(said, 500), undefined)
		: undefined;
}

export function fellSilent(facts: AgentFacts, milliseconds: number): DreamError {
	const seconds = Math.round(milliseconds / 100) / 10;
	return driverError(
		'agent.timeout',
		`${facts.id} (${displayLine(facts.program)}) gave no sign of life for ${seconds} s while it was working and used no tool.`,
		{
			quoted: lastWords(facts),
			advice: 'Some agents retry a refused key in silence: try it in a terminal. If its model only thinks long, raise dreamos.agents.silenceTimeoutSeconds.',
			isTransient: true,
		},
	);
}

/** A turn that was cut short for what people want goes on all the same. */
export function notCut(facts: AgentFacts, milliseconds: number): DreamError {
	return driverError(
		'agent.timeout',
		`${facts.id} (${displayLine(facts.program)}) did not end its turn within ${Math.round(milliseconds / 1_000)} s after it was told to.`,
		{ advice: 'Restart the run, or give the task to another agent.', isTransient: true },
	);
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
	if (isOurFault) {
		return driverError(
			'agent.protocol',
			`${facts.id} (${displayLine(facts.program)}) reported an error while ${phase}: ${said} (${code}).`,
			{ advice: 'Update the agent; the setting dreamos.agents.protocolLog records what was said.' },
		);
	}
	if (refusedKey.test(said)) {
		return authenticationRequired(facts, methods, said);
	}
	return serviceError(facts, phase, `${said} (${code ?? 'no code'})`, code);
}

/** How model services say in words, handed on under any code, that a key is missing or wrong. */
const refusedKey =
	/\b401\b|unauthori[sz]ed|(?:invalid|incorrect|missing|expired) (?:x-)?api[ -]?key|api[ -]?key not valid|not logged in/iu;

/** An error of the model service: to be tried again unless the request itself was refused. */
function serviceError(facts: AgentFacts, phase: AgentPhase, said: string, code: number | undefined): DreamError {
	const who = `${facts.id} (${displayLine(facts.program)})`;
	if (code === 429 || holdsBack.test(said)) {
		return driverError('agent.rateLimited', `${who} was held back by its model service while ${phase}: ${said}.`, {
			advice: 'Wait a while, or give the task to an agent with another service.',
			isTransient: true,
		});
	}
	if (code === 502 || code === 503 || code === 504 || isNotReached.test(said)) {
		return driverError('agent.network', `${who} did not reach its model service while ${phase}: ${said}.`, {
			advice: 'Look whether this machine is online, and whether its service is.',
			isTransient: true,
		});
	}
	return driverError('agent.failed', `${who} reported an error while ${phase}: ${said}.`, {
		advice: 'If it happens again, try the agent in a terminal, or give the task to another agent.',
		isTransient: code !== 400,
	});
}

/** The message of an error with its details, which some agents put only there. */
function errorText(error: Foreign): string {
	const data = error['data'];
	const inData = textAt(data, 'details') ?? textAt(data, 'message') ?? textAt(objectAt(data, 'error'), 'message');
	const details = typeof data === 'string' ? data : inData;
	const message = displayLine(textAt(error, 'message') ?? 'no message', 500);
	const more = displayLine(details ?? '', 500);
	const said = more === '' || message.includes(more) ? message : `${message}: ${more}`;
	return [said, ...reopeningWords(data)].join('; ');
}

/** Under which names services say when they answer again, and as what. A bare number under the others is seconds. */
const reopeningKeys =
	/^(?:retry[-_]?(?:after|delay|in|at)(?:[-_]?ms|[-_]?seconds?)?|(?:x-)?ratelimit[-_]reset|resets?[-_]?(?:at|in|time)?)$/iu;

/** What the data of an error, or the headers in it, say of that, as words that stay with the failure. */
function reopeningWords(data: unknown): string[] {
	const places = [data, objectAt(data, 'headers'), objectAt(data, 'error')];
	return places.flatMap((place) =>
		Object.entries(isJsonObject(place) ? place : {}).flatMap(([key, value]) =>
			reopeningKeys.test(key) && (typeof value === 'string' || typeof value === 'number')
				? [`${key}: ${displayLine(String(value), 80)}`]
				: [],
		),
	);
}
