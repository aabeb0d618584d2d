// Owns what the dashboard knows of runs and of what is over: read from the ledger when something happened, not more often than a
// person looks, and never more than can be shown.

import { groupBy } from '../../base/groups.ts';
import type { LedgerEvent } from '../../core/events.ts';
import { autonomyTypes } from '../../core/figures/autonomy.ts';
import type { Run } from '../../core/run/run.ts';
import type { ArchiveName } from '../../core/task/archive.ts';
import type { Task } from '../../core/task/task.ts';
import type { RunBar } from '../../protocol/runBar.ts';
import { markTypes, toRunBar } from '../../protocol/runBar.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

const mostRuns = 3000;
const mostMarks = 6000;
/** Of what tells how the swarm got on alone, the newest: some thousand tasks. */
const mostAutonomy = 40_000;
/** Archives are read from the newest until there are so many tasks. */
const mostArchived = 20_000;

export class RunHistory {
	private readonly session: WorkspaceSession;
	private sequence = -1;
	private shown: readonly RunBar[] = [];
	private read: readonly Run[] = [];
	private told: readonly LedgerEvent[] = [];
	private archived: { readonly from: number; readonly changes: string; readonly tasks: readonly Task[] } | undefined;

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	/** The newest runs as bars, in no order. */
	get bars(): readonly RunBar[] {
		return this.shown;
	}

	/** The newest runs. */
	get runs(): readonly Run[] {
		return this.read;
	}

	/** Reads what is new of runs. */
	async look(): Promise<void> {
		const { workspace, snapshot } = this.session;
		const ledger = workspace?.ledger();
		if (ledger === undefined) {
			this.forget();
			return;
		}
		const read = await ledger.read(async (reader) => {
			const sequence = await reader.sequence();
			if (sequence === this.sequence) {
				return undefined;
			}
			const runs = await reader.runs({ limit: mostRuns });
			const events = await reader.events({ types: markTypes, newestFirst: true, limit: mostMarks });
			return { sequence, runs, events: events.toReversed() };
		});
		if (read === undefined) {
			return;
		}
		const byRun = groupBy(read.events, ({ run_id: id }) => id);
		this.sequence = read.sequence;
		this.read = read.runs;
		this.shown = read.runs.map((run) =>
			toRunBar(run, snapshot.tasks.get(run.task_id)?.task.name ?? run.task_id, byRun.get(run.run_id) ?? []),
		);
	}

	/** Events that tell how the swarm got on alone, oldest first; only what is new of them is read. */
	async autonomyEvents(): Promise<readonly LedgerEvent[]> {
		const ledger = this.session.workspace?.ledger();
		if (ledger !== undefined) {
			const after = this.told.at(-1)?.sequence ?? 0;
			const filter = { types: autonomyTypes, after, newestFirst: true, limit: mostAutonomy };
			const fresh = await ledger.read((reader) => reader.events(filter));
			this.told = [...this.told, ...fresh.toReversed()].slice(-mostAutonomy);
		}
		return this.told;
	}

	/** Tasks on the boards, and those of archives that were over at `from` or later. */
	async tasksSince(from: number): Promise<readonly Task[]> {
		const { workspace, snapshot } = this.session;
		const onBoards = [...snapshot.tasks.values()].map(({ task }) => task);
		const ledger = workspace?.ledger();
		if (ledger === undefined) {
			return onBoards;
		}
		const month = `archive/completed_tasks-${new Date(Math.max(0, from)).toISOString().slice(0, 7)}`;
		const archived = await ledger.read(async (reader) => {
			const archives = (await reader.archives()).filter(({ name }) => name >= month);
			const changes = JSON.stringify(archives.map(({ name, dirty_sequence }) => [name, dirty_sequence]));
			if (this.archived?.from === from && this.archived.changes === changes) {
				return this.archived.tasks;
			}
			const tasks: Task[] = [];
			for (const { name } of archives.toReversed()) {
				if (tasks.length < mostArchived) {
					const files: readonly ArchiveName[] = [name];
					tasks.push(...(await reader.tasks({ files })).map(({ task }) => task));
				}
			}
			this.archived = { from, changes, tasks };
			return tasks;
		});
		const known = new Set(onBoards.map(({ task_id: id }) => id));
		return [...onBoards, ...archived.filter(({ task_id: id }) => !known.has(id))];
	}

	/** The workspace is another one. */
	forget(): void {
		this.sequence = -1;
		this.shown = [];
		this.read = [];
		this.told = [];
		this.archived = undefined;
	}
}
