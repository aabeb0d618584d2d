// Owns the merge editor for a conflict: opens one for each file that is still open, asks for a side where there is nothing to merge,
// and, when the last file was saved, offers to have everything proved and landed. It asks, because a merge editor that is saved half
// way holds what stood there before both sides, without any mark.

import type { Disposable, TextDocument } from 'vscode';
import { Uri, commands, workspace as editorWorkspace, l10n } from 'vscode';
import path from 'node:path';
import { DreamError } from '../../base/errors.ts';
import type { ConflictWork } from '../../core/person/resolveConflict.ts';
import type { ConflictSide } from '../../core/person/conflictSide.ts';
import type { FileInConflict } from '../../core/person/resolving.ts';
import type { Submitted } from '../../core/person/submitWork.ts';
import { pickOne } from '../commands/pickers.ts';
import { blobUri } from '../documents/blobDocuments.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';

/** The editor's own command, made for its git extension; an editor without it gets a comparison. */
const mergeEditorCommand = '_open.mergeEditor';

export class MergeConflicts implements Disposable {
	private readonly performer: Performer;
	private readonly notifier: Notifier;
	private readonly subscription: Disposable;
	/** Tasks by the files of their conflicts that are open here. */
	private readonly watched = new Map<string, string>();

	constructor(performer: Performer, notifier: Notifier) {
		this.performer = performer;
		this.notifier = notifier;
		this.subscription = editorWorkspace.onDidSaveTextDocument((document) => this.onSave(document));
	}

	dispose(): void {
		this.subscription.dispose();
	}

	/** Begins with a task's conflict, or goes on. Fails as `task.resolve` does. */
	async open(taskId: string): Promise<void> {
		const work = await this.performer.perform<ConflictWork>('task.resolve', { task_id: taskId });
		for (const file of this.openFiles(work, 'choice')) {
			if (!(await this.choose(work, file))) {
				return;
			}
		}
		const files = this.openFiles(work, 'merge');
		for (const file of files) {
			this.watched.set(placeOf(work, file).toString(), taskId);
			await this.showMerge(work, file);
		}
		if (files.length === 0) {
			await this.finish(taskId);
		}
	}

	private openFiles({ resolving, open }: ConflictWork, kind: FileInConflict['kind']): readonly FileInConflict[] {
		return resolving.files.filter((file) => file.kind === kind && open.includes(file.path));
	}

	/** Whether a side was chosen. */
	private async choose({ run, resolving }: ConflictWork, { path: file, reason }: FileInConflict): Promise<boolean> {
		const side = await pickOne<ConflictSide>(
			[
				{
					value: 'agent',
					label: l10n.t("Take the agent's"),
					description: plainLabel(resolving.agent.slice(0, 8)),
				},
				{
					value: 'yours',
					label: l10n.t('Keep what is open now'),
					description: plainLabel(resolving.yours.slice(0, 8)),
				},
			],
			{ title: l10n.t('Resolve Conflict of {0}', run.task_id), placeHolder: plainLabel(`${file} ${reason}`) },
		);
		if (side !== undefined) {
			await this.performer.perform('run.choose', { run_id: run.run_id, path: file, side });
		}
		return side !== undefined;
	}

	private async showMerge(work: ConflictWork, file: FileInConflict): Promise<void> {
		const { base, agent, yours } = work.resolving;
		const output = placeOf(work, file);
		const ours = blobUri(yours, file.path);
		if (!(await commands.getCommands()).includes(mergeEditorCommand)) {
			await commands.executeCommand(
				'vscode.diff',
				ours,
				output,
				l10n.t('{0}: open now ↔ both sides', path.posix.basename(file.path)),
			);
			return;
		}
		await commands.executeCommand(mergeEditorCommand, {
			base: blobUri(base, file.origin),
			input1: { uri: ours, title: l10n.t('Yours'), description: l10n.t('open now'), detail: '' },
			input2: {
				uri: blobUri(agent, file.path),
				title: l10n.t("Agent's"),
				description: plainLabel(work.run.task_id),
				detail: '',
			},
			output,
		});
	}

	private onSave({ uri }: TextDocument): void {
		const taskId = this.watched.get(uri.toString());
		if (taskId !== undefined) {
			this.offer(taskId).catch(this.refuse);
		}
	}

	private readonly refuse = (error: unknown) => this.notifier.refuse(l10n.t('Resolve Conflict'), error);

	/** Asks whether everything is decided, once no file holds marks any more. */
	private async offer(taskId: string): Promise<void> {
		const { open } = await this.performer.perform<ConflictWork>('task.resolve', { task_id: taskId });
		if (open.length === 0) {
			this.notifier.answer(l10n.t('Is every conflict of {0} decided as it should land?', plainLabel(taskId)), [
				{ title: l10n.t('Land It'), run: () => this.finish(taskId).catch(this.refuse) },
			]);
		}
	}

	/** Lands what was resolved, once nothing is open any more. */
	private async finish(taskId: string): Promise<void> {
		const { open, run } = await this.performer.perform<ConflictWork>('task.resolve', { task_id: taskId });
		if (open.length > 0) {
			return;
		}
		for (const [place, task] of this.watched) {
			if (task === taskId) {
				this.watched.delete(place);
			}
		}
		const { failure, task } = await this.performer.perform<Submitted>('run.submit', {
			run_id: run.run_id,
			summary: 'resolved by hand',
		});
		if (failure !== null) {
			throw new DreamError('run.notProved', l10n.t('{0} is resolved, but not proved: {1}', taskId, failure), {
				advice: l10n.t('Go on in its worktree, then Finish My Work.'),
			});
		}
		this.notifier.answer(
			task.status === 'VALIDATING'
				? l10n.t('{0} is resolved and lands.', task.task_id)
				: l10n.t('{0} is resolved ({1}).', task.task_id, task.status),
		);
	}
}

const placeOf = ({ top }: ConflictWork, { path: file }: FileInConflict): Uri => Uri.joinPath(Uri.file(top), file);
