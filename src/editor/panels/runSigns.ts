// Owns what is known of runs at work besides what the ledger says: tokens and cost as the agent tells them, and what it did last.
// It reads the ends of their logs, each only when it grew and not more often than a person looks.

import path from 'node:path';
import { displayLine } from '../../base/text.ts';
import { readLogPage } from '../../core/run/logPage.ts';
import { runLogPath } from '../../core/run/runLogPath.ts';
import type { Run } from '../../core/run/run.ts';
import { isOpenRun } from '../../core/run/run.ts';
import { foldEntries } from '../../protocol/foldEntries.ts';
import type { RunSign } from '../../protocol/viewModels.ts';
import { toWatchEntry } from '../../protocol/watchEntry.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** Usage is told again every 128 K, so that this much of the end holds it. */
const tailBytes = 160 * 1024;

export class RunSigns {
	private readonly session: WorkspaceSession;
	private readonly sizes = new Map<string, number>();
	private signs: ReadonlyMap<string, RunSign> = new Map();

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	/** By the id of the run. */
	get current(): ReadonlyMap<string, RunSign> {
		return this.signs;
	}

	/** Looks at every run that is open; true when something is another. */
	async look(): Promise<boolean> {
		const runs = this.session.snapshot.agents.flatMap(({ run }) =>
			run !== undefined && isOpenRun(run.state) ? [run] : [],
		);
		const next = new Map<string, RunSign>();
		let isOther = runs.length !== this.signs.size;
		for (const run of runs) {
			const before = this.signs.get(run.run_id);
			const read = await this.read(run, before);
			next.set(run.run_id, read);
			isOther ||= read !== before;
		}
		for (const id of this.sizes.keys()) {
			if (!next.has(id)) {
				this.sizes.delete(id);
			}
		}
		this.signs = next;
		return isOther;
	}

	private async read(run: Run, before: RunSign | undefined): Promise<RunSign> {
		const { workspace } = this.session;
		const known = before ?? { usage: null, lastAction: null };
		if (workspace === undefined) {
			return known;
		}
		const { files } = workspace.ports;
		const file = path.resolve(workspace.folder, run.log_file ?? runLogPath(run.run_id));
		const size = (await files.stat(file))?.size ?? 0;
		const knownSize = this.sizes.get(run.run_id) ?? 0;
		if (size === knownSize) {
			return known;
		}
		this.sizes.set(run.run_id, size);
		const bytes = Math.min(tailBytes, size - knownSize + 1024);
		const page = await readLogPage(files, file, 'newest', { bytes, lines: Infinity });
		const { items, usage } = foldEntries((page?.lines ?? []).map(toWatchEntry));
		const last = items.findLast(({ text }) => text !== '');
		return {
			usage: usage === undefined ? known.usage : displayLine(usage, 80),
			lastAction: last === undefined ? known.lastAction : displayLine(last.text.split('\n').at(-1) ?? '', 160),
		};
	}
}
