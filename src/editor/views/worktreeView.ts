// Owns the Worktrees view: it looks at the disk while somebody can see it, when the ledger changed, and not more often than it must.

import type { Disposable } from '../../base/event.ts';
import { window } from 'vscode';
import { coalesce } from '../../base/async.ts';
import { DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/log.ts';
import type { WorktreeRow } from '../../core/worktree/worktreeInventory.ts';
import { viewIds } from '../manifest.ts';
import type { Performer } from '../performer.ts';
import { trustRefusal } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { worktreeMessage } from './worktreeRows.ts';
import { WorktreeTree } from './worktreeTree.ts';

const tickMilliseconds = 10_000;
/** Each look starts git and reads folders. */
const lookMilliseconds = 1000;

export class WorktreeView implements Disposable {
	readonly tree = new WorktreeTree();
	private readonly subscriptions = new DisposableStore();
	private readonly session: WorkspaceSession;
	private readonly performer: Performer;

	constructor(session: WorkspaceSession, performer: Performer, log: Logger) {
		this.session = session;
		this.performer = performer;
		this.subscriptions.add(this.tree);
		const view = this.subscriptions.add(
			window.createTreeView(viewIds.worktrees, { treeDataProvider: this.tree, showCollapseAll: false }),
		);
		const look = this.subscriptions.add(
			coalesce(
				lookMilliseconds,
				async () => {
					if (view.visible) {
						this.tree.update(await this.read());
						view.message = worktreeMessage(this.tree.rows);
					}
				},
				(error) => log.warn(`The worktrees could not be listed: ${String(error)}`),
			),
		);
		let following: Disposable | undefined;
		const follow = () => {
			following?.dispose();
			following = session.workspace?.ledger()?.onDidChange(() => look.trigger());
			look.trigger();
		};
		this.subscriptions.add(session.onDidChange(follow));
		this.subscriptions.add(toDisposable(() => following?.dispose()));
		this.subscriptions.add(view.onDidChangeVisibility(() => look.trigger()));
		const timer = setInterval(() => {
			if (view.visible) {
				this.tree.tick();
			}
		}, tickMilliseconds);
		this.subscriptions.add(toDisposable(() => clearInterval(timer)));
		this.look = () => look.trigger();
	}

	/** Looks again: something was done that the ledger may not tell. */
	readonly look: () => void;

	dispose(): void {
		this.subscriptions.dispose();
	}

	private async read(): Promise<readonly WorktreeRow[]> {
		// Where nothing may be run, git is not asked.
		return this.session.workspace?.state() === 'ours' && trustRefusal() === undefined
			? this.performer.perform<readonly WorktreeRow[]>('worktree.list')
			: [];
	}
}
