// Owns Restore Checkpoint: which run and which of its checkpoints, a comparison of what would change, one question, and the way back.

import { commands, l10n } from 'vscode';
import { groupBy } from '../../base/groups.ts';
import { DreamError } from '../../base/errors.ts';
import { formatBytes, formatDuration } from '../../base/words.ts';
import type { CheckpointList } from '../../core/actions/checkpointActions.ts';
import type { CheckpointStory } from '../../core/checkpoint/checkpointStory.ts';
import type { ListedCheckpoint } from '../../core/checkpoint/measureCheckpoint.ts';
import type { RestoredCheckpoint, TakenBackRestore } from '../../core/checkpoint/restoreCheckpoint.ts';
import type { WorkPlace } from '../../core/person/workOnTask.ts';
import { compareCommits } from '../documents/blobDocuments.ts';
import type { Choice, Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { openWindow } from './personCommands.ts';
import type { Option } from './pickers.ts';
import { pickOne } from './pickers.ts';
import { runOf, taskOf } from './rowArguments.ts';

export interface CheckpointCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
}

/** The run a command is about, among those that have checkpoints: of the row, of the task's row, or the one that is picked. */
export async function chooseCheckpointedRun(
	{ session, performer }: CheckpointCommandParts,
	argument: unknown,
	title?: string,
): Promise<string | undefined> {
	const list = await performer.perform<CheckpointList>('checkpoint.list');
	const [runId, taskId] = [runOf(argument), taskOf(argument)];
	const byRun = groupBy(list.checkpoints, ({ run_id: id }) => id);
	const choices = [...byRun].filter(([id, own]) =>
		runId === undefined ? taskId === undefined || own.some(({ story }) => story?.task_id === taskId) : id === runId,
	);
	const [only] = choices;
	if (only === undefined) {
		const what = runId ?? taskId;
		throw new DreamError(
			'checkpoint.none',
			what === undefined ? l10n.t('There is no checkpoint.') : l10n.t('There is no checkpoint of {0}.', what),
			{
				advice: l10n.t(
					'One is made after each turn of an agent, and kept until its task is completed (dreamos.checkpoints.*).',
				),
			},
		);
	}
	if (choices.length === 1 && (runId ?? taskId) !== undefined) {
		return only[0];
	}
	return pickOne(
		choices.toReversed().map(([id, own]) => {
			const story = own.findLast((each) => each.story !== undefined)?.story;
			const task = story?.task_id ?? id;
			const attempt = story === undefined ? '' : l10n.t('attempt {0}', story.attempt);
			return {
				value: id,
				label: plainLabel(session.snapshot.tasks.get(task)?.task.name ?? task),
				description: joined(task, story?.worker ?? '', attempt),
				detail: joined(countCheckpoints(own.length), story === undefined ? '' : ago(story.at)),
			};
		}),
		{ title: title ?? describeTitle(list), placeHolder: l10n.t('Of which run?') },
	);
}

const joined = (...parts: readonly string[]): string =>
	plainLabel(parts.filter((part) => part !== '').join(' · '), 200);
const ago = (at: string): string => l10n.t('{0} ago', formatDuration(Math.max(0, Date.now() - Date.parse(at))));
export const countCheckpoints = (count: number): string =>
	count === 1 ? l10n.t('1 checkpoint') : l10n.t('{0} checkpoints', count);
const countChanged = (count: number): string =>
	count === 1 ? l10n.t('1 changed file') : l10n.t('{0} changed files', count);
const describePlace = (place: CheckpointStory['plan_position']): string =>
	place === null ? '' : l10n.t('{0} of {1} done', place.done, place.total);

const describeTitle = ({ bytes, limit_bytes: limit }: CheckpointList): string =>
	l10n.t('Restore Checkpoint · all take {0} of at most {1}', formatBytes(bytes), formatBytes(limit));

/** A checkpoint as it is offered: its number and age, what it takes and changes, and what was said. */
function offer(checkpoint: ListedCheckpoint): Option<string> {
	const { id, number, story, bytes, file_count: files, title, is_damaged: isDamaged } = checkpoint;
	const isSetAside = story === undefined && !isDamaged;
	return {
		value: id,
		label: isSetAside ? l10n.t('Kept work {0}', number) : l10n.t('Checkpoint {0}', number),
		description: joined(
			story === undefined ? '' : ago(story.at),
			files === undefined ? '' : countChanged(files),
			bytes === undefined ? '' : formatBytes(bytes),
			describePlace(story?.plan_position ?? null),
		),
		detail: isDamaged
			? l10n.t('Damaged: git cannot read it.')
			: plainLabel(story?.summary.split('\n').at(-1) ?? title, 200),
	};
}

