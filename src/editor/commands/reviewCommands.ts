// Owns the commands of a review beyond all or nothing: accept a part, comment on a line, send it back.

import { l10n } from 'vscode';
import type { ReviewNote } from '../../core/run/reviewNotes.ts';
import type { ChangeComments } from '../review/changeComments.ts';
import type { ChangeInReview } from '../review/pickParts.ts';
import { pickParts } from '../review/pickParts.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText } from './pickers.ts';
import type { RunCommandParts, RunQuestion } from './runCommands.ts';
import { chooseRun } from './runCommands.ts';

export interface ReviewCommandParts extends RunCommandParts {
	readonly comments: ChangeComments;
}

const none = l10n.t('No change waits for review.');
const partQuestion: RunQuestion = {
	title: l10n.t('Accept Part of Change'),
	placeHolder: l10n.t('Of which change does a part land?'),
	isReview: true,
	none,
};
const backQuestion: RunQuestion = {
	title: l10n.t('Send Back'),
	placeHolder: l10n.t('Which change goes back to its agent?'),
	isReview: true,
	none,
};

async function acceptPart(parts: ReviewCommandParts, argument: unknown): Promise<void> {
	const { performer, review } = parts;
	performer.assertReady();
	const run = await chooseRun(parts, argument, partQuestion);
	if (run === undefined) {
		return;
	}
	const change = await performer.perform<ChangeInReview>('run.changes', { run_id: run.run_id });
	const wanted = await pickParts(change);
	if (wanted === undefined) {
		return;
	}
	await performer.perform('run.accept', {
		run_id: run.run_id,
		files: wanted.files,
		reject_hunks: wanted.rejectHunks,
	});
	await review.close(run.run_id);
}

async function sendBack(parts: ReviewCommandParts, argument: unknown): Promise<void> {
	const { performer, review } = parts;
	performer.assertReady();
	const run = await chooseRun(parts, argument, backQuestion);
	if (run === undefined) {
		return;
	}
	const { notes } = await performer.perform<{ readonly notes: readonly ReviewNote[] }>('run.changes', {
		run_id: run.run_id,
	});
	const reason = await askText({
		title: l10n.t('Send Back the Change of {0}', run.task_id),
		prompt:
			notes.length === 0
				? l10n.t('What should be different? The agent goes on from its change.')
				: notes.length === 1
					? l10n.t('1 comment goes with it. What else should be different?')
					: l10n.t('{0} comments go with it. What else should be different?', notes.length),
		placeHolder: l10n.t('such as: keep the public function, only change its body'),
		...(notes.length === 0 ? { required: l10n.t('Say what should be different, or comment on lines first.') } : {}),
	});
	if (reason !== undefined) {
		await performer.perform('run.sendBack', { run_id: run.run_id, reason });
		await review.close(run.run_id);
	}
}

export function createReviewCommands(parts: ReviewCommandParts): CommandHandlers {
	return {
		'dreamos.run.acceptPart': (argument) => acceptPart(parts, argument),
		'dreamos.run.sendBack': (argument) => sendBack(parts, argument),
		'dreamos.run.comment': (argument) => parts.comments.add(argument),
		'dreamos.run.uncomment': (argument) => parts.comments.remove(argument),
	};
}
