// Owns the life of one run with an agent, from spawn to exit. Whatever happens, it ends with one outcome and no process.

import type {
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
	DriverUpdate,
} from '../../core/driver/driver.ts';
import { failedOutcome } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { createUpdateSink } from '../updateSink.ts';
import type { ClientSide } from './acpClientSide.ts';
import { createClientSide } from './acpClientSide.ts';
import type { AcpConnection } from './acpConnection.ts';
import { openConnection } from './acpConnection.ts';
import { timedOut } from './acpFailures.ts';
import { canCloseSession, takeTurn } from './acpTurn.ts';
import type { AgentState } from './agentState.ts';
import { newAgentState } from './agentState.ts';

/** Longest waits, in milliseconds. Those of a cancel are short, because everything must be gone within 5 s. */
export interface AcpLimits {
	readonly initialize: number;
	readonly newSession: number;
	/** Until an agent that works comes for the tools it was given. */
	readonly toolsConnect: number;
	/** Until a cancelled turn answers. */
	readonly cancelAnswer: number;
	readonly closeSession: number;
	/** Between the end of stdin and the end of the process tree. */
	readonly exitGrace: number;
	/** The same after a cancel or a timeout. */
	readonly cancelGrace: number;
}

export const defaultAcpLimits: AcpLimits = {
	initialize: 30_000,
	newSession: 90_000,
	toolsConnect: 10_000,
	cancelAnswer: 1_000,
	closeSession: 500,
	exitGrace: 2_000,
	cancelGrace: 700,
};

type Interruption = 'cancelled' | 'timeout';

/** The longest time a timer can wait. */
const longestTimer = 2 ** 31 - 1;

export function startAcpRun(
	ports: DriverPorts,
	job: DriverJob,
	listener: DriverListener,
	limits: AcpLimits,
): DriverSession {
	let interrupt: (why: Interruption) => void = () => undefined;
	const interruption = new Promise<Interruption>((resolve) => {
		interrupt = resolve;
	});
	const timer = setTimeout(() => interrupt('timeout'), Math.min(job.timeoutMilliseconds, longestTimer));
	const outcome = live(ports, job, listener, limits, interruption)
		.catch((error: unknown): DriverOutcome => failedOutcome(error, 'agent.failed'))
		.finally(() => clearTimeout(timer));
	return {
		outcome,
		async cancel() {
			interrupt('cancelled');
			await outcome;
		},
	};
}

async function live(
	ports: DriverPorts,
	job: DriverJob,
	listener: DriverListener,
	limits: AcpLimits,
	interruption: Promise<Interruption>,
): Promise<DriverOutcome> {
	const sink = createUpdateSink(listener, ports.clock);
	const tell = (update: DriverUpdate) => sink.push(update);
	const state = newAgentState();
	const environment = jobEnvironment(job);
	const client = createClientSide(ports, job, state, environment, tell);
	try {
		await checkWorktree(ports, job);
		const connection = await openConnection({
			processes: ports.processes,
			agentId: job.agent.id,
			state,
			command: job.agent.command ?? [],
			folder: job.worktree,
			environment,
			services: client.services,
			onUpdate: (parameters) => client.onUpdate(parameters),
			onProcess: (process) => listener.onProcess(process),
			tell,
		});
		const turn = takeTurn({ job, state, connection, client, limits, tell }).catch((error: unknown) =>
			failedOutcome(error, 'agent.failed'),
		);
		const first = await Promise.race([turn, interruption]);
		const isInterrupted = typeof first === 'string';
		const { phase } = state;
		if (isInterrupted) {
			await askToStop({ connection, client, state, turn, limits });
		}
		await end({ connection, client, state, limits }, isInterrupted);
		if (!isInterrupted) {
			return first;
		}
		return first === 'cancelled'
			? { kind: 'cancelled' }
			: failedOutcome(timedOut(connection.facts(), job.timeoutMilliseconds, phase), 'agent.timeout');
	} finally {
		client.updates.flush();
		client.toolCalls.closeOpen();
		sink.close();
	}
}

interface Parts {
	readonly connection: AcpConnection;
	readonly client: ClientSide;
	readonly state: AgentState;
	readonly limits: AcpLimits;
}

/** Cancels the turn as the protocol wants it and waits a little for the agent to agree. */
async function askToStop({
	connection,
	client,
	state,
	turn,
	limits,
}: Parts & { readonly turn: Promise<unknown> }): Promise<void> {
	client.permissions.cancelAll();
	if (state.sessionId !== undefined) {
		void connection.notify('session/cancel', { sessionId: state.sessionId });
		await withinTime(limits.cancelAnswer, turn);
	}
}

/** Closes the session where the agent can, then stdin, then the process tree. */
async function end({ connection, client, state, limits }: Parts, isHurried: boolean): Promise<void> {
	if (state.sessionId !== undefined && canCloseSession(state.initialized)) {
		const closed = connection.request('session/close', { sessionId: state.sessionId }).catch(() => undefined);
		await withinTime(limits.closeSession, closed);
	}
	try {
		await Promise.all([
			client.services.terminals?.dispose(),
			connection.process.stop(isHurried ? limits.cancelGrace : limits.exitGrace),
		]);
	} finally {
		connection.close();
	}
}

/** Resolves with the work or after the time, whichever is first. */
async function withinTime(milliseconds: number, work: Promise<unknown>): Promise<void> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const timeUp = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([work, timeUp]);
	clearTimeout(timer);
}
