// Owns the watch views: one editor panel per run, which comes back after a window was reloaded. A page is a projection: it asks for
// parts of the run's log, and is told of growth at most four times a second and only while it can be seen.

import path from 'node:path';
import type { Disposable, WebviewPanel } from 'vscode';
import { Uri, ViewColumn, commands, window, l10n } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Evidence } from '../../core/gate/evidence.ts';
import { readLogPage } from '../../core/run/logPage.ts';
import type { toEditor } from '../../protocol/watchApi.ts';
import { toWebview } from '../../protocol/watchApi.ts';
import type { Handlers } from '../../protocol/define.ts';
import { toRunEvidence } from '../../protocol/runEvidence.ts';
import { toWatchEntry } from '../../protocol/watchEntry.ts';
import { watchPanelType } from '../manifest.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import { throttle } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { webviewFolder, webviewHtml } from './html.ts';
import type { PanelChannel } from './panelChannel.ts';
import { openChannel } from './panelChannel.ts';
import { openRunDiff } from './runDiff.ts';
import { WatchedRun } from './watchedRun.ts';

const refreshMilliseconds = 250;
const title = l10n.t('Watch Agent');

export interface WatchParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly log: Logger;
	readonly extensionUri: Uri;
}

export class WatchPanels implements Disposable {
	private readonly parts: WatchParts;
	private readonly serializer: Disposable;
	private readonly panels = new Map<string, WebviewPanel>();

	constructor(parts: WatchParts) {
		this.parts = parts;
		this.serializer = window.registerWebviewPanelSerializer(watchPanelType, {
			deserializeWebviewPanel: (panel, state: unknown) => {
				const runId = keptRun(state);
				if (runId === undefined) {
					panel.dispose();
				} else {
					this.adopt(panel, runId);
				}
				return Promise.resolve();
			},
		});
	}

	/** Shows the view of a run; each run has one. It comes beside what somebody works on, and the focus stays there. */
	open(runId: string): void {
		const known = this.panels.get(runId);
		if (known === undefined) {
			const place = { viewColumn: this.column(), preserveFocus: true };
			this.adopt(window.createWebviewPanel(watchPanelType, title, place), runId);
		} else {
			known.reveal(undefined, true);
		}
	}

	/** Where the other views are; else beside the active editor; where nothing is open, there is nothing to be beside of. */
	private column(): ViewColumn {
		const place = [...this.panels.values()].find(({ viewColumn }) => viewColumn !== undefined)?.viewColumn;
		return place ?? (window.tabGroups.activeTabGroup.tabs.length === 0 ? ViewColumn.Active : ViewColumn.Beside);
	}

	dispose(): void {
		this.serializer.dispose();
		for (const panel of this.panels.values()) {
			panel.dispose();
		}
	}

	/** Fills a panel that was just made, or that the editor kept over a reload. */
	private adopt(panel: WebviewPanel, runId: string): void {
		const { extensionUri, log, session } = this.parts;
		this.panels.get(runId)?.dispose();
		this.panels.set(runId, panel);
		panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
		panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
		const lifetime = new DisposableStore();
		const watched = new WatchedRun(session, runId);
		let isReady = false;
		const channel: PanelChannel<typeof toWebview> = lifetime.add(
			openChannel<typeof toEditor, typeof toWebview>({
				webview: panel.webview,
				schemas: import('../../protocol/watchInput.ts').then(({ watchInput }) => watchInput),
				handlers: this.handlers(
					runId,
					(name, data) => channel.post(name, data),
					() => {
						isReady = true;
						watched.forget();
						refresh.trigger();
					},
				),
				outgoing: toWebview,
				log,
			}),
		);
		const send = async () => {
			if (!isReady || !panel.visible) {
				return;
			}
			const news = await watched.look();
			if (news === undefined) {
				return;
			}
			if (news.kind === 'notice') {
				channel.post('notice', { text: news.text });
				return;
			}
			panel.title = plainLabel(`${news.head.worker}: ${news.head.taskName}`, 60);
			channel.post('head', news);
		};
		const refresh = lifetime.add(
			throttle(refreshMilliseconds, () => {
				send().catch((error: unknown) => channel.post('notice', { text: describeError(error) }));
			}),
		);
		// A log grows without a word from the ledger; a look at its size costs nothing, and nobody looks when nobody sees it.
		const timer = setInterval(() => {
			if (isReady && panel.visible && watched.mayGrow) {
				refresh.trigger();
			}
		}, refreshMilliseconds);
		lifetime.add({ dispose: () => clearInterval(timer) });
		lifetime.add(session.onDidChangeSnapshot(() => refresh.trigger()));
		lifetime.add(session.onDidChange(() => refresh.trigger()));
		lifetime.add(panel.onDidChangeViewState(() => refresh.trigger()));
		lifetime.add(
			panel.onDidDispose(() => {
				lifetime.dispose();
				if (this.panels.get(runId) === panel) {
					this.panels.delete(runId);
				}
			}),
		);
		panel.webview.html = webviewHtml(panel.webview, extensionUri, 'watch', title, { run: runId });
	}

	private handlers(
		runId: string,
		post: PanelChannel<typeof toWebview>['post'],
		onReady: () => void,
	): Handlers<typeof toEditor> {
		const { session, performer, log } = this.parts;
		const run = (work: Promise<unknown>) =>
			void work.catch((error: unknown) => {
				log.error('The watch view could not do it.', error);
				void window.showErrorMessage(describeError(error));
			});
		return {
			ready: onReady,
			page: ({ ask }) =>
				run(
					(async () => {
						const { ports } = session.require();
						const file = await new WatchedRun(session, runId).logFile();
						const page = await readLogPage(ports.files, file, 'newest' in ask ? 'newest' : ask);
						const { from, to, size, lines } = page ?? { from: 0, to: 0, size: 0, lines: [] };
						post('page', { ask, from, to, size, entries: lines.map(toWatchEntry) });
					})(),
				),
			perform: ({ command }) =>
				run(
					(async () => {
						const found = await session
							.require()
							.ledger()
							?.read((reader) => reader.run(runId));
						await commands.executeCommand(`dreamos.${command}`, { taskId: found?.task_id, runId });
					})(),
				),
			evidence: () =>
				run(
					(async () => {
						const { evidence } = await performer.perform<{ readonly evidence: Evidence }>('run.evidence', {
							run_id: runId,
						});
						post('evidence', toRunEvidence(evidence));
					})(),
				),
			openDiff: ({ path: file }) => run(openRunDiff(session, runId, path.posix.normalize(file))),
		};
	}
}

/** The run a page showed before the window was reloaded. */
function keptRun(state: unknown): string | undefined {
	const runId: unknown = typeof state === 'object' && state !== null && 'runId' in state ? state.runId : undefined;
	return typeof runId === 'string' && /^[\w.:-]{1,200}$/u.test(runId) ? runId : undefined;
}
