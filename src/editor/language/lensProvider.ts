// Owns the commands above tasks in board files. On a large board only those near what is seen are made: the editor lays out a line
// for each of them, seen or not.

import type { CodeLensProvider, Disposable, TextDocument } from 'vscode';
import { CodeLens, Position, Range, window, EventEmitter } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { SyntaxRecord } from '../../core/boardLanguage/boardSyntax.ts';
import { trustRefusal } from '../performer.ts';
import { throttle } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { BoardDocuments } from './boardDocuments.ts';
import { lensesOf } from './taskLenses.ts';

/** A board of more records than this has lenses near the visible lines only. */
const mostRecords = 300;
/** How many lines above and below what is seen have them, too. */
const margin = 300;
const refreshMilliseconds = 300;

export class LensProvider implements CodeLensProvider, Disposable {
	private readonly session: WorkspaceSession;
	private readonly documents: BoardDocuments;
	private readonly changed = new EventEmitter<void>();
	private readonly store = new DisposableStore();
	/** Lines that have lenses, of documents in which not all have. */
	private readonly windows = new WeakMap<TextDocument, readonly Range[]>();
	private tasks: unknown;

	readonly onDidChangeCodeLenses = this.changed.event;

	constructor(session: WorkspaceSession, documents: BoardDocuments) {
		this.session = session;
		this.documents = documents;
		this.store.add(this.changed);
		const refresh = this.store.add(throttle(refreshMilliseconds, () => this.changed.fire()));
		this.store.add(
			session.onDidChangeSnapshot(({ tasks }) => {
				if (tasks !== this.tasks && window.visibleTextEditors.some(({ document }) => this.isBoard(document))) {
					this.tasks = tasks;
					refresh.trigger();
				}
			}),
		);
		this.store.add(
			window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => {
				const ready = this.windows.get(textEditor.document);
				if (ready !== undefined && !visibleRanges.every((seen) => ready.some((each) => each.contains(seen)))) {
					refresh.trigger();
				}
			}),
		);
	}

	provideCodeLenses(document: TextDocument): CodeLens[] {
		if (!this.isBoard(document)) {
			return [];
		}
		const { snapshot, workspace } = this.session;
		const canWrite = workspace?.state() === 'ours' && trustRefusal() === undefined;
		const syntax = this.documents.syntaxOf(document);
		const starts = this.recordsNear(document, syntax.records).flatMap(({ start, id }) => {
			const shown = id === undefined ? undefined : snapshot.tasks.get(id);
			return shown === undefined ? [] : [{ line: syntax.position(start).line - 1, shown }];
		});
		return starts.flatMap(({ line, shown }, index) => {
			// Several records on one line leave no room to say which one is meant.
			if (line === starts[index - 1]?.line || line === starts[index + 1]?.line) {
				return [];
			}
			const range = new Range(line, 0, line, 0);
			return lensesOf(snapshot, shown, canWrite).map(
				({ title, command }) =>
					new CodeLens(range, {
						title,
						command,
						arguments: [{ taskId: shown.task.task_id, runId: shown.run_id }],
					}),
			);
		});
	}

	dispose(): void {
		this.store.dispose();
	}

	private isBoard(document: TextDocument): boolean {
		return this.documents.fileOf(document.uri) !== undefined;
	}

	private recordsNear(document: TextDocument, records: readonly SyntaxRecord[]): readonly SyntaxRecord[] {
		if (records.length <= mostRecords) {
			this.windows.delete(document);
			return records;
		}
		const lines = window.visibleTextEditors
			.filter((editor) => editor.document === document)
			.flatMap(({ visibleRanges }) => visibleRanges)
			.map((range) => new Range(Math.max(0, range.start.line - margin), 0, range.end.line + margin, 0));
		this.windows.set(document, lines);
		const wanted = lines.map((range) => ({
			from: document.offsetAt(range.start),
			to: document.offsetAt(new Position(range.end.line, 0)),
		}));
		return records.filter(({ start }) => wanted.some(({ from, to }) => start >= from && start <= to));
	}
}
