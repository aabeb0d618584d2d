// Owns how a plan to adopt boards is told: lines for a person, figures for a script. It decides nothing.

import type { JsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import type { AdoptionReport } from '../actions/workspaceDoor.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { runtimePaths } from '../paths.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardNames } from '../task/taskStatus.ts';
import { boardOfFile } from '../task/archive.ts';
import type { AdoptionPlan, PlannedTask } from './planAdoption.ts';
import { countStatusSpellings, noStatus } from './planAdoption.ts';

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function reportAdoption(plan: AdoptionPlan): AdoptionReport {
	const moves = countMoves(plan.tasks);
	const doubled = plan.tasks.filter(({ others }) => others.length > 0);
	const spellings = countStatusSpellings(plan);
	const held = plan.tasks.filter(({ task }) =>
		['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'].includes(task.status),
	);
	const waiting = plan.tasks.filter(({ waitsFor }) => waitsFor.length > 0);
	const archived = plan.tasks.flatMap(({ archive }) => (archive === undefined ? [] : [archive]));
	const lines = [
		`${countOf(plan.tasks.length, 'task')} from ${countOf(readable(plan).length, 'file')} will be taken over.`,
		...boardNames.map((board) => `${board}.json will hold ${countOf(onBoard(plan, board), 'task')}.`),
		...(archived.length === 0
			? []
			: [
					`${countOf(archived.length, 'finished task')} will stay in ${countOf(new Set(archived).size, 'archive')}.`,
				]),
		...moves.map(({ from, to, tasks }) => `${countOf(tasks, 'task')} will move from ${from} to ${to}.json.`),
		...[...spellings].flatMap(([raw, meanings]) =>
			[...meanings].flatMap(([status, tasks]) =>
				raw === status || raw === noStatus
					? []
					: [
							`Status "${displayLine(raw, 60)}" is understood as ${status} (${countOf(tasks, 'task')}); the word stays.`,
						],
			),
		),
		...doubled.map(describeDouble),
		...plan.unreadable.map(
			({ file, line, column, message }) =>
				`${fileName(file)} cannot be read and is left alone (line ${line}, column ${column}): ${message}`,
		),
		...plan.entryProblems.map(({ file, line, message }) => `${fileName(file)}, line ${line}: ${message}`),
		...plan.files
			.filter(({ board, reading }) => board === undefined && reading?.isReadable === true)
			.map(
				({ file }) =>
					`${fileName(file)} is none of the four boards: its tasks are taken over, the file is left as it is.`,
			),
		...(waiting.length === 0
			? []
			: [
					`${countOf(waiting.length, 'task')} of the ready queue will wait in the backlog, because dependencies are open.`,
				]),
		...(held.length === 0
			? []
			: [
					`${countOf(held.length, 'task')} will stand as in work although nobody works on ${held.length === 1 ? 'it' : 'them'} here: release what is to be taken up again.`,
				]),
		`Every board file is copied to ${runtimePaths.quarantine}/ before it is first written.`,
		`New in runtime/: dreamos.json, dreamos.db, .gitignore, roles/${plan.agents === undefined ? ', agents.json' : ''}.`,
	];
	return { lines, data: figures(plan, moves, doubled, spellings) };
}

const readable = (plan: AdoptionPlan) => plan.files.filter(({ reading }) => reading?.isReadable === true);
const onBoard = (plan: AdoptionPlan, board: BoardName): number =>
	plan.tasks.filter((planned) => planned.board === board && planned.archive === undefined).length;

interface MoveCount {
	readonly from: string;
	readonly to: BoardName;
	readonly tasks: number;
}

function countMoves(tasks: readonly PlannedTask[]): MoveCount[] {
	const counts = new Map<string, MoveCount>();
	for (const { place, board } of tasks) {
		if (place.board === undefined || boardOfFile(place.board) !== board) {
			const from = fileName(place.file);
			const key = `${from} ${board}`;
			counts.set(key, { from, to: board, tasks: (counts.get(key)?.tasks ?? 0) + 1 });
		}
	}
	return [...counts.values()];
}

function describeDouble({ task, place, others }: PlannedTask): string {
	const where = others.map((other) => `${fileName(other.file)}, line ${other.line} (${other.status})`).join('; ');
	const contradiction = others.some(({ status }) => status !== place.status) ? ' They contradict each other.' : '';
	return `${displayLine(task.task_id, 80)} stands more than once: ${fileName(place.file)}, line ${place.line} (${place.status}) counts, because it is furthest along; kept in its history: ${where}.${contradiction}`;
}

function figures(
	plan: AdoptionPlan,
	moves: readonly MoveCount[],
	doubled: readonly PlannedTask[],
	spellings: ReturnType<typeof countStatusSpellings>,
): JsonObject {
	return {
		tasks: plan.tasks.length,
		files: readable(plan).map(({ file, reading }) => ({ file, entries: reading?.entries.length ?? 0 })),
		boards: Object.fromEntries(boardNames.map((board) => [board, onBoard(plan, board)])),
		moves: moves.map((move) => ({ ...move })),
		statuses: Object.fromEntries([...spellings].map(([raw, meanings]) => [raw, Object.fromEntries(meanings)])),
		duplicates: doubled.map(({ task, place, others }) => ({
			task_id: task.task_id,
			counts: { file: place.file, line: place.line, status: place.status },
			others: others.map(({ file, line, status }) => ({ file, line, status })),
			contradiction: others.some(({ status }) => status !== place.status),
		})),
		unreadable: plan.unreadable.map(asJson),
		entries_without_task: plan.entryProblems.map(asJson),
	};
}

/** A problem holds nothing but JSON; only its lists are read-only. */
const asJson = (problem: BoardProblem): JsonObject => ({ ...problem }) as unknown as JsonObject;
