// Owns the filter of the Tasks view: what was typed, and which tasks answer it now. It follows the picture: each change of it is
// searched anew, one search at a time. It draws nothing.

import { l10n } from 'vscode';
import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { displayLine } from '../../base/text.ts';
import type { Disposable, Event } from '../../base/event.ts';
import { Emitter } from '../../base/event.ts';
import { countOfTasks } from '../counts.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

export interface FilteredTasks {
	/** What was typed. */
	readonly text: string;
	/** Keys of the tasks of the picture that are shown. */
	readonly keys: ReadonlySet<string>;
	/** How many answer; more than are shown where there are too many for a tree. */
	readonly total: number;
	readonly error?: string;
	/** Nothing was typed: exactly these were asked for, and the text says what they are. */
	readonly isGiven?: true;
}

/** More rows than this nobody reads; the rest is counted only. */
const mostRows = 5000;
/** Archived rows beside them: each of these is read for it. */
const mostArchived = 1000;
const windowMilliseconds = 200;

export class TaskFilter implements Disposable {
	private readonly session: WorkspaceSession;
	private readonly showsArchived: boolean;
	private readonly search: Coalescer;
	private readonly changed = new Emitter<void>();
	private filtered: FilteredTasks | undefined;
	private text = '';

	/** With `showsArchived` the picture is asked for archived tasks that answer; only one filter may do so. */
	constructor(session: WorkspaceSession, { showsArchived = true }: { readonly showsArchived?: boolean } = {}) {
		this.session = session;
		this.showsArchived = showsArchived;
		this.search = coalesce(
			windowMilliseconds,
			() => this.look(),
			(error) => this.show({ text: this.text, keys: new Set(), total: 0, error: displayLine(String(error)) }),
		);
	}

	/** Fires when the filter, or what answers it, is another one. */
	readonly onDidChange: Event<void> = (listener) => this.changed.event(listener);

	/** What is shown; undefined without a filter. */
	get current(): FilteredTasks | undefined {
		return this.filtered;
	}

	/** Sets what is looked for; a blank text shows everything again, at once. */
	set(text: string): void {
		this.text = text.trim();
		if (this.text === '') {
			this.showArchived([]);
			this.show(undefined);
		} else {
			this.search.trigger();
		}
	}

	/** Shows exactly these tasks, whatever becomes of them, until something else is set. `text` says what they are. */
	setTasks(text: string, ids: readonly string[]): void {
		this.text = '';
		this.showArchived(ids);
		this.show({ text, keys: new Set(ids), total: ids.length, isGiven: true });
	}

	/** The tasks may have changed. */
	refresh(): void {
		if (this.text !== '') {
			this.search.trigger();
		}
	}

	dispose(): void {
		this.search.dispose();
		this.changed.dispose();
	}

	private async look(): Promise<void> {
		const { text, session } = this;
		if (text === '') {
			// Taken back before it was looked for.
			return;
		}
		const { parseSearch } = await import('../../core/search/searchQuery.ts');
		const query = parseSearch(text, Date.now());
		const ledger = session.workspace?.ledger();
		if (ledger === undefined) {
			const keys = session.workspace?.matchingKeys(query) ?? [];
			this.showResult(text, keys, keys.length);
			return;
		}
		const { total, tasks } = await ledger.search(query, { limit: mostRows, offset: 0 });
		this.showArchived(tasks.map(({ task_id }) => task_id));
		this.showResult(
			text,
			tasks.map(({ task_id }) => task_id),
			total,
		);
	}

	private showResult(text: string, keys: readonly string[], total: number): void {
		// Another one may have been typed meanwhile, and is searched next.
		if (text === this.text && text !== '') {
			this.show({ text, keys: new Set(keys), total });
		}
	}

	/** Of what answers, what stands in archives is no part of the picture unless it is asked for. */
	private showArchived(ids: readonly string[]): void {
		if (!this.showsArchived) {
			return;
		}
		const { workspace, snapshot } = this.session;
		const isOnBoard = (id: string) => {
			const shown = snapshot.tasks.get(id);
			return shown !== undefined && shown.archive === undefined;
		};
		workspace?.model.showNamed(ids.filter((id) => !isOnBoard(id)).slice(0, mostArchived));
	}

	private show(next: FilteredTasks | undefined): void {
		const before = this.filtered;
		this.filtered = next;
		const isSame =
			before?.text === next?.text &&
			before?.total === next?.total &&
			before?.error === next?.error &&
			before?.keys.size === next?.keys.size &&
			[...(before?.keys ?? [])].every((key) => next?.keys.has(key));
		if (!isSame) {
			this.changed.fire();
		}
	}
}

/** What stands above the filtered rows. */
export function filterMessage({ text, total, keys, error, isGiven }: FilteredTasks): string {
	if (isGiven === true) {
		return l10n.t('Only these are shown: {0}', text);
	}
	const typed = displayLine(text, 80);
	if (error !== undefined) {
		return l10n.t('Filter {0}: {1}', typed, error);
	}
	if (total === 0) {
		return l10n.t('Filter {0}: no task.', typed);
	}
	return keys.size < total
		? l10n.t('Filter {0}: {1}, {2} of them shown.', typed, countOfTasks(total), keys.size)
		: l10n.t('Filter {0}: {1}.', typed, countOfTasks(total));
}
