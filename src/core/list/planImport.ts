// Owns what importing a list would do, worked out before anything is written: which entry becomes which task, what its dependencies
// mean, what is there already, and everything that is wrong, with its line. Pure.

import type { JsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { ReadRecord } from '../board/boardRecord.ts';
import { isFieldKey, renderRecord, taskFromRecord } from '../board/boardRecord.ts';
import { findCycles } from '../board/findCycles.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { TaskStatus } from '../task/taskStatus.ts';
import { isFinished } from '../task/taskStatus.ts';
import { ExistingTasks } from './existingTasks.ts';
import { ListReferences } from './listReferences.ts';
import type { ListEntry, ListProblem, ListReading } from './taskList.ts';

export interface ImportOptions {
	/** Keep what cannot be used or resolved as it stands, as adopting boards does: it becomes a warning. */
	readonly asIs: boolean;
	/** Pass over entries whose id is there already with another content, instead of refusing the list. */
	readonly skipExisting: boolean;
}

export interface ImportFacts {
	readonly tasks: readonly StoredTask[];
	readonly agents: ReadonlySet<string>;
	readonly newId: (name: string) => string;
}

export interface ListedTask {
	readonly task: Task;
	/** A whole record, or what its author says beyond our fields. */
	readonly record: JsonObject;
	readonly isWhole: boolean;
	readonly line: number;
}

export interface SkippedEntry {
	readonly task_id: string;
	readonly line: number;
	readonly reason: string;
}

export interface ImportPlan {
	/** In the order of the list. */
	readonly tasks: readonly ListedTask[];
	readonly skipped: readonly SkippedEntry[];
	/** By line. */
	readonly problems: readonly ListProblem[];
}

/** An entry with the id it has or gets. */
interface Named {
	readonly entry: ListEntry;
	readonly task_id: string;
	readonly hasOwnId: boolean;
}

interface Draft {
	readonly entry: ListEntry;
	readonly read: ReadRecord;
	readonly task: Task;
	readonly record: JsonObject;
}

export function planImport(reading: ListReading, facts: ImportFacts, options: ImportOptions): ImportPlan {
	return new ImportPlanner(facts, options).plan(reading);
}

class ImportPlanner {
	private readonly facts: ImportFacts;
	private readonly options: ImportOptions;
	private readonly existing: ExistingTasks;
	private readonly references: ListReferences;
	private readonly problems: ListProblem[] = [];
	private readonly skipped: SkippedEntry[] = [];
	private readonly taken = new Set<string>();

	constructor(facts: ImportFacts, options: ImportOptions) {
		this.facts = facts;
		this.options = options;
		this.existing = new ExistingTasks(facts.tasks);
		this.references = new ListReferences(this.existing);
	}

	plan({ entries, problems }: ListReading): ImportPlan {
		this.problems.push(...problems);
		const named = entries.map((entry) => this.name(entry));
		const drafts = named.flatMap((each) => this.draft(each, named) ?? []);
		const statuses = new Map<string, TaskStatus>(
			[...this.facts.tasks, ...drafts].map(({ task }) => [task.task_id, task.status]),
		);
		const tasks = drafts.map((draft) => this.place(draft, statuses));
		this.findCircles(tasks);
		return { tasks, skipped: this.skipped, problems: this.problems.sort((left, right) => left.line - right.line) };
	}

	/** What can be kept as it is becomes a warning where that is wished. */
	private get severity(): ListProblem['severity'] {
		return this.options.asIs ? 'warning' : 'error';
	}

	private add(
		{ line, lineOf }: ListEntry,
		message: string,
		field?: string,
		severity: ListProblem['severity'] = 'error',
	): void {
		this.problems.push({
			severity,
			line: field === undefined ? line : (lineOf?.(field) ?? line),
			message,
			...(field === undefined ? {} : { field }),
		});
	}

	/** All entries get their ids and names before any is judged, so that their order does not matter. */
	private name(entry: ListEntry): Named {
		const { agents, newId } = this.facts;
		const own = taskFromRecord(entry.record, { agents }).task?.task_id;
		const nameOf = () => taskFromRecord({ ...entry.record, task_id: '-' }, { agents }).task?.name ?? '';
		const task_id = own ?? this.existing.takeEqual(entry.record, agents) ?? newId(nameOf());
		const { task } = taskFromRecord({ ...entry.record, task_id }, { agents });
		this.references.add(task_id, task?.name ?? '', entry.line);
		return { entry, task_id, hasOwnId: own !== undefined };
	}

	private draft({ entry, task_id, hasOwnId }: Named, named: readonly Named[]): Draft | undefined {
		const record = this.withParent(hasOwnId ? entry.record : { task_id, ...entry.record }, entry, named);
		const read = taskFromRecord(record, { agents: this.facts.agents });
		for (const {
			code,
			message,
			path: [key],
		} of read.problems) {
			const isBadId = code === 'record.badId' || code === 'record.noId';
			this.add(entry, message, key === undefined ? undefined : String(key), isBadId ? 'error' : this.severity);
		}
		if (read.task === undefined) {
			return undefined;
		}
		if (this.taken.has(task_id)) {
			this.add(entry, `${task_id} stands twice in this list.`, read.keys.task_id);
			return undefined;
		}
		this.taken.add(task_id);
		if (read.task.name.trim() === '' && !hasOwnId) {
			this.add(entry, 'This entry has no name.', 'name');
			return undefined;
		}
		const task = { ...read.task, dependencies: this.resolve(entry, read.task, read.keys.dependencies) };
		const draft = { entry, read, task, record };
		return this.isThere(draft) ? undefined : draft;
	}

	/** The task an entry is part of: the one it is indented under, else what its own field names. */
	private withParent(record: JsonObject, { parent, ...entry }: ListEntry, named: readonly Named[]): JsonObject {
		const above = parent === undefined ? undefined : named[parent]?.task_id;
		const told = Object.hasOwn(record, 'parent') ? record['parent'] : undefined;
		if (above !== undefined) {
			return above === told ? record : { ...record, parent: above };
		}
		if (typeof told !== 'string' || told === '') {
			return record;
		}
		const { id, why } = this.references.resolve(told);
		if (id === undefined) {
			this.add(entry, why, 'parent', this.severity);
		}
		return id === undefined || id === told ? record : { ...record, parent: id };
	}

	private resolve(entry: ListEntry, task: Task, key = 'dependencies'): string[] {
		return task.dependencies.map((text) => {
			const { id, why } = this.references.resolve(text);
			if (id === task.task_id) {
				this.add(entry, `${task.name} cannot wait for itself.`, key, this.severity);
			} else if (id === undefined && !isFinished(task.status)) {
				// Nothing waits any more where the task is finished.
				this.add(entry, why, key, this.severity);
			}
			return id ?? text;
		});
	}

	/** Whether the entry is a task already; says so, or what is different. */
	private isThere({ entry, read, task, record }: Draft): boolean {
		const { task_id } = task;
		const there = this.existing.byId(task_id);
		if (there === undefined) {
			return false;
		}
		const differences = this.existing.differences(there, task, read, record);
		if (differences.length === 0) {
			this.skipped.push({ task_id, line: entry.line, reason: 'it is there already' });
		} else if (this.options.skipExisting) {
			const reason = `it is there with something else under ${differences.join(', ')}`;
			this.skipped.push({ task_id, line: entry.line, reason });
		} else {
			const message = `${task_id} is there already and says something else under ${differences.join(', ')}.`;
			this.add(entry, message, read.keys.task_id);
		}
		return true;
	}

	/** Gives a task the status it begins with: a list may say which, but ready is only what waits for nothing. */
	private place({ entry, read, task, record }: Draft, statuses: ReadonlyMap<string, TaskStatus>): ListedTask {
		const { isWhole, line } = entry;
		const isSilent = read.keys.status === undefined;
		const isAsked = isSilent || (task.status === 'READY' && !this.options.asIs);
		const isOpen = task.dependencies.some((id) => statuses.get(id) !== 'COMPLETED');
		const placed: Task = isAsked ? { ...task, status: isOpen ? 'PENDING' : 'READY' } : task;
		const others = () => Object.fromEntries(Object.entries(record).filter(([key]) => !isFieldKey(read, key)));
		return { task: placed, record: isWhole ? renderRecord(placed, record) : others(), isWhole, line };
	}

	private findCircles(planned: readonly ListedTask[]): void {
		const lines = new Map(planned.map(({ task, line }) => [task.task_id, line]));
		const open = [...planned, ...this.facts.tasks]
			.map(({ task }) => task)
			.filter(({ status }) => !isFinished(status));
		for (const cycle of findCycles(open)) {
			const line = lines.get(cycle.find((id) => lines.has(id)) ?? '');
			// A task that waits for itself was told on its own line.
			if (line !== undefined && cycle.length > 1) {
				const circle = displayLine([...cycle, cycle[0]].join(' → '), 500);
				const message = `These tasks would wait for each other: ${circle}.`;
				this.problems.push({ severity: this.severity, line, field: 'dependencies', message });
			}
		}
	}
}
