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
import type { ContainedProcesses } from '../containedProcesses.ts';
import { containProcesses } from '../containedProcesses.ts';
import { failedOutcome } from '../driverFailure.ts';
import { commonEnvironment, jobEnvironment } from '../jobEnvironment.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { hideInOutcome, hideValues, jobSecrets, withoutSecrets } from '../secretFilter.ts';
import type { SilenceWatch } from '../silenceWatch.ts';
import { watchSilence } from '../silenceWatch.ts';
import { createUpdateSink } from '../updateSink.ts';
import type { ClientSide } from './acpClientSide.ts';
import { createClientSide } from './acpClientSide.ts';
import type { AcpConnection } from './acpConnection.ts';
import { openConnection, ownPlace } from './acpConnection.ts';
import type { ProtocolFilter } from './protocolFilter.ts';
import { createProtocolFilter } from './protocolFilter.ts';
import { fellSilent, timedOut } from './acpFailures.ts';
import type { ClientServices } from './acpServices.ts';
import { canCloseSession, takeTurn } from './acpTurn.ts';
import { createNamedOutside } from './namedOutside.ts';
import { openAgentProcess } from './agentProcess.ts';
import type { AgentState } from './agentState.ts';
import { newAgentState } from './agentState.ts';
import { sharedKey } from './sharedKey.ts';
import type { ProcessPlace, SharedProcesses, SharingLimits } from './sharedProcesses.ts';
import { defaultSharingLimits } from './sharedProcesses.ts';

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
	readonly sharing: SharingLimits;
}

export const defaultAcpLimits: AcpLimits = {
	toolsConnect: 10_000,
	cancelAnswer: 800,
	cutAnswer: 15_000,
	closeSession: 500,
	exitGrace: 2_000,
	cancelGrace: 500,
	sharing: defaultSharingLimits,
};

type Interruption = 'cancelled' | 'timeout' | 'silence';

/** What the runs of a driver have in common. */
export interface AcpRuns {
	readonly ports: DriverPorts;
	readonly limits: AcpLimits;
	readonly starts: FirstStarts;
	readonly shared: SharedProcesses;
}

export function startAcpRun(runs: AcpRuns, job: DriverJob, listener: DriverListener): DriverSession {
	const { ports } = runs;
	const secrets = jobSecrets(job, ports.keys);
	const hide = hideValues(secrets);
	const protocol = createProtocolFilter(listener.onProtocol, secrets);
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
		...runs,
		job,
		listener: withoutSecrets(listener, hide),
		onProtocol: protocol?.add,
		interruption,
		interrupt: (why) => interrupt(why),
	})
		.catch((error: unknown): DriverOutcome => failedOutcome(error, 'agent.failed'))
		.then((ended) => hideInOutcome(ended, hide))
		.finally(() => {
			over.abort();
			protocol?.flush();
		});
	return {
		outcome,
		async cancel() {
			interrupt('cancelled');
			await outcome;
		},
	};
}

interface Life extends AcpRuns {
	readonly job: DriverJob;
	readonly listener: DriverListener;
	/** Not there where nobody records. */
	readonly onProtocol: ProtocolFilter['add'] | undefined;
	readonly interruption: Promise<Interruption>;
	readonly interrupt: (why: Interruption) => void;
}

