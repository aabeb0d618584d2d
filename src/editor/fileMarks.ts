// Owns the mark on files that agents have changed and not landed yet, wherever the editor shows a file: explorer, tabs, source
// control. Says whose each is, warns where two change the same, and changes nothing.

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Event, FileDecorationProvider } from 'vscode';
import { EventEmitter, FileDecoration, ThemeColor, Uri, l10n, window } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { displayLine } from '../base/text.ts';
import type { Run } from '../core/run/run.ts';
import { isContested, touchedFiles } from '../core/run/sharedFiles.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { holderBadge } from './holderBadge.ts';
import { throttle } from './throttle.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

const refreshMilliseconds = 500;
const contestedBadge = '⇄';

interface FileMark {
	readonly badge: string;
	readonly tooltip: string;
	readonly isContested: boolean;
}

export class FileMarks implements FileDecorationProvider {
	private readonly session: WorkspaceSession;
	private readonly log: Logger;
	private readonly changed = new EventEmitter<Uri[]>();
	private readonly subscriptions = new DisposableStore();
	/** By the address of the file. */
	private marks: ReadonlyMap<string, FileMark> = new Map();
	/** The real top folder of the repository of a workspace, which paths of runs begin at. */
	private top: { readonly workspace: OpenWorkspace; readonly folder: string } | undefined;

	readonly onDidChangeFileDecorations: Event<Uri[]> = this.changed.event;

	constructor(session: WorkspaceSession, log: Logger) {
		this.session = session;
		this.log = log;
		this.subscriptions.add(this.changed);
		this.subscriptions.add(window.registerFileDecorationProvider(this));
		const refresh = this.subscriptions.add(throttle(refreshMilliseconds, () => void this.look()));
		this.subscriptions.add(session.onDidChangeSnapshot(() => refresh.trigger()));
	}

	provideFileDecoration(uri: Uri): FileDecoration | undefined {
		const mark = this.marks.get(uri.toString());
		if (mark === undefined) {
			return undefined;
		}
		const { badge, tooltip } = mark;
		// The colour of a file that one agent has is left to git.
		const color = mark.isContested ? new ThemeColor('list.warningForeground') : undefined;
		const decoration = new FileDecoration(badge, tooltip, color);
		// A closed folder shows that there is something in it that two want.
		decoration.propagate = mark.isContested;
		return decoration;
	}

	dispose(): void {
		this.subscriptions.dispose();
	}

	/** Never rejects: without a repository there are no runs, and nothing to mark. */
	private async look(): Promise<void> {
		const { workspace, snapshot } = this.session;
		const paths = touchedFiles(snapshot.agents.flatMap(({ runs }) => runs));
		try {
			const folder = workspace === undefined || paths.size === 0 ? undefined : await this.topFolder(workspace);
			if (workspace !== this.session.workspace) {
				return;
			}
			this.show(folder === undefined ? new Map() : marksOf(folder, paths));
		} catch (error) {
			this.log.debug(`Files that agents have are not marked: ${describeError(error)}`);
		}
	}

	private show(marks: ReadonlyMap<string, FileMark>): void {
		const before = this.marks;
		this.marks = marks;
		const changed = [...new Set([...before.keys(), ...marks.keys()])].filter(
			(key) => before.get(key)?.tooltip !== marks.get(key)?.tooltip,
		);
		if (changed.length > 0) {
			this.changed.fire(changed.map((key) => Uri.parse(key)));
		}
	}

	/** As the window spells it: git answers with real paths, and the folder may have been opened through a link. */
	private async topFolder(workspace: OpenWorkspace): Promise<string> {
		if (this.top?.workspace !== workspace) {
			const top = await workspace.ports.git.topFolder();
			const inside = path.relative(await realpath(workspace.folder), await realpath(top));
			this.top = { workspace, folder: path.join(workspace.folder, inside) };
		}
		return this.top.folder;
	}
}

function marksOf(folder: string, paths: ReadonlyMap<string, readonly Run[]>): ReadonlyMap<string, FileMark> {
	return new Map([...paths].map(([file, runs]) => [Uri.file(path.join(folder, file)).toString(), markOf(runs)]));
}

function markOf(runs: readonly Run[]): FileMark {
	const who = runs
		.map(({ worker, task_id }) => `${displayLine(worker, 60)} (${displayLine(task_id, 60)})`)
		.join(', ');
	return isContested(runs)
		? {
				badge: contestedBadge,
				tooltip: l10n.t('Several agents change this file at the same time: {0}', who),
				isContested: true,
			}
		: {
				badge: holderBadge(runs[0]?.worker ?? ''),
				tooltip: l10n.t('Changed by {0}; not landed yet', who),
				isContested: false,
			};
}
