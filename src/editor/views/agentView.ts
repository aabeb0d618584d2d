// Owns the Agents view: its tree, its badge, and the clock that keeps elapsed times fresh while somebody can see them.

import type { Disposable } from 'vscode';
import { l10n, window } from 'vscode';
import { DisposableStore, toDisposable } from '../../base/disposable.ts';
import { countOfQuestions } from '../counts.ts';
import { viewIds } from '../manifest.ts';
import { throttle, treeMilliseconds } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { AgentTree } from './agentTree.ts';

const tickMilliseconds = 10_000;

export class AgentView implements Disposable {
	readonly tree = new AgentTree();
	private readonly subscriptions = new DisposableStore();

	constructor(session: WorkspaceSession) {
		this.subscriptions.add(this.tree);
		const view = this.subscriptions.add(
			window.createTreeView(viewIds.agents, { treeDataProvider: this.tree, showCollapseAll: true }),
		);
		const refresh = this.subscriptions.add(
			throttle(treeMilliseconds, () => {
				const { questions } = session.snapshot;
				this.tree.update(session.snapshot);
				view.badge =
					questions.length === 0
						? undefined
						: {
								value: questions.length,
								tooltip: l10n.t('{0} to answer', countOfQuestions(questions.length)),
							};
			}),
		);
		this.subscriptions.add(session.onDidChangeSnapshot(() => refresh.trigger()));
		const timer = setInterval(() => {
			if (view.visible) {
				this.tree.tick();
			}
		}, tickMilliseconds);
		this.subscriptions.add(toDisposable(() => clearInterval(timer)));
	}

	dispose(): void {
		this.subscriptions.dispose();
	}
}
