// Owns the shape of a run: one attempt of one worker at one task, fenced by its epoch.

import type { DriftNote } from '../drift/driftReading.ts';
import type { GateResult } from '../task/task.ts';
import type { RunResources } from './runResources.ts';
import type { RunStray } from './runStrays.ts';

export const runStates = [
	'claimed',
	'preparing',
	'working',
	'validating',
	'review',
	'landing',
	'completed',
	'failed',
	'released',
	'cancelled',
	'blocked',
	'lost',
] as const;
export type RunState = (typeof runStates)[number];

const openStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'review', 'landing'];
/** An open run still holds its task. */
export const isOpenRun = (state: RunState): boolean => openStates.includes(state);

/** States in which a host has a worker at it, or is about to: only then is there somebody to talk to. */
export const drivenStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating'];

/** Whether somebody wants a run that is not over to stand still. */
export const isPausedRun = ({ state, pause }: Pick<Run, 'state' | 'pause'>): boolean =>
	pause !== null && !pause.is_over && isOpenRun(state);

/** What the next attempt needs to go on where an agent was interrupted. */
export interface RunSession {
	/** Which kind of agent understands it. */
	readonly kind: string;
	readonly session_id: string;
	/** The folder it worked in; a session is found by it. */
	readonly cwd: string;
	readonly mode: string | null;
	readonly options: Readonly<Record<string, string | boolean>>;
	readonly opened_at: string;
}

/** Somebody wants the run to stand still; it keeps its task, its session and its worktree. */
export interface RunPause {
	/** Who, such as `human:ann`. */
	readonly by: string;
	readonly at: string;
	/** It may go on, and goes on as soon as a host gets to it. */
	readonly is_over: boolean;
}

export interface Run {
	readonly run_id: string;
	readonly task_id: string;
	/** Which try at the task this is, from 1. */
	readonly attempt: number;
	readonly epoch: number;
	/** Who works: an agent's id or a person's name, as on the board's `claimed_by`. */
	readonly worker: string;
	readonly driver: string;
	readonly state: RunState;
	readonly reason: string | null;
	/** Id of the host that drives it; null for a person's claim. */
	readonly host_id: string | null;
	readonly worktree: string | null;
	readonly base_commit: string | null;
	readonly result_commit: string | null;
	readonly files: readonly string[];
	readonly gates: readonly GateResult[];
	/** Root of the worker's process tree, so that another host can end what a killed one left. */
	readonly pid: number | null;
	readonly pid_started: string | null;
	/** What its processes take of the machine; null before that was measured. */
	readonly resources: RunResources | null;
	/** Files outside of its worktree that changed while it worked, or what another agent did in it; empty where it was contained. */
	readonly strays: readonly RunStray[];
	/** How much its agent drifts from its task, as it was measured last; null before that, and for whom nobody measures. */
	readonly drift: DriftNote | null;
	readonly log_file: string | null;
	/** The agent's own session, where it has one. */
	readonly session: RunSession | null;
	readonly pause: RunPause | null;
	readonly opened_at: string;
	/** Last observed activity; the lease is renewed from it. */
	readonly active_at: string;
	readonly closed_at: string | null;
}

/** What a fenced worker carries with every write. */
export interface RunToken {
	readonly run_id: string;
	readonly epoch: number;
}
