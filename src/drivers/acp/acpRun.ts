// Owns the life of one run with an agent, from spawn to exit. Whatever happens, it ends with one outcome and no process.

import { sleepWithoutWaits, withinTime } from '../../base/async.ts';
import { presetOf } from '../../core/agent/agentPresets.ts';
import type {
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
	DriverUpdate,
} from '../../core/driver/driver.ts';
import type { FirstStarts } from '../firstStarts.ts';
import type { RunSession } from '../../core/run/run.ts';
import { failedOutcome } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { hideInOutcome, jobSecretFilter, withoutSecrets } from '../secretFilter.ts';
import type { SilenceWatch } from '../silenceWatch.ts';
import { watchSilence } from '../silenceWatch.ts';
import { createUpdateSink } from '../updateSink.ts';
import type { ClientSide } from './acpClientSide.ts';
import { createClientSide } from './acpClientSide.ts';
import type { AcpConnection } from './acpConnection.ts';
import { openConnection } from './acpConnection.ts';
import { fellSilent, timedOut } from './acpFailures.ts';
import { canCloseSession, takeTurn } from './acpTurn.ts';
import type { AgentState } from './agentState.ts';
import { newAgentState } from './agentState.ts';

/** Longest waits, in milliseconds. Those of a cancel are short, because everything must be gone within 5 s. */
export interface AcpLimits {
	/** Until an agent that works comes for the tools it was given. */
	readonly toolsConnect: number;
	/** Until a cancelled turn answers. */
	readonly cancelAnswer: number;
	/** Until a turn ends that is cancelled for what people want; after that the agent has to go. */
	readonly cutAnswer: number;
	readonly closeSession: number;
	/** Between the end of stdin and the end of the process tree. */
	readonly exitGrace: number;
	/** The same after a cancel or a timeout. */
	readonly cancelGrace: number;
}

export const defaultAcpLimits: AcpLimits = {
	toolsConnect: 10_000,
	cancelAnswer: 1_000,
	cutAnswer: 15_000,
	closeSession: 500,
	exitGrace: 2_000,
	cancelGrace: 700,
};

type Interruption = 'cancelled' | 'timeout' | 'silence';

export function startAcpRun(
	ports: DriverPorts,
	job: DriverJob,
	listener: DriverListener,
	limits: AcpLimits,
	starts: FirstStarts,
): DriverSession {
	const hide = jobSecretFilter(job, ports.keys);
	let interrupt: (why: Interruption) => void = () => undefined;
	const interruption = new Promise<Interruption>((resolve) => {
		interrupt = resolve;
	});
	const over = new AbortController();
	sleepWithoutWaits(job.timeoutMilliseconds, () => job.permissions.waitedMilliseconds(), over.signal).then(
		() => interrupt('timeout'),
		() => undefined,
	);
	const outcome = live({
		ports,
		job,
		listener: withoutSecrets(listener, hide),
		limits,
		starts,
		interruption,
		interrupt: (why) => interrupt(why),
	})
		.catch((error: unknown): DriverOutcome => failedOutcome(error, 'agent.failed'))
		.then((ended) => hideInOutcome(ended, hide))
		.finally(() => over.abort());
	return {
		outcome,
		async cancel() {
			interrupt('cancelled');
			await outcome;
		},
	};
}

interface Life {
	readonly ports: DriverPorts;
	readonly job: DriverJob;
	readonly listener: DriverListener;
	readonly limits: AcpLimits;
	readonly starts: FirstStarts;
	readonly interruption: Promise<Interruption>;
	readonly interrupt: (why: Interruption) => void;
}

async function live({ ports, job, listener, limits, starts, interruption, interrupt }: Life): Promise<DriverOutcome> {
	const sink = createUpdateSink(listener, ports.clock);
	const tell = (update: DriverUpdate) => sink.push(update);
	const state = newAgentState();
	const environment = jobEnvironment(job, ports.keys);
	const client = createClientSide(ports, job, state, environment, tell);
	let whenUp: (isUp: boolean) => void = () => undefined;
	let silence: SilenceWatch | undefined;
	try {
		await checkWorktree(ports, job);
		const entered = enterAlone(starts, job);
		const early = await Promise.race([entered, interruption]);
		if (typeof early === 'string') {
			void entered.then((leave) => leave(false));
			return early === 'cancelled' ? { kind: 'cancelled' } : neverStarted(job);
		}
		whenUp = early;
		const connection = await openConnection({
			processes: ports.processes,
			agentId: job.agent.id,
			state,
			command: job.agent.command ?? [],
			folder: job.worktree,
			environment,
			services: client.services,
			onUpdate: (parameters) => client.onUpdate(parameters),
			onActivity: () => {
				silence?.hear();
				state.onHeard?.();
			},
			onProcess: (process) => listener.onProcess(process),
			tell,
		});
		const onSession = (session: RunSession) => {
			whenUp(true);
			try {
				listener.onSession(session);
			} catch {
				// As with updates: a listener that fails is not the agent's fault.
			}
			silence = watchSilence(ports.clock, job.patience.silence, {
				isExcused: () => client.isUsingTool || state.isResting,
				waitedMilliseconds: () => job.permissions.waitedMilliseconds(),
				onSilent: () => interrupt('silence'),
			});
		};
		const turn = takeTurn({ job, state, connection, client, limits, onSession, tell }).catch((error: unknown) =>
			failedOutcome(error, 'agent.failed'),
		);
		const first = await Promise.race([turn, interruption]);
		const isInterrupted = typeof first === 'string';
		const { phase } = state;
		if (isInterrupted) {
			await askToStop({ connection, client, state, turn, limits });
		}
		await end({ connection, client, state, limits }, isInterrupted);
		switch (first) {
			case 'cancelled':
				return { kind: 'cancelled' };
			case 'silence':
				return failedOutcome(fellSilent(connection.facts(), job.patience.silence), 'agent.timeout');
			case 'timeout':
				return failedOutcome(timedOut(connection.facts(), job.timeoutMilliseconds, phase), 'agent.timeout');
			default:
				return first;
		}
	} finally {
		whenUp(false);
		silence?.dispose();
		client.updates.flush();
		client.toolCalls.closeOpen();
		sink.close();
	}
}

/** Waits until an agent may start that must not start beside another of its kind. */
function enterAlone(starts: FirstStarts, job: DriverJob): Promise<(isUp: boolean) => void> {
	const preset = presetOf(job.agent);
	return preset?.quirks.startsAlone === true ? starts.enter(preset.id) : Promise.resolve(() => undefined);
}

const neverStarted = ({ agent, timeoutMilliseconds }: DriverJob): DriverOutcome => ({
	kind: 'failed',
	code: 'agent.timeout',
	reason: `${agent.id} waited ${Math.round(timeoutMilliseconds / 1_000)} s for another agent of its kind to start.`,
	isTransient: true,
});

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
