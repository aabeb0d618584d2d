// Owns the dashboard: one editor panel that shows the current picture. The page is a projection: it is sent the whole model when
// it is ready, then at most ten times a second and only while it can be seen.

import type { Disposable, WebviewPanel } from 'vscode';
import { Uri, ViewColumn, commands, window, workspace as editorWorkspace } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Logger } from '../../base/log.ts';
import { taskStatuses } from '../../core/task/taskStatus.ts';
import type { toEditor } from '../../protocol/dashboardApi.ts';
import { toWebview } from '../../protocol/dashboardApi.ts';
import type { Handlers } from '../../protocol/define.ts';
import { toDashboardModel } from '../../protocol/viewModels.ts';
import { dashboardPanelType } from '../manifest.ts';
import { throttle } from '../throttle.ts';
import type { TaskView } from '../views/taskView.ts';
import { viewFacts } from '../views/taskView.ts';
import { viewMessage, workspaceKey } from '../views/viewState.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { webviewFolder, webviewHtml } from './html.ts';
import { openChannel } from './panelChannel.ts';

const refreshMilliseconds = 100;
const title = 'Dream.OS Dashboard';

export interface DashboardParts {
	readonly session: WorkspaceSession;
	readonly tasks: Pick<TaskView, 'revealStatus' | 'revealTask'>;
	readonly log: Logger;
	readonly extensionUri: Uri;
}

export class Dashboard implements Disposable {
	private readonly parts: DashboardParts;
	private readonly subscriptions = new DisposableStore();
	private panel: WebviewPanel | undefined;
	/** Pages that were sent a snapshot since activation; tests wait for it. */
	private sent = 0;

	constructor(parts: DashboardParts) {
		this.parts = parts;
		this.subscriptions.add(
			window.registerWebviewPanelSerializer(dashboardPanelType, {
				deserializeWebviewPanel: (panel) => {
					this.adopt(panel);
					return Promise.resolve();
				},
			}),
		);
	}

	/** How many snapshots were sent. */
	get snapshotsSent(): number {
		return this.sent;
	}

	/** Shows the dashboard; there is one. */
	open(): void {
		if (this.panel === undefined) {
			this.adopt(window.createWebviewPanel(dashboardPanelType, title, ViewColumn.Active));
		} else {
			this.panel.reveal();
		}
	}

	dispose(): void {
		this.subscriptions.dispose();
		this.panel?.dispose();
	}

	/** Fills a panel that was just made, or that the editor kept over a restart. */
	private adopt(panel: WebviewPanel): void {
		const { extensionUri, log, session } = this.parts;
		this.panel?.dispose();
		this.panel = panel;
		panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
		panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
		const lifetime = new DisposableStore();
		let isReady = false;
		let last = '';
		const channel = lifetime.add(
			openChannel<typeof toEditor, typeof toWebview>({
				webview: panel.webview,
				// The validator is loaded with the first page, not during activation.
				schemas: import('../../protocol/dashboardInput.ts').then(({ dashboardInput }) => dashboardInput),
				handlers: this.handlers(() => {
					isReady = true;
					send(true);
				}),
				outgoing: toWebview,
				log,
			}),
		);
		const send = (isForced: boolean) => {
			if (!isReady || !panel.visible) {
				return;
			}
			const model = this.model();
			const text = JSON.stringify(model);
			// Leases are renewed all the time: a picture that shows nothing else is not sent.
			if (isForced || text !== last) {
				last = text;
				this.sent += 1;
				channel.post('snapshot', { sequence: this.sent, model });
			}
		};
		const refresh = lifetime.add(throttle(refreshMilliseconds, () => send(false)));
		lifetime.add(session.onDidChangeSnapshot(() => refresh.trigger()));
		lifetime.add(session.onDidChange(() => refresh.trigger()));
		lifetime.add(window.onDidChangeActiveColorTheme(() => send(true)));
		lifetime.add(panel.onDidChangeViewState(() => send(true)));
		lifetime.add(
			panel.onDidDispose(() => {
				lifetime.dispose();
				if (this.panel === panel) {
					this.panel = undefined;
				}
			}),
		);
		panel.webview.html = webviewHtml(panel.webview, extensionUri, 'dashboard', title);
	}

	private model() {
		const { session } = this.parts;
		const { current } = session;
		const facts = viewFacts(session);
		return toDashboardModel({
			workspace: workspaceKey(facts),
			reason: viewMessage(facts) ?? '',
			folder: current.kind === 'open' ? current.folder.name : '',
			isTrusted: editorWorkspace.isTrusted,
			snapshot: session.snapshot,
		});
	}

	private handlers(onReady: () => void): Handlers<typeof toEditor> {
		const { tasks, log } = this.parts;
		const run = (work: Promise<unknown>) =>
			void work.catch((error: unknown) => log.error('The dashboard could not do it.', error));
		return {
			ready: onReady,
			perform: ({ command, taskId, runId }) =>
				run(Promise.resolve(commands.executeCommand(`dreamos.${command}`, { taskId, runId }))),
			revealStatus: ({ status }) => {
				const known = taskStatuses.find((each) => each === status);
				if (known !== undefined) {
					run(tasks.revealStatus(known));
				}
			},
			revealTask: ({ taskId }) => run(tasks.revealTask(taskId)),
		};
	}
}
