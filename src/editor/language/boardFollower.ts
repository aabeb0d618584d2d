// Owns that the board in front of the person shows what is on the disk also where the editor's own watcher missed a change: the
// boards are left out of it (files.watcherExclude), lie on a drive that tells of nothing, or their folder is a moment old.
// It never touches unsaved text.

import type { Disposable, TextDocument } from 'vscode';
import { commands, TabInputText, window } from 'vscode';
import { coalesce, sleep } from '../../base/async.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { FileStamp } from '../../core/ports.ts';
import type { EditorLog } from '../log.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { BoardDocuments } from './boardDocuments.ts';

/** How long after a change the boards are surely written. */
const writtenMilliseconds = 1000;
/** How long the editor has to follow by itself. */
const followMilliseconds = 2000;

const plain = (text: string): string => text.replace(/^\uFEFF/u, '').replaceAll('\r\n', '\n');

export class BoardFollower implements Disposable {
	private readonly session: WorkspaceSession;
	private readonly documents: BoardDocuments;
	private readonly store = new DisposableStore();
	/** What was last seen to be equal, or was loaded anew: an encoding that we read otherwise is not loaded again and again. */
	private seen: { readonly document: TextDocument; readonly version: number; readonly stamp: string } | undefined;

	constructor(session: WorkspaceSession, documents: BoardDocuments, log: EditorLog) {
		this.session = session;
		this.documents = documents;
		const look = this.store.add(
			coalesce(
				writtenMilliseconds,
				() => this.look(),
				(error) => log.error('Cannot tell whether the open board is as it is on the disk.', error),
			),
		);
		this.store.add(session.onDidChangeSnapshot(() => look.trigger()));
		this.store.add(window.onDidChangeActiveTextEditor(() => look.trigger()));
	}

	dispose(): void {
		this.store.dispose();
	}

	private async look(): Promise<void> {
		const document = this.cleanBoard();
		if (document === undefined || !(await this.isBehind(document))) {
			return;
		}
		const { version } = document;
		await sleep(followMilliseconds);
		if (document.version === version && this.cleanBoard() === document && (await this.isBehind(document))) {
			const stamp = await this.stampOf(document);
			await commands.executeCommand('workbench.action.files.revert');
			this.seen = { document, version: document.version, stamp };
		}
	}

	/** The board in the active tab, unless its text is not saved. */
	private cleanBoard(): TextDocument | undefined {
		const document = window.activeTextEditor?.document;
		const input = window.tabGroups.activeTabGroup.activeTab?.input;
		const isActive = input instanceof TabInputText && input.uri.toString() === document?.uri.toString();
		const isBoard = document !== undefined && this.documents.fileOf(document.uri) !== undefined;
		return isActive && isBoard && !document.isDirty ? document : undefined;
	}

	private async isBehind(document: TextDocument): Promise<boolean> {
		const stamp = await this.stampOf(document);
		const { version } = document;
		const { seen } = this;
		if (stamp === '' || (seen?.document === document && seen.version === version && seen.stamp === stamp)) {
			return false;
		}
		const text = await this.session.require().ports.files.readText(document.uri.fsPath);
		if (plain(text) !== plain(document.getText())) {
			return true;
		}
		this.seen = { document, version, stamp };
		return false;
	}

	/** Empty when the file is gone. */
	private async stampOf(document: TextDocument): Promise<string> {
		const stamp: FileStamp | undefined = await this.session.require().ports.files.stat(document.uri.fsPath);
		return stamp === undefined ? '' : `${stamp.inode} ${stamp.modified} ${stamp.size}`;
	}
}