async function live(life: Life): Promise<DriverOutcome> {
	const { ports, job, listener, onProtocol, limits, starts, interruption, interrupt } = life;
	const sink = createUpdateSink(listener, ports.clock);
	const tell = (update: DriverUpdate) => sink.push(update);
	const state = newAgentState();
	const environment = jobEnvironment(job, ports.keys);
	let contained: ContainedProcesses;
	try {
		await checkWorktree(ports, job);
		contained = await containProcesses(ports, job, environment);
		if (!contained.isContained) {
			await listener.onUncontained?.();
		}
	} catch (error) {
		sink.close();
		throw error;
	}
	const client = createClientSide(
		{ ...ports, processes: contained.processes },
		job,
		state,
		environment,
		tell,
		contained.isContained
			? undefined
			: (fence) => createNamedOutside(fence, contained.plan, (path) => listener.onOutside?.(path)),
	);
	let whenUp: (isUp: boolean) => void = () => undefined;
	let silence: SilenceWatch | undefined;
	try {
		const entered = enterAlone(starts, job);
		const early = await Promise.race([entered, interruption]);
		if (typeof early === 'string') {
			void entered.then((leave) => leave(false));
			return early === 'cancelled' ? { kind: 'cancelled' } : neverStarted(job);
		}
		whenUp = early;
		if (ports.container !== undefined) {
			tell({ kind: 'note', text: `${job.agent.id} is ${contained.text}.` });
		}
		const connection = await openConnection({
			enter: () => enterProcess(life, contained, client.services, environment),
			agentId: job.agent.id,
			state,
			command: job.agent.command ?? [],
			services: client.services,
			onUpdate: (parameters) => client.onUpdate(parameters),
			onActivity: () => {
				silence?.hear();
				state.onHeard?.();
			},
			onProcess: (process) => listener.onProcess(process),
			onProtocol,
			hide: (text) => job.tools?.redact(text) ?? text,
			tell,
		});
		const onSession = (session: RunSession) => {
			whenUp(true);
			try {
				listener.onSession(session);
			} catch {
				// As with updates: a listener that fails is not the agent's fault.
			}
			silence?.dispose();
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
		const hasStopped = !isInterrupted || (await askToStop({ connection, client, state, turn, limits }));
		// Where something went wrong nobody is sent after.
		const isClean = first === 'cancelled' ? hasStopped : typeof first !== 'string' && first.kind === 'finished';
		await end({ connection, client, state, limits }, isInterrupted, isClean);
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
		await client.settle();
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

/** Cancels the turn as the protocol wants it and waits a little for the agent to agree; true when it did. */
async function askToStop({
	connection,
	client,
	state,
	turn,
	limits,
}: Parts & { readonly turn: Promise<unknown> }): Promise<boolean> {
	client.permissions.cancelAll();
	if (state.sessionId !== undefined) {
		void connection.notify('session/cancel', { sessionId: state.sessionId });
		return await isDoneWithin(limits.cancelAnswer, turn);
	}
	return false;
}

/** Closes the session where the agent can; then stdin and the process tree, where no other run needs them. */
async function end({ connection, client, state, limits }: Parts, isHurried: boolean, isClean: boolean): Promise<void> {
	let isClosed = true;
	if (state.sessionId !== undefined && canCloseSession(state.initialized)) {
		const closed = connection.request('session/close', { sessionId: state.sessionId }).catch(() => undefined);
		isClosed = await isDoneWithin(limits.closeSession, closed);
	}
	await Promise.all([
		client.services.terminals?.dispose(),
		connection.leave(isHurried ? limits.cancelGrace : limits.exitGrace, isClean && isClosed),
	]);
}

/** The process of this run alone, or the one it may share. */
async function enterProcess(
	{ ports, job, shared, onProtocol }: Life,
	{ processes, isContained }: ContainedProcesses,
	services: ClientServices,
	environment: Readonly<Record<string, string>>,
): Promise<ProcessPlace> {
	const { command = [] } = job.agent;
	const common = commonEnvironment(job, ports.keys);
	// Whose messages are recorded has a process alone: those of others are none of its business.
	const mayShare = ports.shared !== undefined && onProtocol === undefined;
	const key = mayShare ? sharedKey(job, common, isContained) : undefined;
	if (ports.shared === undefined || key === undefined) {
		return await ownPlace({ processes, command, services, folder: job.worktree, environment });
	}
	const { folder, mark } = ports.shared;
	return await shared.enter(key, job.worktree, () =>
		openAgentProcess({
			processes,
			command,
			folder,
			environment: common,
			mark,
			isShared: true,
			hasTerminals: services.terminals !== undefined,
		}),
	);
}

/** Waits for the work, but not longer than that; true when it is done. Rejects as the work does. */
const isDoneWithin = (milliseconds: number, work: Promise<unknown>): Promise<boolean> =>
	withinTime(
		milliseconds,
		work.then(() => true),
		false,
	);
