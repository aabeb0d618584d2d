// Owns one agent process and the protocol over its pipes: it starts it, serves what it asks of us, and turns every way a
// request can fail into one typed error. What is asked, and when, is the run's business.

import type { ClientConnection } from '@agentclientprotocol/sdk';
import { RequestError, client, methods } from '@agentclientprotocol/sdk';
import { withinTime } from '../../base/async.ts';
import { isDreamError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { ProcessIdentity, ProcessRunner, RunningProcess } from '../../core/ports.ts';
import { createOutputBatch } from '../outputBatch.ts';
import type { AgentFacts } from './acpFailures.ts';
import { answeredError, exited, notAnAgent, notFound, notStarted } from './acpFailures.ts';
import type { ClientServices } from './acpServices.ts';
import type { Foreign } from './acpRead.ts';
import { objectsAt } from './acpRead.ts';
import { createStdoutNotes } from './acpStdoutNotes.ts';
import { createWire } from './acpWire.ts';
import type { AgentState } from './agentState.ts';

export interface AcpConnection {
	readonly process: RunningProcess;
	/** The answer to a request, `{}` when it is no object. Rejects with an error whose code tells the outcome of the run. */
	request(method: string, parameters: object, milliseconds?: number): Promise<Foreign>;
	/** Never rejects: whoever does not hear it will be ended anyway. */
	notify(method: string, parameters: object): Promise<void>;
	/** Ends the protocol and tells what was held back; the process is not touched. */
	close(): void;
	facts(): AgentFacts;
}

export interface ConnectionOptions {
	readonly processes: ProcessRunner;
	readonly agentId: string;
	readonly state: AgentState;
	readonly command: readonly string[];
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly services: ClientServices;
	readonly onUpdate: (parameters: unknown) => void;
	/** Whenever the agent says anything at all. */
	readonly onActivity: () => void;
	readonly onProcess: (process: ProcessIdentity) => void;
	readonly tell: (update: DriverUpdate) => void;
}

const errorTailCharacters = 8_000;
/** How long a closed connection waits for the exit code, in milliseconds. */
const exitWait = 2_000;

/** Starts the agent. Rejects with `agent.notFound` or `agent.exited`; once it resolves, somebody must stop the process. */
export async function openConnection(options: ConnectionOptions): Promise<AcpConnection> {
	const { state } = options;
	const [program = '', ...rest] = options.command;
	let errorTail = '';
	const errorBatch = createOutputBatch((text) => options.tell({ kind: 'output', text, data: { stream: 'stderr' } }));
	const stdoutNotes = createStdoutNotes(options.tell);
	const facts = (): AgentFacts => ({
		id: options.agentId,
		program,
		command: options.command,
		errorOutput: errorTail,
		strayOutput: stdoutNotes.firstText,
	});

	let running: RunningProcess;
	try {
		running = await options.processes.spawn({
			command: { program, arguments: rest },
			folder: options.folder,
			environment: options.environment,
			onStart: options.onProcess,
			onErrorOutput(text) {
				errorTail = (errorTail + text).slice(-errorTailCharacters);
				errorBatch.add(text);
			},
		});
	} catch (error) {
		throw isDreamError(error, 'process.notFound') ? notFound(facts(), error) : notStarted(facts(), error);
	}
	let isNonsense = false;
	const wire = createWire(running.input, running.output, {
		onUpdate: options.onUpdate,
		onActivity: options.onActivity,
		onText(line) {
			if (stdoutNotes.add(line) && state.phase === 'starting') {
				isNonsense = true;
				protocol.close();
			}
		},
		onOversize: (bytes) =>
			options.tell({
				kind: 'note',
				text: `The agent sent a message of ${bytes} bytes, which is too large; it was left out.`,
			}),
		onStray: (message) => stdoutNotes.addStray(displayLine(JSON.stringify(message), 300)),
	});
	const protocol = serve(options.services).connect(wire);

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
		if (isNonsense) {
			return notAnAgent(facts(), 'prints text where messages of the protocol are expected');
		}
		return exited(facts(), state.phase, await withinTime(exitWait, running.exited));
	};
	return {
		process: running,
		facts,
		async request(method, parameters, milliseconds) {
			const sent = protocol.agent.request<unknown>(method, parameters);
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
		async notify(method, parameters) {
			await protocol.agent.notify(method, parameters).catch(() => undefined);
		},
		close() {
			protocol.close();
			errorBatch.dispose();
			stdoutNotes.close();
		},
	};
}

const silence = Symbol('no answer in time');

/** What the agent may ask of us. Methods that are not here are answered "method not found" by the SDK. */
function serve(services: ClientServices): { connect(stream: ReturnType<typeof createWire>): ClientConnection } {
	const app = client({ name: 'dreamos' })
		// With a parser of our own: the SDK's would answer a request with an unknown kind of option by itself.
		.onRequest(
			methods.client.session.requestPermission,
			(parameters: unknown) => (isJsonObject(parameters) ? (parameters as Foreign) : {}),
			({ params, signal }) => services.permission(params, signal),
		)
		.onRequest(methods.client.fs.readTextFile, ({ params }) => services.readFile(params))
		.onRequest(methods.client.fs.writeTextFile, ({ params }) => services.writeFile(params));
	if (services.terminals !== undefined) {
		const { terminals } = services;
		app.onRequest(methods.client.terminal.create, ({ params }) => terminals.create(params))
			.onRequest(methods.client.terminal.output, ({ params }) => terminals.output(params.terminalId))
			.onRequest(methods.client.terminal.waitForExit, ({ params }) => terminals.waitForExit(params.terminalId))
			.onRequest(methods.client.terminal.kill, ({ params }) => terminals.kill(params.terminalId))
			.onRequest(methods.client.terminal.release, ({ params }) => terminals.release(params.terminalId));
	}
	return app;
}