async function restore(parts: CheckpointCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier } = parts;
	performer.assertReady();
	const runId = await chooseCheckpointedRun(parts, argument);
	if (runId === undefined) {
		return;
	}
	const list = await performer.perform<CheckpointList>('checkpoint.list', { run_id: runId });
	const checkpoint = await pickOne(list.checkpoints.toReversed().map(offer), {
		title: describeTitle(list),
		placeHolder: l10n.t('To which one does the work go back? You see what changes before it does.'),
	});
	if (checkpoint === undefined) {
		return;
	}
	const preview = await performer.perform<RestoredCheckpoint>('checkpoint.restore', { checkpoint, dry_run: true });
	const { task_id: taskId, before, changes, checkpoint: chosen } = preview;
	const task = plainLabel(taskId, 80);
	if (changes.length === 0) {
		notifier.answer(
			l10n.t('The next attempt at {1} begins with the files of checkpoint {0} already.', chosen.number, task),
		);
		return;
	}
	await commands.executeCommand(
		'vscode.changes',
		l10n.t('What restoring checkpoint {0} of {1} changes', chosen.number, task),
		compareCommits(before, chosen.commit, changes),
	);
	const isOver = ['FAILED', 'CANCELLED'].includes(session.snapshot.tasks.get(taskId)?.task.status ?? '');
	const choice = (label: string, afterwards?: Afterwards): Choice => ({
		title: label,
		run: () => answered(notifier, l10n.t('Restore Checkpoint'), () => carryOut(parts, preview, afterwards)),
	});
	// As a message, it leaves the comparison in sight. A person may work on what waits for somebody; what is over is tried again first.
	notifier.answer(
		changes.length === 1
			? l10n.t(
					'Restore checkpoint {0} of {1}? 1 file changes, as shown; the next attempt begins with it.',
					chosen.number,
					task,
				)
			: l10n.t(
					'Restore checkpoint {0} of {1}? {2} files change, as shown; the next attempt begins with them.',
					chosen.number,
					task,
					changes.length,
				),
		[
			choice(l10n.t('Restore')),
			isOver
				? choice(l10n.t('Restore and Retry'), 'retry')
				: choice(l10n.t('Restore and Work on It Myself'), 'work'),
		],
	);
}

type Afterwards = 'retry' | 'work';

async function carryOut(
	parts: CheckpointCommandParts,
	{ task_id: task, checkpoint }: RestoredCheckpoint,
	afterwards: Afterwards | undefined,
): Promise<void> {
	const { performer, notifier } = parts;
	const { id, number, run_id: runId } = checkpoint;
	const { set_aside: aside } = await performer.perform<RestoredCheckpoint>('checkpoint.restore', { checkpoint: id });
	const kept =
		aside === null
			? []
			: [l10n.t('What was there is kept as checkpoint {0}.', aside.slice(aside.indexOf('/') + 1))];
	if (afterwards === 'work') {
		await openWindow(await performer.perform<WorkPlace>('task.work', { task_id: task }));
		notifier.answer([l10n.t('Your worktree of {1} holds checkpoint {0}.', number, task), ...kept].join(' '));
		return;
	}
	if (afterwards === 'retry') {
		await performer.perform('task.retry', { task_id: task });
	}
	notifier.answer([l10n.t('The next attempt at {1} begins with checkpoint {0}.', number, task), ...kept].join(' '), [
		{
			title: l10n.t('Undo'),
			run: () => answered(notifier, l10n.t('Undo Restore'), () => takeBack(parts, runId)),
		},
	]);
}

async function takeBack({ performer, notifier }: CheckpointCommandParts, runId: string): Promise<void> {
	const { task_id: task } = await performer.perform<TakenBackRestore>('checkpoint.undo', { run_id: runId });
	notifier.answer(l10n.t('Taken back: the next attempt at {0} begins as it would have.', task));
}

/** A button of a message has no command around it that would tell what could not be done. */
async function answered(notifier: Notifier, what: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		notifier.refuse(what, error);
	}
}

export function createCheckpointCommands(parts: CheckpointCommandParts): CommandHandlers {
	return { 'dreamos.checkpoint.restore': (argument) => restore(parts, argument) };
}
