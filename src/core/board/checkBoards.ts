// Owns the list of everything wrong with the boards, worked out anew from files and ledger each time: nothing has to be
// remembered, so every process shows the same list.

import type { JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { editableFields } from '../task/editTask.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { BoardFileName } from '../task/archive.ts';
import { fileOf } from '../task/archive.ts';
import { isFinished } from '../task/taskStatus.ts';
import type { BoardEntry, BoardReading } from './boardReading.ts';
import { illegalMoveAdvice, illegalMoveMessage } from './boardMerge.ts';
import type { BoardProblem, BoardProblemCode, RecordProblem } from './boardProblem.ts';
import { sortProblems } from './boardProblem.ts';
import { findCycles } from './findCycles.ts';
import type { MergeNotice } from './mergeNotice.ts';
import { idItem } from './recordFields.ts';

export interface CheckedBoard {
	/** Undefined for a file that is none of the four boards. */
	readonly board: BoardFileName | undefined;
	readonly reading: BoardReading;
	/** Why the file is not written; null when it is. */
	readonly halted: string | null;
	/** Sequence up to which the file shows the ledger; undefined when somebody changed it since, or there is no ledger. */
	readonly mirrored: number | undefined;
}

export type CheckedTask = Pick<StoredTask, 'task' | 'record' | 'board' | 'archive'> & { readonly sequence?: number };

export interface CheckInput {
	readonly boards: readonly CheckedBoard[];
	/** Every task by id: the ledger's, or those of the files where there is no ledger. */
	readonly tasks: ReadonlyMap<string, CheckedTask>;
	/** Ids of registered agents; undefined where there is no registry to compare with. */
	readonly agents: ReadonlySet<string> | undefined;
	/** What was refused before and is not visible in the files any more. */
	readonly notices: readonly MergeNotice[];
}

/** A record of a file beside the task it shows. */
interface Shown {
	readonly checked: CheckedBoard;
	readonly reading: BoardReading;
	readonly entry: BoardEntry;
	readonly task: CheckedTask;
}

export function checkBoards(input: CheckInput): BoardProblem[] {
	const problems: BoardProblem[] = [];
	const shown = new Map<string, Shown>();
	const copies: Shown[] = [];
	for (const checked of input.boards) {
		const { reading } = checked;
		problems.push(...reading.problems);
		for (const entry of reading.entries) {
			const { id, content } = entry;
			problems.push(...content.problems.map((problem) => reading.place(entry, problem)));
			const task = id === undefined ? undefined : input.tasks.get(id);
			if (id === undefined || task === undefined) {
				continue;
			}
			const other = shown.get(id);
			const each = { checked, reading, entry, task };
			const [first, second] =
				other !== undefined && claimOf(other) >= claimOf(each) ? [other, each] : [each, other];
			shown.set(id, first);
			copies.push(...(second === undefined ? [] : [second]));
		}
	}
	for (const copy of copies) {
		const original = shown.get(copy.task.task.task_id);
		problems.push(...(original === undefined ? [] : [duplicate(copy, original)]));
	}
	for (const each of shown.values()) {
		problems.push(
			...differences(each, input.notices),
			...dangling(each, input),
			...unknownParent(each, input),
			...unknownAgent(each, input.agents),
		);
	}
	problems.push(...cycles(shown, input), ...parentCycles(shown, input), ...notices(shown, input));
	return sortProblems(problems);
}

/** How much a record has to be the one that counts: the very one the task was read from, or the first on the file it belongs to. */
const claimOf = ({ checked, entry, task }: Shown): number =>
	entry.record === task.record ? 2 : checked.board === fileOf(task) ? 1 : 0;

/** Two records of one id: a slip inside one file; between two boards, two accounts of one task. Only one of them counts. */
function duplicate(copy: Shown, original: Shown): BoardProblem {
	const place = original.reading.position(original.entry.start);
	const { file } = original.reading.source;
	const differing = differingKeys(copy.entry, original.entry);
	const isContradiction = copy.reading !== original.reading && differing.length > 0;
	const [here, there] = [copy.entry.task?.status, original.entry.task?.status];
	const contradiction =
		here !== there
			? ` There it is ${there ?? 'unreadable'}, here ${here ?? 'unreadable'}.`
			: isContradiction
				? ` They differ in ${differing.slice(0, 5).join(', ')}.`
				: '';
	return copy.reading.place(copy.entry, {
		code: isContradiction ? 'record.contradiction' : 'record.duplicateId',
		severity: 'error',
		message: `${copy.entry.id} stands in ${file}, line ${place.line}, too; only that record counts.${contradiction}`,
		path: [copy.entry.content.keys.task_id ?? 'task_id'],
		related: [{ file, ...place, message: 'This record counts.' }],
		advice: 'Give this one another id, or take it out.',
	});
}

function differingKeys(left: BoardEntry, right: BoardEntry): string[] {
	const [ours, theirs] = [left.record ?? {}, right.record ?? {}];
	const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
	return [...keys].filter(
		(key) => Object.hasOwn(ours, key) !== Object.hasOwn(theirs, key) || !jsonEquals(ours[key], theirs[key]),
	);
}

/** What was found to say the same. Both sides are shared as long as they are what they were, so nothing is compared, or parsed, twice. */
const compared = new WeakMap<BoardEntry['content'], CheckedTask>();

function isSame(entry: BoardEntry, stored: CheckedTask): boolean {
	const { content } = entry;
	if (compared.get(content) === stored) {
		return true;
	}
	const is = jsonEquals(entry.record, stored.record);
	if (is) {
		compared.set(content, stored);
	}
	return is;
}

const comparedFields = [...editableFields, 'claimed_by', 'source', 'result'] as const satisfies readonly (keyof Task)[];

/** Edits that stand in the file and were not taken over. */
function differences({ checked, reading, entry, task: stored }: Shown, told: readonly MergeNotice[]): BoardProblem[] {
	const { board, mirrored } = checked;
	const file = entry.task;
	const isShown = mirrored !== undefined && board === fileOf(stored) && (stored.sequence ?? 0) <= mirrored;
	if (!isShown || file === undefined || entry.record === undefined || isSame(entry, stored)) {
		return [];
	}
	const { keys, refused } = entry.content;
	const found: RecordProblem[] = [];
	// A move the table allows and something else did not is told by its own notice.
	const reasons = told.filter(
		({ task_id, sequence }) => task_id === stored.task.task_id && sequence >= (stored.sequence ?? 0),
	);
	const hasOwnNotice = reasons.some(({ code }) => refusedMoves.has(code));
	if (file.status !== stored.task.status && !refused.has('status') && !hasOwnNotice) {
		const reason = reasons.findLast(
			({ code, refused: asked }) => code === 'task.illegalMove' && asked === file.status,
		);
		found.push({
			code: 'task.illegalMove',
			severity: 'error',
			message: reason?.message ?? illegalMoveMessage(stored.task, file.status),
			path: keys.status === undefined ? [] : [keys.status],
			advice: reason?.advice ?? illegalMoveAdvice(stored.task.status),
		});
	}
	for (const field of comparedFields) {
		if (!refused.has(field) && !jsonEquals(file[field] as JsonValue, stored.task[field] as JsonValue)) {
			found.push({
				code: 'task.differs',
				severity: 'warning',
				message: `${keys[field] ?? field} was not taken over; the ledger has ${short(stored.task[field] as JsonValue)}.`,
				path: keys[field] === undefined ? [] : [keys[field]],
				advice: "Change it again, or use the ledger's version.",
			});
		}
	}
	return found.map((problem) => reading.place(entry, problem));
}

const short = (value: JsonValue): string => {
	const text = JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function dangling({ reading, entry, task }: Shown, { tasks }: CheckInput): BoardProblem[] {
	const key = entry.content.keys.dependencies ?? 'dependencies';
	const isOver = isFinished(task.task.status);
	return task.task.dependencies
		.filter((id) => !tasks.has(id))
		.map((id) =>
			reading.place(entry, {
				code: 'task.unknownDependency',
				severity: isOver ? 'information' : 'warning',
				message: `${task.task.task_id} depends on ${id}, which does not exist.`,
				path: dependencyPath(entry, key, id),
				value: id,
				advice: isOver
					? 'The task is finished; nothing waits for it.'
					: 'Correct the id, create that task, or take it out.',
			}),
		);
}

function dependencyPath(entry: BoardEntry, key: string, id: string): (string | number)[] {
	const raw = entry.record?.[key];
	const index = Array.isArray(raw) ? raw.findIndex((item) => idItem(item) === id) : -1;
	return index < 0 ? [key] : [key, index];
}

function unknownAgent({ reading, entry, task }: Shown, agents: CheckInput['agents']): BoardProblem[] {
	const { assigned_agent: agent, status } = task.task;
	if (agents === undefined || agent === null || agents.has(agent) || isFinished(status)) {
		return [];
	}
	const key = entry.content.keys.assigned_agent;
	return [
		reading.place(entry, {
			code: 'task.unknownAgent',
			severity: 'warning',
			message: `${task.task.task_id} is assigned to ${agent}, who is not registered; no agent will take it.`,
			path: key === undefined ? [] : [key],
			advice: 'Assign it to a registered agent or to nobody, or add the agent to runtime/agents.json.',
		}),
	];
}

function cycles(shown: ReadonlyMap<string, Shown>, { tasks }: CheckInput): BoardProblem[] {
	const open = [...tasks.values()].map(({ task }) => task).filter(({ status }) => !isFinished(status));
	return findCycles(open).flatMap((cycle) => {
		const [first, next] = cycle;
		const place = first === undefined ? undefined : shown.get(first);
		if (place === undefined || first === undefined) {
			return [];
		}
		const { reading, entry } = place;
		return [
			reading.place(entry, {
				code: 'task.dependencyCycle',
				severity: 'error',
				message: `These tasks wait for each other: ${[...cycle, first].join(' → ')}.`,
				path: dependencyPath(entry, entry.content.keys.dependencies ?? 'dependencies', next ?? first),
				value: next ?? first,
				advice: 'Take one of these dependencies out.',
			}),
		];
	});
}

function unknownParent({ reading, entry, task }: Shown, { tasks }: CheckInput): BoardProblem[] {
	const { parent, task_id, status } = task.task;
	if (parent === null || tasks.has(parent)) {
		return [];
	}
	return [
		reading.place(entry, {
			code: 'task.unknownParent',
			severity: isFinished(status) ? 'information' : 'warning',
			message: `${task_id} is a part of ${parent}, which does not exist.`,
			path: [entry.content.keys.parent ?? 'parent'],
			advice: 'Correct the id, create that task, or take it out.',
		}),
	];
}

function parentCycles(shown: ReadonlyMap<string, Shown>, { tasks }: CheckInput): BoardProblem[] {
	const links = [...tasks.values()].flatMap(({ task: { task_id, parent } }) =>
		parent === null ? [] : [{ task_id, dependencies: [parent] }],
	);
	return findCycles(links).flatMap((cycle) => {
		const [first = ''] = cycle;
		const place = shown.get(first);
		return place === undefined
			? []
			: [
					place.reading.place(place.entry, {
						code: 'task.parentCycle',
						severity: 'error',
						message: `These tasks are parts of each other: ${[...cycle, first].join(' → ')}.`,
						path: [place.entry.content.keys.parent ?? 'parent'],
						advice: 'Give one of them another parent.',
					}),
				];
	});
}

/** Why a move that the table allows was refused; over as soon as the file no longer asks for it. */
const refusedMoves: ReadonlySet<BoardProblemCode> = new Set(['task.guarded', 'task.runOpen']);
const asksForNothing = (notice: MergeNotice, { entry, task }: Shown): boolean =>
	refusedMoves.has(notice.code) &&
	(notice.field === undefined || notice.field === 'status') &&
	entry.content.task?.status === task.task.status;

/** A value that cannot be used is marked where it stands, for as long as it does. */
const showsItself = ({ code, field, refused }: MergeNotice, { entry }: Shown): boolean =>
	code === 'task.wrongValue' && field !== undefined && jsonEquals(entry.record?.[field] ?? null, refused);

/** A notice ends when its task changes again, its edit was undone or put right, or the file already shows the problem by itself. */
function notices(shown: ReadonlyMap<string, Shown>, input: CheckInput): BoardProblem[] {
	const standing = new Set(['task.illegalMove', 'task.unknownStatus', 'task.badField', 'task.differs']);
	const found: BoardProblem[] = [];
	const told = new Set<string>();
	for (const notice of [...input.notices].sort((left, right) => right.sequence - left.sequence)) {
		const place = shown.get(notice.task_id);
		const name = `${notice.task_id} ${notice.code} ${notice.field ?? ''}`;
		if (notice.isMended) {
			told.add(name);
		}
		if (
			place === undefined ||
			(place.task.sequence ?? 0) > notice.sequence ||
			standing.has(notice.code) ||
			asksForNothing(notice, place) ||
			showsItself(notice, place) ||
			told.has(name)
		) {
			continue;
		}
		told.add(name);
		const key =
			notice.field === undefined
				? undefined
				: (place.entry.content.keys[notice.field as keyof Task] ?? notice.field);
		found.push(place.reading.place(place.entry, { ...notice, path: key === undefined ? [] : [key] }));
	}
	return found;
}
