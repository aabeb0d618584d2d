// Owns the shape of every table, for Kysely. The SQL that makes them is in migrations.ts; both change together.

import type { Generated } from 'kysely';
import type { BoardFileName } from '../core/task/archive.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { Command } from '../core/ledger.ts';
import type { EventType } from '../core/events.ts';
import type { ModelRequest } from '../core/models/modelRequest.ts';
import type { Question } from '../core/question/question.ts';
import type { RunState } from '../core/run/run.ts';

/** JSON text. Read it through rows.ts and taskRows.ts only: what is damaged is reported there and never thrown. */
export type JsonText = string;

export interface TasksTable {
	/** Rows are found by it fast; nothing outside the ledger sees it. */
	readonly ordinal: Generated<number>;
	readonly task_id: string;
	readonly status: TaskStatus;
	/** 0 is the most urgent. */
	readonly priority: number;
	readonly name: string;
	/** The file it stands on: the board of its status, or an archive. One index serves both. */
	readonly board: BoardFileName;
	readonly position: number;
	readonly assigned_agent: string | null;
	readonly claimed_by: string | null;
	readonly epoch: number;
	readonly run_id: string | null;
	readonly attempts: number;
	/** The event that changed it last, or the first one of its transaction when that came before its own. */
	readonly sequence: number;
	readonly updated_at: string | null;
	/** The task in our words; the columns above repeat what queries need. */
	readonly task: JsonText;
	/** The object its board shows. */
	readonly record: JsonText;
}

export interface TaskDependenciesTable {
	readonly task_id: string;
	readonly depends_on: string;
}

/** Tasks changed by a transaction that wrote no event naming them; changesSince reads events and these. */
export interface SilentChangesTable {
	readonly sequence: number;
	readonly task_id: string;
}

export interface RemovedTasksTable {
	readonly task_id: string;
	readonly sequence: number;
}

export interface RunsTable {
	readonly run_id: string;
	readonly task_id: string;
	readonly attempt: number;
	readonly epoch: number;
	readonly worker: string;
	readonly driver: string;
	readonly state: RunState;
	readonly reason: string | null;
	readonly host_id: string | null;
	readonly worktree: string | null;
	readonly base_commit: string | null;
	readonly result_commit: string | null;
	readonly files: JsonText;
	readonly gates: JsonText;
	readonly pid: number | null;
	readonly pid_started: string | null;
	readonly log_file: string | null;
	readonly session: JsonText | null;
	readonly pause: JsonText | null;
	readonly resources: JsonText | null;
	readonly strays: JsonText | null;
	readonly drift: JsonText | null;
	readonly opened_at: string;
	readonly active_at: string;
	readonly closed_at: string | null;
}

export interface EventsTable {
	readonly sequence: Generated<number>;
	readonly at: string;
	readonly type: EventType;
	readonly actor: string;
	readonly task_id: string | null;
	readonly run_id: string | null;
	readonly agent_id: string | null;
	readonly message: string;
	readonly data: JsonText | null;
}

export interface AgentsTable {
	readonly ordinal: Generated<number>;
	readonly agent_id: string;
	readonly record: JsonText;
}

export interface BoardsTable {
	readonly name: BoardFileName;
	readonly dirty_sequence: Generated<number>;
	readonly mirrored_sequence: Generated<number>;
	/** Next free position at the end; only grows. Archives share the one of the completed board. */
	readonly end_position: Generated<number>;
	readonly halted: Generated<string | null>;
	/** Of archives: the stamp of the file that holds the base, so that whoever starts need not read years. */
	readonly stamp: Generated<string | null>;
	/** Names the text in `board_bases`; null when there is none, or an older program wrote it. */
	readonly base_id: Generated<string | null>;
}

/** Apart from `boards`, because a text of megabytes must not be rewritten with each change of a number. */
export interface BoardBasesTable {
	readonly name: BoardFileName;
	readonly base: string;
}

export interface LeasesTable {
	readonly name: string;
	/** null when it was given back: the row stays, so that the next epoch is a new one. */
	readonly holder: string | null;
	readonly epoch: number;
	readonly expires_at: number;
	readonly data: JsonText;
}

export interface CommandsTable {
	readonly ordinal: Generated<number>;
	readonly command_id: string;
	readonly target: Command['target'];
	readonly kind: string;
	readonly data: JsonText;
	readonly state: Command['state'];
	readonly taken_by: string | null;
	readonly answer: JsonText | null;
	readonly created_at: string;
}

export interface QuestionsTable {
	readonly ordinal: Generated<number>;
	readonly question_id: string;
	readonly run_id: string;
	readonly task_id: string;
	readonly agent_id: string;
	readonly kind: Question['kind'];
	readonly title: string;
	readonly why: string;
	/** What is asked for, as it was judged. */
	readonly request: JsonText;
	readonly state: Question['state'];
	readonly answer: Question['answer'];
	/** 0 or 1. */
	readonly is_remembered: number;
	readonly option_kind: string | null;
	readonly decided_by: string | null;
	readonly note: string | null;
	readonly asked_at: string;
	readonly decided_at: string | null;
}

export interface ModelRequestsTable {
	readonly ordinal: Generated<number>;
	readonly request_id: string;
	readonly conversation_id: string;
	readonly run_id: string;
	readonly agent_id: string;
	readonly sequence: number;
	readonly asked_by: string;
	readonly model: JsonText | null;
	readonly messages: JsonText;
	readonly tools: JsonText | null;
	readonly state: ModelRequest['state'];
	readonly taken_by: string | null;
	readonly partial: string;
	readonly answer: JsonText | null;
	readonly failure: JsonText | null;
	readonly asked_at: string;
	readonly ended_at: string | null;
}

export interface UsageTable {
	readonly ordinal: Generated<number>;
	readonly run_id: string;
	readonly task_id: string;
	readonly agent_id: string;
	readonly at: string;
	readonly input_tokens: number;
	readonly output_tokens: number;
	readonly cached_tokens: number;
	readonly cost: number | null;
	readonly currency: string | null;
	readonly milliseconds: number;
	/** 0 or 1. */
	readonly is_estimated: number;
}

export interface FactsTable {
	readonly key: string;
	readonly value: JsonText;
}

/** The tables that queries name. Those for messages, checkpoints and memory get their interface with their first query. */
export interface LedgerTables {
	readonly tasks: TasksTable;
	readonly task_dependencies: TaskDependenciesTable;
	readonly silent_changes: SilentChangesTable;
	readonly removed_tasks: RemovedTasksTable;
	readonly runs: RunsTable;
	readonly events: EventsTable;
	readonly agents: AgentsTable;
	readonly boards: BoardsTable;
	readonly board_bases: BoardBasesTable;
	readonly leases: LeasesTable;
	readonly commands: CommandsTable;
	readonly facts: FactsTable;
	readonly questions: QuestionsTable;
	readonly model_requests: ModelRequestsTable;
	readonly usage: UsageTable;
}
