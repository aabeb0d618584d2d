// Owns what the core asks of the ledger: reads, and transactions that are acknowledged only after they are durable.

import type { DreamError } from '../base/errors.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Disposable } from '../base/event.ts';
import type { Actor } from './actor.ts';
import type { Agent } from './agent/agent.ts';
import type { StoredTurnUsage, TurnUsage } from './budget/usage.ts';
import type { EventType, LedgerEvent, NewEvent } from './events.ts';
import type { ModelRequest, ModelRequestEnd, ModelRequestHead } from './models/modelRequest.ts';
import type { LedgerChanged } from './ports.ts';
import type { RunOutcome } from './figures/workRecord.ts';
import type { Question } from './question/question.ts';
import type { Run, RunState, RunToken } from './run/run.ts';
import type { Claimed, ClaimRequest } from './task/advanceTask.ts';
import type { ArchiveName, BoardFileName } from './task/archive.ts';
import type { ProposedMove } from './task/moveTask.ts';
import type { SearchTier } from './search/searchDocument.ts';
import type { PageRequest, SearchQuery } from './search/searchQuery.ts';
import type { StoredTask } from './task/task.ts';
import type { PlainTask } from './task/plainTask.ts';
import type { BoardName, MoveName, TaskStatus } from './task/taskStatus.ts';

export interface TaskFilter {
	readonly status?: readonly TaskStatus[];
	readonly board?: BoardName;
	/** Matches `claimed_by` or `assigned_agent`. */
	readonly agent?: string;
	readonly ids?: readonly string[];
	/** Only tasks a person pinned. */
	readonly isPinned?: true;
	/** Only tasks that stand on one of these files; all boards, and no archive, leave out what was finished long ago. */
	readonly files?: readonly BoardFileName[];
}

/** A task that is a part of another; what trees of tasks are made of. */
export interface TaskPart {
	readonly task_id: string;
	readonly parent: string;
	readonly status: TaskStatus;
}

export interface RunFilter {
	readonly task_id?: string;
	readonly worker?: string;
	readonly state?: readonly RunState[];
	readonly limit?: number;
}

export interface EventFilter {
	/** Only events with a higher sequence. */
	readonly after?: number;
	readonly task_id?: string;
	readonly run_id?: string;
	/** Stamped with exactly this time. */
	readonly at?: string;
	readonly types?: readonly EventType[];
	readonly limit?: number;
	/** Newest first instead of oldest first. */
	readonly newestFirst?: boolean;
}

/** What we know of a board file. The mirror compares the file with `base` before it writes. */
export interface BoardState {
	readonly name: BoardFileName;
	/** Sequence of the last change that this board has to show. */
	readonly dirty_sequence: number;
	/** Sequence up to which the file shows the ledger. */
	readonly mirrored_sequence: number;
	/** The exact text we last wrote or took over; null before the first time. */
	readonly base: string | null;
	/** Why mirroring of this board stands still; null when it does not. */
	readonly halted: string | null;
}

/** What we know of an archive without reading its text. */
export interface ArchiveState extends Omit<BoardState, 'name' | 'base'> {
	readonly name: ArchiveName;
	/** Stamp of the file when it last was what we wrote or took over; null when that is not known. */
	readonly stamp: string | null;
}

export interface Lease {
	readonly name: string;
	readonly holder: string;
	/** Goes up by one with each new holder: a writer with an older epoch is fenced. */
	readonly epoch: number;
	/** Wall time in milliseconds after which another may take it. */
	readonly expires_at: number;
	/** Facts about the holder: pid, start time, version. */
	readonly data: JsonObject;
}

export const commandStates = ['pending', 'taken', 'done', 'failed'] as const;
export interface Command {
	readonly command_id: string;
	readonly target: 'host' | 'editor';
	/** What to do: `landing.apply`, `run.cancel` … */
	readonly kind: string;
	readonly data: JsonObject;
	readonly state: (typeof commandStates)[number];
	readonly taken_by: string | null;
	readonly answer: JsonObject | null;
	readonly created_at: string;
}

export interface QuestionFilter {
	readonly state?: Question['state'];
	readonly run_id?: string;
}

export interface UsageFilter {
	/** Only turns with a higher ordinal. */
	readonly after?: number;
	readonly run_id?: string;
	readonly task_id?: string;
}

/** How a question came to its end. */
export type QuestionDecision = Pick<
	Question,
	'state' | 'answer' | 'is_remembered' | 'option_kind' | 'decided_by' | 'note'
