// Owns the figures about the tasks that were found, in the keys and groups of the older project's own reports. It counts raw values;
// what each becomes with us is decided in importTask.ts.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { idItem } from '../board/recordFields.ts';
import { normaliseAgent } from '../board/normaliseAgent.ts';
import { normaliseStatus } from '../board/normaliseStatus.ts';
import { findCycles } from '../board/findCycles.ts';
import type { FoundTask } from './findTasks.ts';

export const none = '(none)';

/** Counts in falling order, so that a report is read from its top. */
export class Tally {
	private readonly counts = new Map<string, number>();

	add(key: string): void {
		this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
	}

	toObject(): Record<string, number> {
		// Made from entries, so that no key, not even `__proto__`, is anything but a key.
		return Object.fromEntries([...this.counts].sort(([, left], [, right]) => right - left));
	}
}

/** Numeric ids are local to their file: two of them are never the same task. */
export const isNumericId = (id: string): boolean => /^\d+$/u.test(id);

/** Keys of an agent in the order in which the older reports look for them. */
const agentKeys = [
	'assigned_agent',
	'assigned_to',
	'assigned_agent_id',
	'agent_assigned',
	'claimed_by',
	'owner',
	'assignee',
	'assignee_suggestion',
	'target_agent',
	'to_agent',
] as const;

const own = (record: JsonObject, key: string): JsonValue | undefined =>
	Object.hasOwn(record, key) ? record[key] : undefined;

export const rawStatus = (record: JsonObject): string => {
	const raw = own(record, 'status') ?? own(record, 'state') ?? null;
	return raw === null || raw === '' ? none : typeof raw === 'string' ? raw : JSON.stringify(raw);
};

/** Trimmed, upper case, spaces and dashes as `_`. */
export const foldStatus = (raw: string): string =>
	raw === none
		? none
		: raw
				.trim()
				.replace(/[\s-]+/gu, '_')
				.toUpperCase();

/** The group of the older reports: like our statuses, but REOPENED is its own and what was put away is UNKNOWN. */
function statusGroup(raw: string): string {
	const folded = foldStatus(raw);
	if (folded === none || folded === 'REOPENED') {
		return folded;
	}
	const reading = normaliseStatus(raw);
	if (folded === 'ARCHIVED' || reading.kind !== 'known') {
		return /^IN_?PROGRESS_/u.test(folded) ? 'IN_PROGRESS?' : 'UNKNOWN';
	}
	return reading.status === 'VALIDATING' ? 'REVIEW' : reading.status;
}

function foldPriority(record: JsonObject): string {
	const raw = own(record, 'priority') ?? null;
	return typeof raw === 'number'
		? `num:${raw}`
		: typeof raw === 'string' && raw.trim() !== ''
			? raw.trim().toUpperCase()
			: none;
}

/** Key and spelling of the agent a record names. */
function agentOf({ record, container }: FoundTask): { readonly key: string; readonly spelling: string } {
	const key = agentKeys.find((each) => own(record, each) !== undefined);
	if (key === undefined) {
		return container === undefined ? { key: none, spelling: '' } : { key: '(container)', spelling: container };
	}
	const raw = own(record, key);
	return { key, spelling: typeof raw === 'string' ? raw.trim() : '' };
}

function dependenciesOf(record: JsonObject): string[] {
	for (const key of ['dependencies', 'depends_on', 'deps']) {
		const raw = own(record, key);
		const list = Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw];
		const ids = list.map(idItem).filter((id): id is string => id !== undefined && id !== '');
		if (ids.length > 0) {
			return ids;
		}
	}
	return [];
}

export function taskTotals(tasks: readonly FoundTask[]) {
	const tallies = {
		statusRaw: new Tally(),
		statusFolded: new Tally(),
		statusCanonical: new Tally(),
		priorityFolded: new Tally(),
		idKeys: new Tally(),
		agentKeys: new Tally(),
		agentSpellings: new Tally(),
		agentsNormalised: new Tally(),
	};
	for (const task of tasks) {
		const raw = rawStatus(task.record);
		const { key, spelling } = agentOf(task);
		tallies.statusRaw.add(raw);
		tallies.statusFolded.add(foldStatus(raw));
		tallies.statusCanonical.add(statusGroup(raw));
		tallies.priorityFolded.add(foldPriority(task.record));
		tallies.idKeys.add(task.idKey);
		tallies.agentKeys.add(key);
		if (spelling !== '') {
			tallies.agentSpellings.add(spelling);
		}
		tallies.agentsNormalised.add((spelling === '' ? null : normaliseAgent(spelling)) ?? '(unassigned)');
	}
	const ids = new Set(tasks.map(({ id }) => id));
	return {
		records: tasks.length,
		recordsWithoutId: 0,
		distinctIds: ids.size,
		distinctNonNumericIds: [...ids].filter((id) => !isNumericId(id)).length,
		...(Object.fromEntries(Object.entries(tallies).map(([key, tally]) => [key, tally.toObject()])) as Record<
			keyof typeof tallies,
			Record<string, number>
		>),
	};
}

export function duplicateTotals(tasks: readonly FoundTask[]) {
	const byFile = new Map<string, Tally>();
	const byId = new Map<string, FoundTask[]>();
	for (const task of tasks) {
		const tally = byFile.get(task.file) ?? new Tally();
		tally.add(task.id);
		byFile.set(task.file, tally);
		if (!isNumericId(task.id)) {
			byId.set(task.id, [...(byId.get(task.id) ?? []), task]);
		}
	}
	const within = [...byFile].flatMap(([file, tally]) => {
		const repeated = Object.entries(tally.toObject()).filter(([, count]) => count > 1);
		return repeated.length === 0 ? [] : [[file, Object.fromEntries(repeated)] as const];
	});
	const across = [...byId]
		.map(([id, found]) => ({
			id,
			files: [...new Set(found.map(({ file }) => file))].sort(),
			statuses: [...new Set(found.map(({ record }) => foldStatus(rawStatus(record))))].sort(),
		}))
		.filter(({ files }) => files.length > 1);
	const conflicting = across.filter(({ statuses }) => new Set(statuses.map(statusGroup)).size > 1);
	return {
		withinFile: Object.fromEntries(within),
		acrossFiles: Object.fromEntries(across.map(({ id, files }) => [id, files])),
		acrossFilesCount: across.length,
		conflictingStatus: Object.fromEntries(conflicting.map(({ id, statuses }) => [id, statuses])),
		conflictingStatusCount: conflicting.length,
	};
}

export function dependencyTotals(tasks: readonly FoundTask[]) {
	const ids = new Set(tasks.map(({ id }) => id));
	const edges = new Map<string, Set<string>>();
	const references: string[] = [];
	for (const { id, record } of tasks) {
		const each = dependenciesOf(record);
		references.push(...each);
		edges.set(id, new Set([...(edges.get(id) ?? []), ...each.filter((other) => ids.has(other))]));
	}
	const dangling = references.filter((id) => !ids.has(id));
	const distinct = [...new Set(dangling)].sort();
	return {
		references: references.length,
		danglingReferences: dangling.length,
		danglingDistinct: distinct,
		danglingDistinctCount: distinct.length,
		cycles: findCycles([...edges].map(([task_id, others]) => ({ task_id, dependencies: [...others] }))),
	};
}
