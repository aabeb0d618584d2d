// Owns what an import would do, worked out before anything is written: which records are one task, which of them counts, what id each
// gets, what is here already. Pure; nothing is chosen without being said.

import type { JsonObject } from '../../base/json.ts';
import { wantsReady } from '../board/applyMembership.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardNames, boardOfStatus } from '../task/taskStatus.ts';
import type { Cluster } from './clusterTasks.ts';
import { archivedLast, clusterTasks } from './clusterTasks.ts';
import type { ImportedTask } from './importedTask.ts';
import { importTask } from './importedTask.ts';
import { chooseId } from './importIds.ts';
import { KnownSources } from './knownSources.ts';
import type { ImportSource, SourceFile } from './readSource.ts';
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

export type PlannedCreation = Extract<PlannedImport, { readonly kind: 'create' }>;

export const isCreation = (planned: PlannedImport): planned is PlannedCreation => planned.kind === 'create';

/** The id a record has here, or will have. */
export const taskIdOf = (planned: PlannedImport): string =>
	planned.kind === 'create' ? planned.task.task_id : planned.stored.task.task_id;

export interface ImportPlan {
	readonly source: ImportSource;
	readonly tasks: readonly PlannedImport[];
}

export interface PlanImportOptions {
	/** How a file of the source is called in the ledger, and what tells it from one of the same name elsewhere. */
	readonly place: (file: SourceFile) => { readonly file: string; readonly origin: string };
	readonly agents: ReadonlySet<string>;
	/** What the ledger holds already. */
	readonly stored: readonly StoredTask[];
}

export function planImport(source: ImportSource, options: PlanImportOptions): ImportPlan {
	const imported = source.files.flatMap((file) =>
		file.tasks.map((found) =>
			importTask(
				found,
				{ ...options.place(file), format: file.format ?? 'json', repairs: file.repairs },
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
	// What is not archived has the first choice of ids.
	const fresh = clusters.filter((each) => !matches.has(each));
	for (const cluster of fresh.sort((left, right) => archivedLast(left.main, right.main))) {
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
	const also = others.map(({ file, found: { pointer, record }, source: { hash, origin } }) => ({
		file,
		pointer,
		origin,
		hash,
		status: rawStatus(record),
	}));
	const source = { ...main.source, ...(also.length === 0 ? {} : { also }) } as unknown as JsonObject;
	return {
		// Who held it elsewhere does not hold what waits here.
		task: { ...main.task, task_id, dependencies, status, source, ...(isQueued ? { claimed_by: null } : {}) },
		record: { ...main.record, source },
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
