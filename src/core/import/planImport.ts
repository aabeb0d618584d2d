// Owns what an import would do, worked out before anything is written: which records are one task, which of them counts, what id each
// gets, what is here already. Pure; nothing is chosen without being said.

import type { JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { wantsReady } from '../board/applyMembership.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardNames, boardOfStatus, furthestFirst } from '../task/taskStatus.ts';
import type { ImportedTask, SourcePlace, TaskSource } from './importedTask.ts';
import { importTask } from './importedTask.ts';
import { chooseId } from './importIds.ts';
import type { ImportSource } from './readSource.ts';
import { isArchived } from './readSource.ts';
import { compareTasks, isLocalId } from './sameTask.ts';
import { foldStatus, rawStatus } from './taskTotals.ts';

/** Both sides of something records of one task disagree about. */
export interface Contradiction {
	readonly task_id: string;
	readonly field: 'status' | 'priority' | 'assigned_agent';
	readonly sides: readonly { readonly file: string; readonly pointer: string; readonly value: string }[];
}

interface PlannedBase {
	readonly main: ImportedTask;
	/** Records of the same task that do not count; they are kept in its history. */
	readonly others: readonly ImportedTask[];
	readonly contradictions: readonly Contradiction[];
}

export type PlannedImport = PlannedBase &
	(
		| {
				readonly kind: 'create';
				readonly task: Task;
				readonly record: JsonObject;
				readonly board: BoardName;
				/** Dependencies it waits for although it stood in the ready queue. */
				readonly waitsFor: readonly string[];
				/** Why it could not keep its id. */
				readonly renamedBecause: string | undefined;
		  }
		| {
				/** `known`: imported before. `changed`: imported before, and its source changed since. `here`: this task was here without an import. */
				readonly kind: 'known' | 'changed' | 'here';
				readonly stored: StoredTask;
		  }
	);

export interface ImportPlan {
	readonly source: ImportSource;
	readonly tasks: readonly PlannedImport[];
}

export interface PlanImportOptions {
	/** How a file of the source is called in the ledger. */
	readonly label: (file: string) => string;
	readonly agents: ReadonlySet<string>;
	/** What the ledger holds already. */
	readonly stored: readonly StoredTask[];
}

interface Cluster {
	readonly main: ImportedTask;
	readonly others: readonly ImportedTask[];
	/** Why it is not the same task as an earlier one under its id. */
	readonly doubt: string | undefined;
}

export function planImport(source: ImportSource, options: PlanImportOptions): ImportPlan {
	const imported = source.files.flatMap((file) =>
		file.tasks.map((found) =>
			importTask(
				found,
				{ file: options.label(file.file), format: file.format ?? 'json', repairs: file.repairs },
				options.agents,
			),
		),
	);
	const clusters = clusterTasks(imported);
	const known = new KnownSources(options.stored);
	const byId = new Map(options.stored.map((stored) => [stored.task.task_id, stored]));
	const taken = new Set(byId.keys());
	const ids = new Map<ImportedTask, string>();
	const matches = new Map<Cluster, Exclude<PlannedImport['kind'], 'create'>>();
	const stored = new Map<Cluster, StoredTask>();
	const reasons = new Map<Cluster, string>();
	for (const cluster of clusters) {
		const earlier = known.find([cluster.main, ...cluster.others]);
		const { id } = cluster.main.found;
		const same = isLocalId(id) ? undefined : byId.get(id);
		const isSame = same !== undefined && 'proof' in compareTasks(same.task, cluster.main.task);
		const match = earlier?.stored ?? (isSame && cluster.doubt === undefined ? same : undefined);
		if (match !== undefined) {
			matches.set(cluster, earlier === undefined ? 'here' : earlier.hasChanged ? 'changed' : 'known');
			stored.set(cluster, match);
			remember(ids, cluster, match.task.task_id);
		}
	}
	for (const cluster of clusters.filter((each) => !matches.has(each))) {
		const { found, file } = cluster.main;
		const local = isLocalId(found.id);
		const isTaken = taken.has(found.id);
		const id = local || isTaken || cluster.doubt !== undefined ? chooseId(file, found.id, taken) : found.id;
		taken.add(id);
		remember(ids, cluster, id);
		if (id !== found.id) {
			reasons.set(
				cluster,
				cluster.doubt ??
					(local
						? 'its id is local to its file'
						: 'another task has this id here, and they are about different things'),
			);
		}
	}
	const finalIds = idsByFile(ids);
	const completed = new Set([
		...options.stored.filter(({ task }) => task.status === 'COMPLETED').map(({ task }) => task.task_id),
		...clusters
			.filter((cluster) => !matches.has(cluster) && cluster.main.task.status === 'COMPLETED')
			.map(({ main }) => ids.get(main) ?? ''),
	]);
	const tasks = clusters.map((cluster): PlannedImport => {
		const id = ids.get(cluster.main) ?? cluster.main.found.id;
		const base = { main: cluster.main, others: cluster.others, contradictions: contradictionsOf(id, cluster) };
		const kind = matches.get(cluster);
		const match = stored.get(cluster);
		if (kind !== undefined && match !== undefined) {
			return { ...base, kind, stored: match };
		}
		return {
			...base,
			kind: 'create',
			renamedBecause: reasons.get(cluster),
			...newTask(cluster, id, finalIds, completed),
		};
	});
	return { source, tasks: inBoardOrder(tasks) };
}

function remember(ids: Map<ImportedTask, string>, { main, others }: Cluster, id: string): void {
	for (const each of [main, ...others]) {
		ids.set(each, id);
	}
}

/** Records that are one task, each group once; the record that counts first. */
function clusterTasks(imported: readonly ImportedTask[]): Cluster[] {
	const byKey = new Map<string, ImportedTask[]>();
	for (const each of imported) {
		const key = isLocalId(each.found.id) ? `${each.file}\n${each.found.id}` : each.found.id;
		const list = byKey.get(key);
		if (list === undefined) {
			byKey.set(key, [each]);
		} else {
			list.push(each);
		}
	}
	return [...byKey.values()].flatMap((records) => {
		const groups: ImportedTask[][] = [];
		for (const record of [...records].sort(compareRank)) {
			const group = groups.find(
				([first]) => first !== undefined && 'proof' in compareTasks(first.task, record.task),
			);
			if (group === undefined) {
				groups.push([record]);
			} else {
				group.push(record);
			}
		}
		return groups.flatMap(([main, ...others], index) =>
			main === undefined
				? []
				: [
						{
							main,
							others,
							doubt:
								index === 0
									? undefined
									: 'another record has its id, and they are about different things',
						},
					],
		);
	});
}

/** What is not archived first; then furthest along; then the board later in a task's life. The order they were found in decides the rest. */
function compareRank(left: ImportedTask, right: ImportedTask): number {
	const rank = ({ found: { board } }: ImportedTask) => (board === undefined ? -1 : boardNames.indexOf(board));
	return (
		Number(isArchived(left.found.file)) - Number(isArchived(right.found.file)) ||
		furthestFirst.indexOf(left.task.status) - furthestFirst.indexOf(right.task.status) ||
		rank(right) - rank(left)
	);
}

/** Tasks of earlier imports by the id they had in their source. */
class KnownSources {
	private readonly byId = new Map<
		string,
		{ readonly stored: StoredTask; readonly places: readonly SourcePlace[] }[]
	>();

	constructor(stored: readonly StoredTask[]) {
		for (const each of stored) {
			const source = sourceOf(each.record);
			if (source !== undefined) {
				const places = [{ ...source, status: '' }, ...(source.also ?? [])];
				this.byId.set(source.id, [...(this.byId.get(source.id) ?? []), { stored: each, places }]);
			}
		}
	}

	/** The task one of these records became; of several the one whose source did not change. */
	find(records: readonly ImportedTask[]): { readonly stored: StoredTask; readonly hasChanged: boolean } | undefined {
		const [first] = records;
		const candidates = first === undefined ? [] : (this.byId.get(first.found.id) ?? []);
		const matching = (isExact: boolean) =>
			candidates.find(({ places }) =>
				places.some((place) =>
					records.some(
						({ file, source }) => isSameFile(place.file, file) && (!isExact || place.hash === source.hash),
					),
				),
			);
		const exact = matching(true);
		const loose = exact ?? matching(false);
		return loose === undefined ? undefined : { stored: loose.stored, hasChanged: exact === undefined };
	}
}

/** One folder may be imported as a whole and later in part: then one path is the end of the other. */
const isSameFile = (left: string, right: string): boolean =>
	left === right || left.endsWith(`/${right}`) || right.endsWith(`/${left}`);

export function sourceOf(record: JsonObject): TaskSource | undefined {
	const source = Object.hasOwn(record, 'source') ? record['source'] : undefined;
	return isJsonObject(source) && ['file', 'pointer', 'id', 'hash'].every((key) => typeof source[key] === 'string')
		? (source as unknown as TaskSource)
		: undefined;
}

/** The ids records got, by file and the id they had there: dependencies are meant inside their file first. */
function idsByFile(ids: ReadonlyMap<ImportedTask, string>): ReadonlyMap<string, string> {
	return new Map([...ids].map(([{ file, found }, id]) => [`${file}\n${found.id}`, id]));
}

function newTask(
	{ main, others }: Cluster,
	task_id: string,
	finalIds: ReadonlyMap<string, string>,
	completed: ReadonlySet<string>,
): {
	readonly task: Task;
	readonly record: JsonObject;
	readonly board: BoardName;
	readonly waitsFor: readonly string[];
} {
	const dependencies = main.task.dependencies.map((id) => finalIds.get(`${main.file}\n${id}`) ?? id);
	const isQueued = wantsReady(main.task, main.found.board);
	const waitsFor = isQueued ? dependencies.filter((id) => !completed.has(id)) : [];
	const status = isQueued ? (waitsFor.length === 0 ? 'READY' : 'PENDING') : main.task.status;
	const also = others.map(({ file, found: { pointer, record }, source: { hash } }) => ({
		file,
		pointer,
		hash,
		status: rawStatus(record),
	}));
	const source = { ...main.source, ...(also.length === 0 ? {} : { also }) };
	return {
		task: { ...main.task, task_id, dependencies, status },
		record: { ...main.record, source: source as unknown as JsonObject },
		board: boardOfStatus[status],
		waitsFor,
	};
}

function contradictionsOf(task_id: string, { main, others }: Cluster): Contradiction[] {
	const all = [main, ...others];
	const values: Readonly<Record<Contradiction['field'], (each: ImportedTask) => string | null>> = {
		status: ({ found }) => foldStatus(rawStatus(found.record)),
		priority: ({ task, found }) => (found.record['priority'] === undefined ? null : task.priority),
		assigned_agent: ({ task }) => task.assigned_agent,
	};
	return (Object.keys(values) as Contradiction['field'][]).flatMap((field) => {
		const sides = all.flatMap((each) => {
			const value = values[field](each);
			return value === null ? [] : [{ file: each.file, pointer: each.found.pointer, value }];
		});
		const meanings = new Set(sides.map(({ value }) => value));
		return meanings.size > 1 ? [{ task_id, field, sides }] : [];
	});
}

/** Boards in the order of a task's life, on each the order they were found in; what is here already comes last. */
function inBoardOrder(tasks: readonly PlannedImport[]): PlannedImport[] {
	const rank = (planned: PlannedImport) =>
		planned.kind === 'create' ? boardNames.indexOf(planned.board) : boardNames.length;
	return [...tasks].sort((left, right) => rank(left) - rank(right));
}
