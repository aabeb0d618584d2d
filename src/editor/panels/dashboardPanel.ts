// Owns the dashboard's panel: there is one, and it comes back after a restart. What its page is told is dashboardPage.ts, loaded
// with the first page.

import type { Disposable, WebviewPanel } from 'vscode';
import { Uri, ViewColumn, window, l10n } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Logger } from '../../base/log.ts';
import { dashboardPanelType } from '../manifest.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { TaskView } from '../views/taskView.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { webviewFolder, webviewHtml } from './html.ts';

const title = l10n.t('Dream.OS Dashboard');

export interface DashboardParts {
	readonly session: WorkspaceSession;
	readonly tasks: Pick<TaskView, 'revealStatus' | 'revealTask'>;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly log: Logger;
	readonly extensionUri: Uri;
}

export class Dashboard implements Disposable {
	private readonly parts: DashboardParts;
	private readonly subscriptions = new DisposableStore();
	private panel: WebviewPanel | undefined;
	private sent = 0;

	constructor(parts: DashboardParts) {
		this.parts = parts;
		this.subscriptions.add(
			window.registerWebviewPanelSerializer(dashboardPanelType, {
				deserializeWebviewPanel: (panel) => this.adopt(panel),
			}),
		);
	}

	/** Pictures and differences that pages were sent since activation; tests wait for them. */
	get messagesSent(): number {
		return this.sent;
	}

	/** Shows the dashboard; there is one. */
	async open(): Promise<void> {
		if (this.panel === undefined) {
			await this.adopt(window.createWebviewPanel(dashboardPanelType, title, ViewColumn.Active));
		} else {
			this.panel.reveal();
		}
	}

	dispose(): void {
		this.subscriptions.dispose();
		this.panel?.dispose();
	}

	/** Fills a panel that was just made, or that the editor kept over a restart. */
	private async adopt(panel: WebviewPanel): Promise<void> {
		const { extensionUri, ...parts } = this.parts;
		this.panel?.dispose();
		this.panel = panel;
		panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
		panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
		const lifetime = new DisposableStore();
		lifetime.add(
			panel.onDidDispose(() => {
				lifetime.dispose();
				if (this.panel === panel) {
					this.panel = undefined;
				}
			}),
		);
		const { openDashboardPage } = await import('./dashboardPage.ts');
		if (this.panel !== panel) {
			return;
		}
		lifetime.add(
			openDashboardPage({
				...parts,
				panel,
				onSent: () => (this.sent += 1),
			}),
		);
		panel.webview.html = webviewHtml(panel.webview, extensionUri, 'dashboard', title);
	}
}
