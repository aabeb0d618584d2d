// Owns the contract of a driver: how an agent is run. A driver changes files in the worktree and tells what it does; it
// never touches the ledger, the boards or the open workspace.

import type { Agent } from '../agent/agent.ts';
import type { Clock, FileSystem, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Task } from '../task/task.ts';
import type { JobTools } from './jobTools.ts';

/** What a driver may ask of the machine. Handed in, so that drivers import nothing from node/. */
export interface DriverPorts {
	readonly clock: Clock;
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
}

export interface DriverJob {
	readonly run_id: string;
	readonly task: Task;
	readonly agent: Agent;
	/** Absolute path; everything the driver does stays in here. */
	readonly worktree: string;
	/** The whole first message for an agent with a model. */
	readonly prompt: string;
	readonly attempt: number;
	/** Longest time for the whole job, in milliseconds. */
	readonly timeoutMilliseconds: number;
	readonly permissions: PermissionPolicy;
	/** What the agent may say to us while it works; undefined where nobody serves it. */
	readonly tools?: JobTools;
}

/** What is answered when an agent asks. `allowInWorktree` allows what stays inside the worktree and rejects the rest. */
export type PermissionPolicy = 'allowInWorktree' | 'deny';

/** One line of the run's log. Text is foreign: show it through displayText. */
export interface DriverUpdate {
	readonly kind: 'message' | 'thought' | 'tool' | 'output' | 'plan' | 'permission' | 'usage' | 'note';
	readonly text: string;
	readonly data?: Readonly<Record<string, unknown>>;
}

export type DriverOutcome =
	| { readonly kind: 'finished'; readonly summary: string }
	| {
			readonly kind: 'failed';
			/** Stable code such as `agent.notFound`, `agent.protocol`, `command.exit`. */
			readonly code: `${string}.${string}`;
			readonly reason: string;
			/** Whether another try can help without a person doing something first. */
			readonly isTransient: boolean;
	  }
	| { readonly kind: 'cancelled' };

export interface DriverSession {
	/** Resolves when the work is over and no process of it is left. Never rejects. */
	readonly outcome: Promise<DriverOutcome>;
	/** Ends the work: politely first, then the whole process tree. Resolves when nothing is left, within 5 s. */
	cancel(): Promise<void>;
}

export interface DriverListener {
	/** Observed activity; renews the lease. */
	onUpdate(update: DriverUpdate): void;
	/** A process tree of this run began; recorded so that another host can end it after a crash. */
	onProcess(process: ProcessIdentity): void;
}

export interface Driver {
	readonly id: string;
	readonly title: string;
	/** It hands the tools of a job to its agents; nobody opens them for another. */
	readonly givesTools?: true;
	/** Why this agent cannot do this task, as one line a person reads; undefined when it can. */
	refusal(agent: Agent, task: Task): string | undefined;
	start(job: DriverJob, listener: DriverListener): DriverSession;
}

export type DriverFactory = (ports: DriverPorts) => Driver;
