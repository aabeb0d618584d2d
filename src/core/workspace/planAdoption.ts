// Owns what taking over boards would do, worked out before anything is written: which record counts where an id stands twice,
// which task goes to which board, what each spelling is understood as. Pure.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import { wantsReady } from '../board/applyMembership.ts';
import type { BoardEntry } from '../board/boardReading.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { Normalisation } from '../board/boardRecord.ts';
import type { ArchiveName, BoardFileName } from '../task/archive.ts';
import { boardOfFile, isArchive } from '../task/archive.ts';
import type { Task } from '../task/task.ts';
import type { BoardName, TaskStatus } from '../task/taskStatus.ts';
import { boardNames, boardOfStatus, furthestFirst } from '../task/taskStatus.ts';
import type { BoardFile } from './readBoardFiles.ts';

/** Where a record stands. */
export interface RecordPlace {
	readonly file: string;
	readonly board: BoardFileName | undefined;
	readonly line: number;
	readonly status: TaskStatus;
	readonly record: JsonObject;
}

export interface PlannedTask {
	readonly task: Task;
	readonly place: RecordPlace;
	/** The board it will stand on. */
	readonly board: BoardName;
	/** The archive it stays on. */
	readonly archive: ArchiveName | undefined;
	/** Dependencies it waits for although it stood in the ready queue. */
	readonly waitsFor: readonly string[];
	readonly normalisations: readonly Normalisation[];
	/** Records under the same id that do not count; each is kept in the history of the task. */
	readonly others: readonly RecordPlace[];
}

export interface AdoptionPlan {
	readonly files: readonly BoardFile[];
	/** In the order they will stand on their boards. */
	readonly tasks: readonly PlannedTask[];
	/** Files that cannot be read; they are left alone. */
	readonly unreadable: readonly BoardProblem[];
	/** Entries that are no tasks; they stay where they are. */
	readonly entryProblems: readonly BoardProblem[];
	/** Agents of an existing runtime/agents.json; undefined when there is none to read. */
	readonly agents: ReadonlyMap<string, Agent> | undefined;
}

interface Candidate {
	readonly entry: BoardEntry;
	readonly task: Task;
	readonly place: RecordPlace;
}

export interface PlanOptions {
	/** Agents of an existing runtime/agents.json. */
	readonly agents: AdoptionPlan['agents'];
	/** Ids of agents whose work is lost with the ledger: what they held goes back to its queue. */
	readonly lostWorkers?: ReadonlySet<string>;
}

export function planAdoption(files: readonly BoardFile[], options: PlanOptions): AdoptionPlan {
	const byId = new Map<string, Candidate[]>();
	const entryProblems: BoardProblem[] = [];
	for (const { file, board, reading } of files) {
		for (const entry of reading?.entries ?? []) {
			const { task, record } = entry;
			if (reading === undefined) {
				continue;
			}
			if (task === undefined || record === undefined) {
				entryProblems.push(...entry.content.problems.map((problem) => reading.place(entry, problem)));
				continue;
			}
			const { line } = reading.position(entry.start);
			const place = { file, board, line, status: task.status, record };
			byId.set(task.task_id, [...(byId.get(task.task_id) ?? []), { entry, task, place }]);
		}
	}
	const chosen = [...byId.values()].flatMap((candidates) => {
		const [first, ...others] = [...candidates].sort(compare);
		return first === undefined ? [] : [{ first, others }];
	});
	const completed = new Set(
		chosen.filter(({ first }) => first.task.status === 'COMPLETED').map(({ first }) => first.task.task_id),
	);
	const planned = chosen.map(({ first, others }) =>
		planTask(
			first,
			others.filter((other) => !isSameRecord(first, other)),
			completed,
			options.lostWorkers ?? new Set(),
		),
	);
	return {
		files,
		tasks: inBoardOrder(planned),
		unreadable: files.flatMap(({ problems }) => problems),
		entryProblems,
		agents: options.agents,
	};
}

/** Who was interrupted while archiving left the same record on two files. */
const isSameRecord = ({ place }: Candidate, { place: other }: Candidate): boolean =>
	(isArchivePlace(place) || isArchivePlace(other)) && jsonEquals(place.record, other.record);

const isArchivePlace = ({ board }: RecordPlace): boolean => board !== undefined && isArchive(board);

/** Furthest along first; then the file later in a task's life; then the earlier line. */
function compare(left: Candidate, right: Candidate): number {
	const rank = (board: BoardFileName | undefined) =>
		board === undefined ? -1 : isArchive(board) ? boardNames.length : boardNames.indexOf(board);
	return (
		furthestFirst.indexOf(left.task.status) - furthestFirst.indexOf(right.task.status) ||
		rank(right.place.board) - rank(left.place.board) ||
		left.place.line - right.place.line
	);
}

const heldStatuses: readonly TaskStatus[] = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'];

function planTask(
	{ entry, task, place }: Candidate,
	others: readonly Candidate[],
	completed: ReadonlySet<string>,
	lostWorkers: ReadonlySet<string>,
): PlannedTask {
	const isLost = heldStatuses.includes(task.status) && task.claimed_by !== null && lostWorkers.has(task.claimed_by);
	const { board: file } = place;
	const isQueued = isLost || wantsReady(task, file === undefined ? undefined : boardOfFile(file));
	const waitsFor = isQueued ? task.dependencies.filter((id) => !completed.has(id)) : [];
	const status = isQueued ? (waitsFor.length === 0 ? 'READY' : 'PENDING') : task.status;
	const released = isLost ? { claimed_by: null, claimed_at: null, started_at: null } : {};
	return {
		task: { ...task, ...released, status },
		place,
		board: boardOfStatus[status],
		archive:
			file !== undefined && isArchive(file) && boardOfStatus[status] === 'completed_tasks' ? file : undefined,
		waitsFor,
		normalisations: entry.content.normalisations,
		others: others.map((other) => other.place),
	};
}

/** On each board first those of its archives, then those that stand there already, then those of other files, each in file order. */
function inBoardOrder(tasks: readonly PlannedTask[]): PlannedTask[] {
	return boardNames.flatMap((board) => {
		const here = tasks.filter((planned) => planned.board === board);
		const isAtHome = ({ place }: PlannedTask) => place.board === board;
		const byLine = (left: PlannedTask, right: PlannedTask) =>
			(left.archive ?? '').localeCompare(right.archive ?? '') || left.place.line - right.place.line;
		return [
			...here.filter(({ archive }) => archive !== undefined).sort(byLine),
			...here.filter(isAtHome).sort(byLine),
			...here.filter((planned) => planned.archive === undefined && !isAtHome(planned)),
		];
	});
}

/** Stands for a status that a record does not give. */
export const noStatus = '(none)';

/** How often each raw status stands for each of ours. */
export function countStatusSpellings(plan: AdoptionPlan): Map<string, Map<TaskStatus, number>> {
	const counts = new Map<string, Map<TaskStatus, number>>();
	for (const { place } of plan.tasks) {
		const raw: JsonValue = place.record['status'] ?? place.record['state'] ?? noStatus;
		const spelling = typeof raw === 'string' ? raw : JSON.stringify(raw);
		const each = counts.get(spelling) ?? new Map<TaskStatus, number>();
		each.set(place.status, (each.get(place.status) ?? 0) + 1);
		counts.set(spelling, each);
	}
	return counts;
}
