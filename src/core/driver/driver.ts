// Owns the contract of a driver: how an agent is run. A driver changes files in the worktree and tells what it does; it
// never touches the ledger, the boards or the open workspace.

import type { Disposable } from '../../base/event.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
import type { Container } from '../containment/container.ts';
import type { JobPlaces } from '../containment/containmentPlan.ts';
import type { AgentKeys } from '../agent/agentKeys.ts';
import type { LanguageModelPort } from '../models/languageModel.ts';
import type { Clock, FileSystem, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { PermissionRequest } from '../policy/permissionRequest.ts';
import type { RunSession } from '../run/run.ts';
import type { Task } from '../task/task.ts';
import type { JobTools } from './jobTools.ts';
import type { SharedPlace } from './sharedPlace.ts';

/** What a driver may ask of the machine. Handed in, so that drivers import nothing from node/. */
export interface DriverPorts {
	readonly clock: Clock;
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
	/** Keys a person gave to agents, beside those in the environment. */
	readonly keys?: AgentKeys;
	/** Holds what agents start to their places; without it nothing is contained. */
	readonly container?: Container;
	/** For processes that serve several runs; without it every run has its own. */
	readonly shared?: SharedPlace;
	/** The editor's language models; undefined where nobody asks them. */
	readonly languageModels?: LanguageModelPort | undefined;
}

export interface DriverJob {
	readonly run_id: string;
	readonly task: Task;
	readonly agent: Agent;
	/** Absolute path; everything the driver does stays in here. */
	readonly worktree: string;
	/** The whole worktree and what lies around it; without it the folder is all there is. */
	readonly places?: JobPlaces;
	/** Variables of the workspace, such as where shared caches are; the agent's own win. */
	readonly environment?: Readonly<Record<string, string>>;
	/** The whole first message for an agent with a model. */
	readonly prompt: string;
	readonly attempt: number;
	/** Longest time for the whole job, in milliseconds. */
	readonly timeoutMilliseconds: number;
	readonly permissions: PermissionDoor;
	/** Longest waits for single steps, in milliseconds. */
	readonly patience: DriverPatience;
	/** A session to go on with, and what to say in it; where that is not possible the work begins anew with `prompt`. */
	readonly resume?: { readonly session: RunSession; readonly prompt: string };
	/** What people want of the agent while it works; given to drivers that are steerable. */
	readonly steering?: SteeringDoor;
	/** What the agent may say to us while it works; undefined where nobody serves it. */
	readonly tools?: JobTools;
}

export interface DriverPatience {
	/** Until a started agent answers. */
	readonly start: number;
	/** Until a session is open, which is slow where tools have to be started for it. */
	readonly session: number;
	/** Between two signs of life of an agent that uses no tool; 0 for any time. */
	readonly silence: number;
}

/** What came of a request for permission. */
export interface PermissionVerdict {
	readonly isAllowed: boolean;
	/** One phrase: which rule, setting or person, and why. */
	readonly why: string;
	/** Nobody decided: the run ends, or the agent waits no longer. The answer is `cancelled`, which is not a no. */
	readonly isCancelled: boolean;
	/** A person said "always"; the option for good may be taken where it is the only one. */
	readonly isRemembered: boolean;
	/** For the log: line of the rule, id of the question, who answered. */
	readonly data: Readonly<Record<string, unknown>>;
}

/** The one door that decides what an agent may do: rules, settings, and the person where those say to ask. */
export interface PermissionDoor {
	/** Whether commands may be allowed at all; without that no terminals are offered. */
	readonly mayRunCommands: boolean;
	/**
	 * Decides one request; takes as long as the person does where the rules say to ask. Never rejects: after an abort, and when the
	 * ledger cannot be written, the verdict is no. It is judged as it is; what is written down of it goes through `hide` first.
	 */
	decide(
		request: Omit<PermissionRequest, 'agent'>,
		signal: AbortSignal,
		hide: (text: string) => string,
	): Promise<PermissionVerdict>;
	/** Milliseconds in which the job stood still for a person's answer; its time limits do not count them. */
	waitedMilliseconds(): number;
}

/** What is to be said to an agent in its next turn. */
export interface NextTurn {
	readonly text: string;
	/** It is said in a new session or conversation: the agent knows nothing of the turns before. */
	readonly isFresh?: boolean;
	/** Called at the first sign of the agent after it was told. */
	onHeard(): void;
}

/** `start`: before the first turn. `ended`: a turn is over by itself. `cut`: it was cancelled for what people want. */
export type TurnMoment = 'start' | 'ended' | 'cut';

/** Through it people speak to an agent at work and make it stand still. */
export interface SteeringDoor {
	/** Calls once, when the turn under way is to be cancelled; at once when that is so already. */
	onCut(listener: () => void): Disposable;
	/**
	 * What is said next; takes as long as the run is paused. undefined when there is nothing to say: at the start the task alone is
	 * said, after a turn the work is over. Never rejects.
	 */
	next(moment: TurnMoment): Promise<NextTurn | undefined>;
}

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
	/** Resolves when the work is over and no process of it is left, but one that serves other runs, too. Never rejects. */
	readonly outcome: Promise<DriverOutcome>;
	/** Ends the work: politely first, then the whole process tree. Resolves when nothing is left, within 5 s. */
	cancel(): Promise<void>;
}

/** `sent` goes to the agent, `received` comes from it. */
export type ProtocolDirection = 'sent' | 'received';

export interface DriverListener {
	/** Observed activity; renews the lease. */
	onUpdate(update: DriverUpdate): void;
	/** A process tree of this run began; recorded so that another host can end it after a crash. */
	onProcess(process: ProcessIdentity): void;
	/** One raw line of the agent's protocol; there only where somebody records them. False when no more are wanted. */
	readonly onProtocol?: (direction: ProtocolDirection, line: string) => boolean;
	/** The agent's session is open; recorded so that a later attempt can go on with it. */
	onSession(session: RunSession): void;
	/** Nothing will keep what is started from writing elsewhere. Resolves when what is there now was looked at; never rejects. */
	onUncontained?(): Promise<void>;
	/** A tool call that may change a file names this one, absolute, where the work has no business. Only after `onUncontained`. */
	onOutside?(path: string): void;
}

export interface Driver {
	readonly id: string;
	readonly title: string;
	/** It hands the tools of a job to its agents; nobody opens them for another. */
	readonly givesTools?: true;
	/** Its agents can be spoken to, and stand still, while they work. */
	readonly isSteerable?: true;
	/** Why this agent cannot do this task, as one line a person reads; undefined when it can. */
	refusal(agent: Agent, task: Task): string | undefined;
	start(job: DriverJob, listener: DriverListener): DriverSession;
	/** Tries an agent with a job that changes nothing outside its folder. Never rejects. Not there where there is nothing to try. */
	check?(job: DriverJob, choices: { readonly hasTurns: boolean }): Promise<AgentCheck>;
	/** Ends what is kept ready between runs. Called when the last run is over; resolves when nothing is left. */
	dispose?(): Promise<void>;
}

export type DriverFactory = (ports: DriverPorts) => Driver;
