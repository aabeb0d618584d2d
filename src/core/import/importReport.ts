// Owns how an import is told: lines for a person, figures for a script. Nothing that is merged, renamed, repaired or left alone is left
// out. It decides nothing.

import type { JsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import type { TaskStatus } from '../task/taskStatus.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import { importFigures } from './importFigures.ts';
import { importTotals } from './importTotals.ts';
import type { Contradiction, ImportPlan, PlannedCreation, PlannedImport } from './planImport.ts';
import { isCreation, taskIdOf } from './planImport.ts';
import { none, rawStatus } from './taskTotals.ts';

export interface ImportReport {
	/** One line each, for a person. */
	readonly lines: readonly string[];
	readonly data: JsonObject;
	/** Tasks that would come to be, or came to be. */
	readonly creates: number;
}

const placeOf = (file: string, pointer: string): string => (pointer === '' ? file : `${file} at ${pointer}`);

export function reportImport(plan: ImportPlan): ImportReport {
	const { source, tasks } = plan;
	const created = tasks.filter(isCreation);
	const existing = (kind: PlannedImport['kind']) => tasks.filter((planned) => planned.kind === kind);
	const merged = tasks.filter(({ others }) => others.length > 0);
	const contradictions = tasks.flatMap((planned) => planned.contradictions);
	const unreadable = source.files.filter(({ reason }) => reason !== undefined);
	const repaired = source.files.filter(({ repairs, reason }) => repairs.length > 0 && reason === undefined);
	const records = tasks.reduce((sum, { others }) => sum + 1 + others.length, 0);
	const messages = source.files.reduce((sum, file) => sum + file.messages.length, 0);
	const withCommands = created.filter(({ task }) => Array.isArray(task.params.run) && task.params.run.length > 0);
	const lines = [
		`${countOf(source.files.length, 'file')} in ${source.name}: ${countOf(records, 'task record')} and ${countOf(messages, 'message')} in ${countOf(source.files.filter((file) => file.tasks.length + file.messages.length > 0).length, 'of them', 'of them')}.`,
		...kindsOfFiles(plan),
		'',
		`${countOf(created.length, 'task')} will be created${created.length === 0 ? '' : `: ${statusCounts(created)}`}.`,
		...sentence(
			existing('known').length,
			'was imported before and stays as it is',
			'were imported before and stay as they are',
		),
		...existing('here').map(
			(planned) => `${shownId(planned)} is here already and stays as it is (${standing(planned)}).`,
		),
		...existing('changed').map(
			(planned) =>
				`${shownId(planned)} changed in ${placeOf(planned.main.file, planned.main.found.pointer)} since it was imported; the task here stays as it is.`,
		),
		...spellings(created),
		...created.flatMap((planned) =>
			planned.renamedBecause === undefined || planned.renamedBecause === 'its id is local to its file'
				? []
				: [
						`${displayLine(planned.main.found.id, 80)} of ${placeOf(planned.main.file, planned.main.found.pointer)} becomes ${shownId(planned)}: ${planned.renamedBecause}.`,
					],
		),
		...localIds(created),
		...merged.map(describeMerge),
		...contradictions.map(describeContradiction),
		...waiting(created),
		...(withCommands.length === 0
			? []
			: [
					`${countOf(withCommands.length, 'task of them carries', 'tasks of them carry')} shell commands, which an agent of the command driver runs once ${withCommands.length === 1 ? 'it is' : 'they are'} ready: ${withCommands.slice(0, 5).map(shownId).join(', ')}.`,
				]),
		...(messages === 0
			? []
			: [
					`${countOf(messages, 'message')} ${messages === 1 ? 'was counted and stays where it is' : 'were counted and stay where they are'}: there is no mailbox yet.`,
				]),
		...section(
			'Repaired while reading (the files are not changed):',
			repaired.map(({ file, repairs }) => `${file}: ${repairs.map(({ message }) => message).join('; ')}.`),
		),
		...section(
			'Cannot be read and is left alone:',
			unreadable.map(
				({ file, reason, strict }) => `${file}: ${reason}${strict === undefined ? '' : ` [${strict.kind}]`}.`,
			),
		),
		...section(
			'Left alone:',
			source.leftOut.map(({ file, reason }) => `${file}: ${reason}.`),
		),
	];
	return {
		lines,
		data: { ...importTotals(source), import: importFigures(plan) },
		creates: created.length,
	};
}

const shownId = (planned: PlannedImport): string => displayLine(taskIdOf(planned), 100);

const standing = (planned: PlannedImport): string =>
	planned.kind === 'create'
		? planned.task.status
		: `${planned.stored.task.status} here, ${rawStatus(planned.main.found.record)} in ${planned.main.file}`;

const sentence = (count: number, one: string, many: string): string[] =>
	count === 0 ? [] : [`${countOf(count, 'task')} ${count === 1 ? one : many}.`];

const section = (title: string, lines: readonly string[]): string[] =>
	lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

function statusCounts(created: readonly PlannedCreation[]): string {
	return taskStatuses
		.map((status) => [status, created.filter(({ task }) => task.status === status).length] as const)
		.filter(([, count]) => count > 0)
		.map(([status, count]) => `${count} ${status}`)
		.join(', ');
}

function kindsOfFiles({ source }: ImportPlan): string[] {
	if (source.files.length === 0) {
		return [];
	}
	const counts = new Map<string, number>();
	for (const { format, tasks, messages } of source.files) {
		const holds = tasks.length > 0 ? 'with tasks' : messages.length > 0 ? 'with messages' : 'with neither';
		const kind = `${format ?? 'other'} ${holds}`;
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return [
		`By kind: ${[...counts]
			.toSorted(([left], [right]) => left.localeCompare(right, 'en'))
			.map(([kind, count]) => `${count} ${kind}`)
			.join(', ')}.`,
	];
}

/** Words that became one of our statuses and are not that word. */
function spellings(created: readonly PlannedCreation[]): string[] {
	const counts = new Map<string, { readonly raw: string; readonly status: TaskStatus; count: number }>();
	for (const { main } of created) {
		const raw = rawStatus(main.found.record);
		const { status } = main.task;
		const entry = counts.get(`${raw}\n${status}`) ?? { raw, status, count: 0 };
		entry.count++;
		counts.set(`${raw}\n${status}`, entry);
	}
	return [...counts.values()]
		.filter(({ raw, status }) => raw !== status)
		.map(({ raw, status, count }) =>
			raw === none
				? `No status is understood as ${status} (${countOf(count, 'task')}).`
				: `Status "${displayLine(raw, 60)}" is understood as ${status} (${countOf(count, 'task')}); the word stays.`,
		);
}

function localIds(created: readonly PlannedCreation[]): string[] {
	const local = created.filter(({ renamedBecause }) => renamedBecause === 'its id is local to its file');
	const [first] = local;
	return first === undefined
		? []
		: [
				`${countOf(local.length, 'task with an id that only means something in its file gets', 'tasks with an id that only means something in its file get')} one made from it, such as ${shownId(first)} for ${displayLine(first.main.found.id, 40)} of ${first.main.file}.`,
			];
}

function describeMerge(planned: PlannedImport): string {
	const { main, others } = planned;
	const where = others
		.map(({ file, found }) => `${placeOf(file, found.pointer)} (${rawStatus(found.record)})`)
		.join('; ');
	return `${shownId(planned)} stands more than once: ${placeOf(main.file, main.found.pointer)} (${rawStatus(main.found.record)}) counts, because it is furthest along of what is not archived; kept in its history: ${where}.`;
}

const describeContradiction = ({ task_id, field, sides }: Contradiction): string =>
	`Contradiction about the ${field.replace('_', ' ')} of ${displayLine(task_id, 100)}: ${sides.map(({ file, pointer, value }) => `${displayLine(value, 60)} in ${placeOf(file, pointer)}`).join(', ')}.`;

function waiting(created: readonly PlannedCreation[]): string[] {
	const held = created.filter(({ task }) => ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'].includes(task.status));
	const queued = created.filter(({ waitsFor }) => waitsFor.length > 0);
	return [
		...(queued.length === 0
			? []
			: [
					`${countOf(queued.length, 'task')} of a ready queue will wait in the backlog, because dependencies are open.`,
				]),
		...(held.length === 0
			? []
			: [
					`${countOf(held.length, 'task')} will stand as in work although nobody works on ${held.length === 1 ? 'it' : 'them'} here: release what is to be taken up again.`,
				]),
	];
}
