// Owns what is watched in a folder: somebody else may set it up, change boards that are not ours, take the ledger away, or change
// settings. It only says that there is something to look at; what that is, its owner finds out.

import type { Coalescer } from '../base/async.ts';
import { coalesce } from '../base/async.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Disposable } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { WorkspaceState } from '../core/actions/workspaceDoor.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import { settingsPath } from '../node/settingsFile.ts';
import type { WorkspacePorts } from './workspaceOptions.ts';

/** How long after a burst of changes the folder is looked at again. */
const lookAgainMilliseconds = 100;

export interface FolderWatchParts {
	readonly folder: string;
	readonly ports: Pick<WorkspacePorts, 'files' | 'watcher'>;
	readonly log: Logger;
	/** Looks at the folder again. */
	readonly look: () => Promise<void>;
	readonly readSettings: () => Promise<void>;
	/** Whether the file of the open ledger is another one, or gone. */
	readonly isLedgerLost: () => Promise<boolean>;
}

export class FolderWatch implements Disposable {
	private readonly parts: FolderWatchParts;
	private watching: Disposable | undefined;
	/** What the watch was set for: it stands until that changes. */
	private watched: { readonly state: WorkspaceState; readonly ledger: Ledger | undefined } | undefined;

	constructor(parts: FolderWatchParts) {
		this.parts = parts;
	}

	/** A new watch calls at once, and a call makes its owner look: to set one at each look would never come to rest. */
	set(state: WorkspaceState, ledger: Ledger | undefined): void {
		if (this.watched?.state === state && this.watched.ledger === ledger) {
			return;
		}
		this.watched = { state, ledger };
		this.watching?.dispose();
		const { folder, ports, look } = this.parts;
		const store = new DisposableStore();
		const at = (path: string) => ports.files.join(folder, path);
		const again = store.add(this.later(look, 'The folder could not be read.'));
		if (state === 'ours') {
			const settings = store.add(this.later(this.parts.readSettings, 'Settings could not be read.'));
			store.add(ports.watcher.watch([settingsPath(folder)], () => settings.trigger()));
			store.add(ports.watcher.watch([at(runtimePaths.ledger)], () => void this.noticeLostLedger(again)));
			const subscription = ledger?.onDidChange(() => settings.trigger());
			if (subscription !== undefined) {
				store.add(subscription);
			}
		} else {
			const foreign = [runtimePaths.marker, runtimePaths.ledger, runtimePaths.boards].map(at);
			store.add(ports.watcher.watch(foreign, () => again.trigger()));
		}
		this.watching = store;
	}

	dispose(): void {
		this.watching?.dispose();
	}

	private later(work: () => Promise<void>, failure: string): Coalescer {
		return coalesce(lookAgainMilliseconds, work, (error) => this.parts.log.error(failure, error));
	}

	private async noticeLostLedger(again: Coalescer): Promise<void> {
		if (await this.parts.isLedgerLost()) {
			again.trigger();
		}
	}
}