>;

export interface LedgerReader {
	/** Sequence of the newest event; 0 in an empty ledger. */
	sequence(): Promise<number>;
	task(id: string): Promise<StoredTask | undefined>;
	/** In board order: board, then position. */
	tasks(filter?: TaskFilter): Promise<StoredTask[]>;
	/** The same without their records, which are not read at all. */
	plainTasks(filter?: TaskFilter): Promise<PlainTask[]>;
	/** Tasks that name this one as a dependency. */
	dependants(id: string): Promise<StoredTask[]>;
	/** Every task that has a parent. */
	parts(): Promise<TaskPart[]>;
	/** Tasks changed by events after the sequence, and ids of those removed since. */
	changesSince(
		sequence: number,
	): Promise<{ readonly sequence: number; readonly tasks: StoredTask[]; readonly removed: string[] }>;
	/** Of all tasks, or of the archived ones only. */
	countByStatus(which?: 'archived'): Promise<Record<TaskStatus, number>>;
	run(id: string): Promise<Run | undefined>;
	/** Newest first. */
	runs(filter?: RunFilter): Promise<Run[]>;
	/** How the last runs of a worker ended, newest first, with little of them. */
	runOutcomes(filter: { readonly worker: string; readonly limit: number }): Promise<RunOutcome[]>;
	events(filter?: EventFilter): Promise<LedgerEvent[]>;
	agents(): Promise<Agent[]>;
	agent(id: string): Promise<Agent | undefined>;
	board(name: BoardFileName): Promise<BoardState>;
	/** Archives that were ever written or taken over, oldest month first. */
	archives(): Promise<ArchiveState[]>;
	lease(name: string): Promise<Lease | undefined>;
	leases(prefix?: string): Promise<Lease[]>;
	commands(filter: { readonly target?: Command['target']; readonly state?: Command['state'] }): Promise<Command[]>;
	command(id: string): Promise<Command | undefined>;
	/** Oldest first. */
	questions(filter?: QuestionFilter): Promise<Question[]>;
	question(id: string): Promise<Question | undefined>;
	/** Questions to language models that have no answer yet, oldest first, without their text. */
	openModelRequests(): Promise<ModelRequestHead[]>;
	modelRequest(id: string): Promise<ModelRequest | undefined>;
	/** All of a conversation, in order. */
	conversation(id: string): Promise<ModelRequest[]>;
	/** Turns of agents, in the order they ended. */
	usage(filter?: UsageFilter): Promise<StoredTurnUsage[]>;
	/** Small facts by key: published settings, whether the swarm should work. */
	fact(key: string): Promise<JsonValue | undefined>;
}

