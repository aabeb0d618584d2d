// Owns the shape of what can be wrong with a board file. Every problem names its place and what to do; none is ever thrown.

import type { JsonValue } from '../../base/json.ts';

/** Stable codes: quick fixes, scripts and tests match on them, never on the message. */
export const boardProblemCodes = {
	'board.empty': 'The file has no content',
	'board.unreadable': 'The file is not JSON',
	'board.encoding': 'The file is not UTF-8 text',
	'board.notAList': 'The file is JSON, but not a list of tasks',
	'board.tooDeep': 'Values are nested deeper than we can keep',
	'board.notWritten': 'The file could not be written',
	'board.massRemoval': 'Most tasks vanished from the file at once; they were put back',
	'record.stale': 'A file was saved from an old version; what was missing in it was put back',
	'record.notAnObject': 'An entry of the list is not a task',
	'record.noId': 'An entry has no id',
	'record.badId': 'An id cannot be used',
	'record.duplicateId': 'One id stands on two records',
	'record.contradiction': 'Two boards say different things about one task',
	'record.duplicateKey': 'One key stands twice in an object',
	'record.inexactNumber': 'A number is too large to be kept exactly',
	'task.badField': 'A field has a value that cannot be used',
	'task.wrongValue': 'A value that could not be used does not stand in the file any more; the history keeps it',
	'task.placeholderTime': 'A time was never filled in',
	'task.unknownStatus': 'A status is not known',
	'task.unknownPriority': 'A priority is not known',
	'task.illegalMove': 'The status cannot be reached from the one the task has',
	'task.runOpen': 'An agent works on the task; the edit was not taken over',
	'task.conflict': 'File and ledger changed one field; the ledger stands',
	'task.differs': 'The file says something else than the ledger',
	'task.stamped': 'A time or its actor was typed into a file; the ledger stamps these',
	'task.notReady': 'The task waits in the backlog, because its dependencies are open',
	'task.unknownDependency': 'A dependency does not exist',
	'task.dependencyCycle': 'Tasks wait for each other in a circle',
	'task.unknownParent': 'The task it is a part of does not exist',
	'task.parentCycle': 'Tasks are parts of each other in a circle',
	'task.unknownAgent': 'The agent is not registered',
	'agents.badAgent': 'An agent has a value that cannot be used',
	'agents.duplicateId': 'One agent id stands twice',
	'agents.secret': 'A key stands in the file of agents',
	'task.guarded': 'A guard keeps the task from this move; an edit of the file does not ask it',
	'hooks.badHook': 'A hook has a value that cannot be used',
	'hooks.programMissing': 'The program of a hook is not there',
	'policy.unreadable': 'The permission rules cannot be read; nothing is allowed without asking',
	'policy.badRule': 'A permission rule has a value that cannot be used',
} as const;
export type BoardProblemCode = keyof typeof boardProblemCodes;

export type ProblemSeverity = 'error' | 'warning' | 'information';

export type PlainValue = string | number | boolean | null;

export interface BoardProblem {
	readonly code: BoardProblemCode;
	readonly severity: ProblemSeverity;
	/** One sentence: what is wrong. */
	readonly message: string;
	/** Path inside the workspace, with forward slashes. */
	readonly file: string;
	/** From 1, as editors show it. */
	readonly line: number;
	/** From 1, in UTF-16 units, as editors count. */
	readonly column: number;
	readonly endLine?: number;
	readonly endColumn?: number;
	readonly task_id?: string;
	/** Keys and indexes from the record down to the value; left out when it is about the record or the file as a whole. */
	readonly path?: readonly (string | number)[];
	/** The value it is about, where that is a plain one: how its place is found again when the text has changed. */
	readonly value?: PlainValue;
	/** What somebody typed that was not taken over and does not stand in the file any more. */
	readonly refused?: JsonValue;
	/** Other places that belong to it. */
	readonly related?: readonly RelatedPlace[];
	/** One sentence: what to do. */
	readonly advice: string;
}

export interface RelatedPlace {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly message: string;
}

/** A problem inside one record, before its place in the file is known. */
export interface RecordProblem {
	readonly code: BoardProblemCode;
	readonly severity: ProblemSeverity;
	readonly message: string;
	/** Keys and indexes from the record down to the value; empty for the record itself. */
	readonly path: readonly (string | number)[];
	/** The value it is about, where it is not the one at the path. */
	readonly value?: PlainValue;
	readonly refused?: JsonValue;
	readonly related?: readonly RelatedPlace[];
	readonly advice: string;
}

const severityOrder: Readonly<Record<ProblemSeverity, number>> = { error: 0, warning: 1, information: 2 };

/** By file, then line, then weight; equal lists compare equal, so that a listener is told only of real changes. */
export function sortProblems(problems: readonly BoardProblem[]): BoardProblem[] {
	return [...problems].sort(
		(left, right) =>
			(left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
			left.line - right.line ||
			left.column - right.column ||
			severityOrder[left.severity] - severityOrder[right.severity] ||
			(left.code < right.code ? -1 : left.code > right.code ? 1 : 0),
	);
}
