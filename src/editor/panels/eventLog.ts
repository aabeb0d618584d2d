// Owns the lines of the dashboard's log: the newest events of the ledger, read once and then only what came after them.

import type { EventLine } from '../../protocol/eventLine.ts';
import { toEventLine } from '../../protocol/eventLine.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** What is older is found with the history of a task. */
const mostLines = 5000;

export class EventLog {
	private readonly session: WorkspaceSession;
	private shown: readonly EventLine[] = [];

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	/** Oldest first. */
	get lines(): readonly EventLine[] {
		return this.shown;
	}

	/** Reads what is new. */
	async look(): Promise<void> {
		const ledger = this.session.workspace?.ledger();
		if (ledger === undefined) {
			this.shown = [];
			return;
		}
		const last = this.shown.at(-1)?.sequence;
		const read = await ledger.read(async (reader) => {
			const sequence = await reader.sequence();
			// A ledger that is another one, or was rebuilt, begins anew.
			return last === undefined || last > sequence
				? { isNew: true, events: (await reader.events({ newestFirst: true, limit: mostLines })).toReversed() }
				: { isNew: false, events: await reader.events({ after: last, limit: mostLines }) };
		});
		if (read.isNew || read.events.length > 0) {
			this.shown = [...(read.isNew ? [] : this.shown), ...read.events.map(toEventLine)].slice(-mostLines);
		}
	}

	/** The workspace is another one. */
	forget(): void {
		this.shown = [];
	}
}
