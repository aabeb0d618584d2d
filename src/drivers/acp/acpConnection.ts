// Owns one run's side of an agent process: it turns every way a request can fail into one typed error, and keeps what the agent
// said outside of the protocol for it. What is asked, and when, is the run's business.

import { RequestError } from '@agentclientprotocol/sdk';
import { withinTime } from '../../base/async.ts';
import { isDreamError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { ProcessIdentity, ProcessRunner } from '../../core/ports.ts';
import { createOutputBatch } from '../outputBatch.ts';
import type { AgentFacts } from './acpFailures.ts';
import type { ProtocolFilter } from './protocolFilter.ts';
import { answeredError, exited, notAnAgent, notFound, notStarted } from './acpFailures.ts';
import type { ClientServices } from './acpServices.ts';
import type { Foreign } from './acpRead.ts';
import { objectsAt } from './acpRead.ts';
import { createStdoutNotes } from './acpStdoutNotes.ts';
import type { ProcessGuest } from './agentProcess.ts';
import { openAgentProcess } from './agentProcess.ts';
import type { AgentState } from './agentState.ts';
import type { ProcessPlace } from './sharedProcesses.ts';

export interface AcpConnection {
	/** The answer to a request, `{}` when it is no object. Rejects with an error whose code tells the outcome of the run. */
	request(method: string, parameters: object, milliseconds?: number): Promise<Foreign>;
	/** Never rejects: whoever does not hear it will be ended anyway. */
	notify(method: string, parameters: object): Promise<void>;
	/**
	 * Ends the process with everything it started, or leaves it to the other runs it serves, and tells what was held back. `isClean`:
	 * it may serve another run after this one.
	 */
	leave(graceMilliseconds: number, isClean?: boolean): Promise<void>;
	facts(): AgentFacts;
}

export interface ConnectionOptions {
	/** Finds the process, or starts it. */
	readonly enter: () => Promise<ProcessPlace>;
	readonly agentId: string;
	readonly state: AgentState;
	readonly command: readonly string[];
	readonly services: ClientServices;
	readonly onUpdate: (parameters: unknown) => void;
	/** Whenever the agent says anything at all. */
	readonly onActivity: () => void;
	readonly onProcess: (process: ProcessIdentity) => void;
	readonly onProtocol?: ProtocolFilter['add'] | undefined;
	/** Takes out what no other run of the same process may be told. */
	readonly hide: (text: string) => string;
	readonly tell: (update: DriverUpdate) => void;
}

const errorTailCharacters = 8_000;
/** How long a closed connection waits for the exit code, in milliseconds. */
const exitWait = 2_000;

/** A process of one run's own. Rejects with what the spawn is rejected with. */
export async function ownPlace(
	options: Pick<ConnectionOptions, 'command' | 'services'> & {
		readonly processes: ProcessRunner;
		readonly folder: string;
		readonly environment: Readonly<Record<string, string | undefined>>;
	},
): Promise<ProcessPlace> {
	const { processes, command, folder, environment, services } = options;
	const hasTerminals = services.terminals !== undefined;
	const process = await openAgentProcess({
		processes,
		command,
		folder,
		environment,
		isShared: false,
		hasTerminals,
	});
	return {
		process,
		async release(graceMilliseconds) {
			try {
				await process.running.stop(graceMilliseconds);
			} finally {
				process.close();
			}
		},
	};
}

/** Joins the agent. Rejects with `agent.notFound` or `agent.exited`; once it resolves, somebody must leave it. */
export async function openConnection(options: ConnectionOptions): Promise<AcpConnection> {
	const { state, command } = options;
	const [program = ''] = command;
	let errorTail = '';
	const errorBatch = createOutputBatch((text) => options.tell({ kind: 'output', text, data: { stream: 'stderr' } }));
	const stdoutNotes = createStdoutNotes(options.tell);
	const facts = (): AgentFacts => ({
		id: options.agentId,
		program,
		command,
		errorOutput: errorTail,
		strayOutput: stdoutNotes.firstText,
	});
	let place: ProcessPlace;
	try {
		place = await options.enter();
	} catch (error) {
		throw isDreamError(error, 'process.notFound') ? notFound(facts(), error) : notStarted(facts(), error);
	}
	const { process } = place;
	const guest: ProcessGuest = {
		state,
		services: options.services,
		onUpdate: options.onUpdate,
		onActivity: options.onActivity,
		onLine: options.onProtocol,
		onErrorOutput(text) {
			errorTail = (errorTail + text).slice(-errorTailCharacters);
			errorBatch.add(text);
		},
		onText: (line) => stdoutNotes.add(line),
		onOversize: (bytes) =>
			options.tell({
				kind: 'note',
				text: `The agent sent a message of ${bytes} bytes, which is too large; it was left out.`,
			}),
		onStray: (message) => stdoutNotes.addStray(displayLine(message, 300)),
		hide: options.hide,
	};
	process.join(guest);
	try {
		options.onProcess(process.running.identity);
	} catch {
		// As with updates: a listener that fails is not the agent's fault.
	}

	/** The typed error for whatever a request was rejected with. */
	const explain = async (error: unknown): Promise<Error> => {
		if (error instanceof RequestError) {
			return answeredError(
				facts(),
				state.phase,
				error.toErrorResponse(),
				objectsAt(state.initialized, 'authMethods'),
			);
		}
		if (process.isNonsense) {
			return notAnAgent(facts(), 'prints text where messages of the protocol are expected');
		}
		return exited(facts(), state.phase, await withinTime(exitWait, process.running.exited));
	};
	return {
		facts,
		async request(method, parameters, milliseconds) {
			const sent = process.ask(method, parameters);
			const answer = await (milliseconds === undefined ? sent : withinTime(milliseconds, sent, silence)).catch(
				async (error: unknown) => {
					throw await explain(error);
				},
			);
			if (answer === silence) {
				throw notAnAgent(facts(), `did not answer "${method}" within ${(milliseconds ?? 0) / 1_000} s`);
			}
			return isJsonObject(answer) ? answer : {};
		},
		notify: (method, parameters) => process.notify(method, parameters),
		async leave(graceMilliseconds, isClean = false) {
			try {
				await place.release(graceMilliseconds, isClean);
			} finally {
				process.leave(guest);
				errorBatch.dispose();
				stdoutNotes.close();
			}
		},
	};
}

const silence = Symbol('no answer in time');
