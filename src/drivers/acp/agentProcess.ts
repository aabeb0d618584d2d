// Owns one agent process and the protocol over its pipes, for one session or for several: what the agent asks and tells goes to
// whoever has the session it names, and to nobody else. What a session is asked to do is its run's business.

import type { ClientConnection } from '@agentclientprotocol/sdk';
import { RequestError, client, methods } from '@agentclientprotocol/sdk';
import { isJsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { ProcessRequest, ProcessRunner, RunningProcess } from '../../core/ports.ts';
import type { ClientServices } from './acpServices.ts';
import type { Foreign } from './acpRead.ts';
import { textAt } from './acpRead.ts';
import { createWire } from './acpWire.ts';
import type { AgentState } from './agentState.ts';
import type { ProtocolFilter } from './protocolFilter.ts';

/** One session's side of a process, from before it is open. */
export interface ProcessGuest {
	readonly state: AgentState;
	readonly services: ClientServices;
	onUpdate(parameters: unknown): void;
	/** The agent says something in this session, or something that names none. */
	onActivity(): void;
	/** Every message, as it was sent or came; only for who records them, and has the process for itself. */
	readonly onLine?: ProtocolFilter['add'] | undefined;
	onErrorOutput(text: string): void;
	/** A line on stdout that is no message. Returns true once there is so much of it that this is no agent at all. */
	onText(line: string): boolean;
	onOversize(bytes: number): void;
	/** An answer to nothing we asked, as JSON. */
	onStray(message: string): void;
	/** Takes out what only its own run may know: words that belong to no session are told to all. */
	hide(text: string): string;
}

export interface AgentProcess {
	readonly running: RunningProcess;
	/** The conversation was ended because what came was no protocol. */
	readonly isNonsense: boolean;
	/** Rejects with what the SDK rejects with. `initialize` is asked once, whoever asks first; the others share its answer. */
	ask(method: string, parameters: object): Promise<unknown>;
	/** Never rejects: whoever does not hear it will be ended anyway. */
	notify(method: string, parameters: object): Promise<void>;
	join(guest: ProcessGuest): void;
	/** Hands on nothing more to it; what its session still asks for is refused. */
	leave(guest: ProcessGuest): void;
	/** Ends the protocol; the process is not touched. */
	close(): void;
}

export interface AgentProcessOptions extends Pick<ProcessRequest, 'environment' | 'folder' | 'mark'> {
	readonly processes: ProcessRunner;
	readonly command: readonly string[];
	/** Whether it may serve several sessions. */
	readonly isShared: boolean;
	/** Whether it may ask for terminals at all. */
	readonly hasTerminals: boolean;
}

/** Starts the agent. Rejects with what the spawn is rejected with; once it resolves, somebody must stop the process. */
export async function openAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
	const { command, processes, isShared, hasTerminals, ...request } = options;
	const [program = '', ...rest] = command;
	const guests = new Set<ProcessGuest>();
	/** What was said before anybody was there to hear it. */
	let unheard = '';
	let isNonsense = false;
	let initialized: Promise<unknown> | undefined;

	const all = (tell: (guest: ProcessGuest) => void) => [...guests].forEach(tell);
	const hidden = (text: string) => [...guests].reduce((rest, guest) => guest.hide(rest), text);
	const findGuest = (parameters: unknown): ProcessGuest | undefined => {
		const sessionId = textAt(parameters, 'sessionId');
		const [first, second] = guests;
		const found = [...guests].find(({ state }) => state.sessionId !== undefined && state.sessionId === sessionId);
		// Until a session is open its id is not known. Who is alone judges for itself what is not its own.
		const isAlone = second === undefined && (!isShared || first?.state.sessionId === undefined);
		return found ?? (isAlone ? first : undefined);
	};
	const requireGuest = (parameters: unknown): ProcessGuest => {
		const guest = findGuest(parameters);
		if (guest === undefined) {
			throw RequestError.sessionNotFound(displayLine(textAt(parameters, 'sessionId') ?? ''));
		}
		if (isShared) {
			guest.onActivity();
		}
		return guest;
	};

	const running = await processes.spawn({
		...request,
		command: { program, arguments: rest },
		onErrorOutput(text) {
			if (guests.size === 0) {
				unheard += text;
			}
			const shown = hidden(text);
			all((guest) => guest.onErrorOutput(shown));
		},
	});
	const wire = createWire(running.input, running.output, {
		onUpdate(parameters) {
			const guest = findGuest(parameters);
			if (isShared) {
				guest?.onActivity();
			}
			guest?.onUpdate(parameters);
		},
		// Bytes name no session: the life of one must not hide that another fell silent.
		onActivity: () => (isShared ? undefined : all((guest) => guest.onActivity())),
		onLine: (direction, line) => all((guest) => guest.onLine?.(direction, line)),
		onText(line) {
			const shown = hidden(line);
			all((guest) => {
				if (guest.onText(shown) && guest.state.phase === 'starting') {
					isNonsense = true;
				}
			});
			if (isNonsense) {
				protocol.close();
			}
		},
		onOversize: (bytes) => all((guest) => guest.onOversize(bytes)),
		onStray(message) {
			const shown = hidden(JSON.stringify(message));
			all((guest) => guest.onStray(shown));
		},
	});
	const protocol = serve((parameters) => requireGuest(parameters).services, hasTerminals).connect(wire);
	const ask = (method: string, parameters: object) => protocol.agent.request<unknown>(method, parameters);
	return {
		running,
		get isNonsense() {
			return isNonsense;
		},
		ask: (method, parameters) =>
			method === methods.agent.initialize ? (initialized ??= ask(method, parameters)) : ask(method, parameters),
		async notify(method, parameters) {
			await protocol.agent.notify(method, parameters).catch(() => undefined);
		},
		join(guest) {
			guests.add(guest);
			if (unheard !== '') {
				guest.onErrorOutput(unheard);
				unheard = '';
			}
		},
		leave: (guest) => void guests.delete(guest),
		close: () => protocol.close(),
	};
}

/** What the agent may ask of us. Methods that are not here are answered "method not found" by the SDK. */
function serve(
	servicesFor: (parameters: unknown) => ClientServices,
	hasTerminals: boolean,
): { connect(stream: ReturnType<typeof createWire>): ClientConnection } {
	const app = client({ name: 'dreamos' })
		// With a parser of our own: the SDK's would answer a request with an unknown kind of option by itself.
		.onRequest(
			methods.client.session.requestPermission,
			(parameters: unknown) => (isJsonObject(parameters) ? (parameters as Foreign) : {}),
			({ params, signal }) => servicesFor(params).permission(params, signal),
		)
		.onRequest(methods.client.fs.readTextFile, ({ params }) => servicesFor(params).readFile(params))
		.onRequest(methods.client.fs.writeTextFile, ({ params }) => servicesFor(params).writeFile(params));
	if (hasTerminals) {
		const terminalsFor = (parameters: unknown) => {
			const { terminals } = servicesFor(parameters);
			if (terminals === undefined) {
				throw RequestError.methodNotFound('terminal');
			}
			return terminals;
		};
		const { terminal } = methods.client;
		app.onRequest(terminal.create, ({ params }) => terminalsFor(params).create(params))
			.onRequest(terminal.output, ({ params }) => terminalsFor(params).output(params.terminalId))
			.onRequest(terminal.waitForExit, ({ params }) => terminalsFor(params).waitForExit(params.terminalId))
			.onRequest(terminal.kill, ({ params }) => terminalsFor(params).kill(params.terminalId))
			.onRequest(terminal.release, ({ params }) => terminalsFor(params).release(params.terminalId));
	}
	return app;
}
