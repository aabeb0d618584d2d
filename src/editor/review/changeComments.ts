// Owns comments on lines of a change under review, in the comparison itself. They are kept in the ledger; this only shows them and takes
// new ones. Lines of what was there before take none.

import type { Comment, CommentController, CommentReply, CommentThread, Disposable, TextDocument } from 'vscode';
import { CommentMode, CommentThreadCollapsibleState, Range, Uri, comments, l10n } from 'vscode';
import { displayText } from '../../base/text.ts';
import type { LedgerEvent } from '../../core/events.ts';
import type { ReviewNote } from '../../core/run/reviewNotes.ts';
import { notesOf } from '../../core/run/reviewNotes.ts';
import type { Run } from '../../core/run/run.ts';
import { blobUri } from '../documents/blobDocuments.ts';
import { documentSchemes } from '../manifest.ts';
import type { Performer } from '../performer.ts';

interface NoteComment extends Comment {
	readonly noteId: string;
	readonly runId: string;
}

/** What a comment thread of ours stands on. */
interface Place {
	readonly runId: string;
	readonly path: string;
	readonly line: number;
}

export class ChangeComments implements Disposable {
	private readonly performer: Performer;
	/** Made with the first review. */
	private controller: CommentController | undefined;
	/** Result commit → run under review. */
	private readonly runs = new Map<string, string>();
	private readonly threads = new Map<string, CommentThread[]>();

	constructor(performer: Performer) {
		this.performer = performer;
	}

	/** Lets the lines of a run's change be commented on, and shows what was said. */
	async begin(run: Run): Promise<void> {
		if (run.result_commit === null) {
			return;
		}
		this.controller ??= this.createController();
		this.runs.set(run.result_commit, run.run_id);
		this.clear(run.run_id);
		// Not `run.changes`: that reads the whole change, and tries it.
		const { history } = await this.performer.perform<{ readonly history: readonly LedgerEvent[] }>('run.show', {
			run_id: run.run_id,
		});
		for (const note of notesOf(history)) {
			this.show(run.run_id, note, blobUri(run.result_commit, note.path));
		}
	}

	/** The run was decided on. */
	end(runId: string): void {
		this.clear(runId);
		for (const [commit, id] of this.runs) {
			if (id === runId) {
				this.runs.delete(commit);
			}
		}
	}

	/** Takes what was typed into a thread; does nothing for an argument that is none of ours. */
	async add(argument: unknown): Promise<void> {
		if (!isReply(argument) || argument.text.trim() === '') {
			return;
		}
		const { thread, text } = argument;
		const place = this.placeOf(thread);
		if (place === undefined) {
			return;
		}
		const { runId, path, line } = place;
		const { note_id } = await this.performer.perform<{ readonly note_id: string }>('run.comment', {
			run_id: runId,
			path,
			line,
			text,
		});
		thread.comments = [...thread.comments, commentOf(runId, { note_id, text, author: 'you' })];
		thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
		const known = this.threads.get(runId) ?? [];
		this.threads.set(runId, known.includes(thread) ? known : [...known, thread]);
	}

	async remove(argument: unknown): Promise<void> {
		if (!isNote(argument)) {
			return;
		}
		const { noteId, runId } = argument;
		await this.performer.perform('run.uncomment', { run_id: runId, note_id: noteId });
		for (const thread of this.threads.get(runId) ?? []) {
			const left = thread.comments.filter((comment) => !isNote(comment) || comment.noteId !== noteId);
			if (left.length === 0) {
				thread.dispose();
			} else {
				thread.comments = left;
			}
		}
	}

	dispose(): void {
		this.controller?.dispose();
	}

	private createController(): CommentController {
		const controller = comments.createCommentController('dreamos.changes', l10n.t('Review of a change'));
		controller.options = {
			prompt: l10n.t('Comment for the agent'),
			placeHolder: l10n.t('What should be different here?'),
		};
		controller.commentingRangeProvider = {
			provideCommentingRanges: ({ uri, lineCount }: TextDocument) =>
				uri.scheme === documentSchemes.blob && this.runs.has(uri.query)
					? [new Range(0, 0, Math.max(0, lineCount - 1), 0)]
					: [],
		};
		return controller;
	}

	private show(runId: string, note: ReviewNote, uri: Uri): void {
		const range = new Range(note.line - 1, 0, note.line - 1, 0);
		const thread = this.controller?.createCommentThread(uri, range, [commentOf(runId, note)]);
		if (thread !== undefined) {
			this.threads.set(runId, [...(this.threads.get(runId) ?? []), thread]);
		}
	}

	private clear(runId: string): void {
		this.threads.get(runId)?.forEach((thread) => thread.dispose());
		this.threads.delete(runId);
	}

	private placeOf({ uri, range }: CommentThread): Place | undefined {
		const runId = this.runs.get(uri.query);
		return runId === undefined || range === undefined
			? undefined
			: { runId, path: uri.path.slice(1), line: range.end.line + 1 };
	}
}

function commentOf(runId: string, note: Pick<ReviewNote, 'note_id' | 'text' | 'author'>): NoteComment {
	return {
		noteId: note.note_id,
		runId,
		// A string, not Markdown: nothing in it can be a link or a command.
		body: displayText(note.text),
		mode: CommentMode.Preview,
		author: { name: note.author },
		contextValue: 'note',
	};
}

function isReply(argument: unknown): argument is CommentReply {
	return (
		typeof argument === 'object' &&
		argument !== null &&
		typeof Reflect.get(argument, 'text') === 'string' &&
		Reflect.get(Object(Reflect.get(argument, 'thread')), 'uri') instanceof Uri
	);
}

function isNote(argument: unknown): argument is NoteComment {
	return (
		typeof argument === 'object' &&
		argument !== null &&
		typeof Reflect.get(argument, 'noteId') === 'string' &&
		typeof Reflect.get(argument, 'runId') === 'string'
	);
}