export interface LedgerTransaction extends LedgerReader {
	/** Asked of every move before it is written, by whoever guards moves; throws to refuse it. */
	moveCheck?: ((proposed: ProposedMove) => void) | undefined;
	/** Who writes; each event of the transaction names it. */
	readonly actor: Actor;
	/** The transaction's wall time as ISO text: every stamp of one change is equal. */
	readonly at: string;
	/** Appends an event and returns its sequence. */
	append(event: NewEvent): Promise<number>;
	/** Inserts a task at the end of its board (or at `position`) and marks the board dirty. Fails with `task.duplicate`. */
	insertTask(task: Omit<StoredTask, 'sequence' | 'position'> & { readonly position?: number }): Promise<void>;
	/**
	 * Replaces a task if its status and epoch are still the expected ones, in one statement; marks the boards it leaves and
	 * enters dirty. False when somebody else was first.
	 */
	replaceTask(
		next: Omit<StoredTask, 'sequence'>,
		expected: { readonly status: TaskStatus; readonly epoch: number },
	): Promise<boolean>;
	/** Takes a task out of the ledger; its events and runs stay. */
	removeTask(id: string): Promise<void>;
	/** Puts a finished task on another file, its board's or an archive, and marks both dirty; nothing of the task changes. */
	refileTask(stored: StoredTask, file: 'completed_tasks' | ArchiveName): Promise<void>;
	/** Next free position at the end of a board. */
	endOfBoard(board: BoardName): Promise<number>;
	insertRun(run: Run): Promise<void>;
	/** Changes a run if its epoch is the token's and it is open; fails with `run.fenced` otherwise. */
	updateRun(token: RunToken, patch: Partial<Omit<Run, 'run_id' | 'task_id' | 'epoch'>>): Promise<Run>;
	putAgent(agent: Agent): Promise<void>;
	removeAgent(id: string): Promise<void>;
	setBoard(
		name: BoardFileName,
		patch: Partial<Omit<BoardState, 'name'>> & { readonly stamp?: string | null },
	): Promise<void>;
	/** Takes or renews a lease; undefined when somebody else holds it and it has not expired. `now` in wall milliseconds. */
	acquireLease(
		name: string,
		holder: string,
		lifetimeMilliseconds: number,
		now: number,
		data?: JsonObject,
	): Promise<Lease | undefined>;
	releaseLease(name: string, holder: string): Promise<void>;
	insertCommand(command: Pick<Command, 'command_id' | 'target' | 'kind' | 'data'>): Promise<void>;
	/** Pending → taken by one taker only; false when another was first. */
	takeCommand(id: string, taker: string): Promise<boolean>;
	/** Gives a taken command back, because its taker died or cannot do it. */
	returnCommand(id: string): Promise<void>;
	finishCommand(id: string, state: 'done' | 'failed', answer: JsonObject): Promise<void>;
	insertQuestion(question: Question): Promise<void>;
	/** Ends an open question in one statement; false when it is not open any more, and then nothing changed. */
	decideQuestion(id: string, decision: QuestionDecision): Promise<boolean>;
	insertModelRequest(
		request: Omit<ModelRequest, 'state' | 'taken_by' | 'partial' | 'answer' | 'failure' | 'asked_at' | 'ended_at'>,
	): Promise<void>;
	/** Asked → taken by one window only; false when another was first. */
	takeModelRequest(id: string, taker: string): Promise<boolean>;
	/** Gives a question back to be taken by another, because its taker died or cannot do it. Nothing, where another has it by now. */
	returnModelRequest(id: string, taker: string): Promise<void>;
	/** The text of the answer so far; false when the question is not the taker's any more. */
	tellModelText(id: string, taker: string, text: string): Promise<boolean>;
	/** Ends a question that is open, for `taker` only where one is named; false when it was not, and then nothing changed. */
	endModelRequest(id: string, end: ModelRequestEnd, taker?: string): Promise<boolean>;
	/** Forgets the conversations of runs that are over and cannot be gone on with, but for one. */
	forgetConversations(kept: string): Promise<void>;
	/** Stamped with the transaction's time. */
	insertUsage(turn: Omit<TurnUsage, 'at'>): Promise<void>;
	setFact(key: string, value: JsonValue): Promise<void>;
}

/** A task that answers a search. */
export interface FoundTask {
	readonly task_id: string;
	/** Where every wanted word is found; lower is better. */
	readonly tier: SearchTier;
}

export interface FoundTasks {
	/** How many answer, on all pages. */
	readonly total: number;
	readonly tasks: readonly FoundTask[];
}

export interface Ledger extends Disposable {
	/** Why every write fails; undefined where writes are taken. */
	readonly refusal: DreamError | undefined;
	/** A consistent view: everything read inside one call belongs together. */
	read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T>;
	/**
	 * One atomic, durable change. Resolves only after the commit is on disk. The work must not do I/O other than through the
	 * transaction. Rejects with `ledger.busy`, `ledger.full`, `ledger.readOnly`, `ledger.corrupt`, or what the work threw.
	 */
	write<T>(actor: Actor, work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
	/**
	 * A claim by itself: as `claimTask` in `write`, but many who claim at the same time, in this process and in others, share one
	 * transaction, and each of them still gets its own answer. Rejects as both do.
	 */
	claim(actor: Actor, request: ClaimRequest): Promise<Claimed>;
	/**
	 * Asks the guards of a move beforehand, for work that cannot be taken back once it is done. Rejects with `task.guardRefused`.
	 * A ledger without guards has no such method.
	 */
	assertMove?(actor: Actor, taskId: string, move: MoveName): Promise<void>;
	/**
	 * Tasks that answer a query, best first and among equals what came last into the ledger. Includes every commit before the call.
	 * Gives the event loop its turn every few milliseconds; rejects with the signal's reason when it aborts.
	 */
	search(query: SearchQuery, page: PageRequest, signal?: AbortSignal): Promise<FoundTasks>;
	/** Brings the search's index up to date in small steps, so that the next search need not. Does nothing where there is none. */
	refreshSearch(signal?: AbortSignal): Promise<void>;
	/** Fires after a commit of this process, and soon after one of another. */
	readonly onDidChange: LedgerChanged;
}
