// Owns Restore Checkpoint: which run and which of its checkpoints, a comparison of what would change, one question, and the way back.

import { commands } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { groupBy } from '../../base/groups.ts';
import { countOf, formatBytes, formatDuration } from '../../base/words.ts';
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

const title = 'Restore Checkpoint';

/** The run a command is about, among those that have checkpoints: of the row, of the task's row, or the one that is picked. */
async function chooseRun(
	{ session, performer }: CheckpointCommandParts,
	argument: unknown,
): Promise<string | undefined> {
	const { checkpoints, ...size } = await performer.perform<CheckpointList>('checkpoint.list');
	const [runId, taskId] = [runOf(argument), taskOf(argument)];
	const byRun = groupBy(checkpoints, ({ run_id: id }) => id);
	const choices = [...byRun].filter(([id, own]) =>
		runId === undefined ? taskId === undefined || own.some(({ story }) => story?.task_id === taskId) : id === runId,
	);
	const [only] = choices;
	if (only === undefined) {
		const what = runId ?? taskId;
		throw new DreamError('checkpoint.none', `There is no checkpoint${what === undefined ? '' : ` of ${what}`}.`, {
			advice: 'One is made after each turn of an agent, and kept until its task is completed (dreamos.checkpoints.*).',
		});
	}
	if (choices.length === 1 && (runId ?? taskId) !== undefined) {
		return only[0];
	}
	return pickOne(
		choices.toReversed().map(([id, own]) => {
			const story = own.findLast((each) => each.story !== undefined)?.story;
			const task = story?.task_id ?? '';
			return {
				value: id,
				label: plainLabel(session.snapshot.tasks.get(task)?.task.name ?? (task === '' ? id : task)),
				description: plainLabel(
					[task, story?.worker, story === undefined ? '' : `attempt ${story.attempt}`]
						.filter((part) => part !== undefined && part !== '')
						.join(' · '),
				),
				detail: plainLabel(
					`${countOf(own.length, 'checkpoint')}${story === undefined ? '' : `, the last ${ago(story.at)}`}`,
				),
			};
		}),
		{ title: `${title} · ${describeSize(size)}`, placeHolder: 'Of which run?' },
	);
}

const ago = (at: string): string => `${formatDuration(Math.max(0, Date.now() - Date.parse(at)))} ago`;

const describeSize = ({ bytes, limit_bytes: limit }: Omit<CheckpointList, 'checkpoints'>): string =>
	`all take ${formatBytes(bytes)} of at most ${formatBytes(limit)}`;

/** A checkpoint as it is offered: its turn and age, what it takes and changes, and what was said. */
function offer(checkpoint: ListedCheckpoint): Option<string> {
	const { id, number, story, bytes, file_count: files, title: first, is_damaged: isDamaged } = checkpoint;
	const facts = [
		story === undefined ? '' : ago(story.at),
		files === undefined ? '' : countOf(files, 'changed file'),
		bytes === undefined ? '' : formatBytes(bytes),
		describePlace(story?.plan_position ?? null),
	];
	return {
		value: id,
		label: story === undefined && !isDamaged ? `Kept work ${number}` : `Checkpoint ${number}`,
		description: facts.filter((fact) => fact !== '').join(' · '),
		detail: plainLabel(
			isDamaged ? 'Damaged: git cannot read it.' : (story?.summary.split('\n').at(-1) ?? first),
			200,
		),
	};
}

const describePlace = (place: CheckpointStory['plan_position']): string =>
	place === null ? '' : `${place.done} of ${place.total} done`;

async function restore(parts: CheckpointCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier } = parts;
	performer.assertReady();
	const runId = await chooseRun(parts, argument);
	if (runId === undefined) {
		return;
	}
	const { checkpoints, ...size } = await performer.perform<CheckpointList>('checkpoint.list', { run_id: runId });
	const checkpoint = await pickOne(checkpoints.toReversed().map(offer), {
		title: `${title} · ${describeSize(size)}`,
		placeHolder: 'To which one does the work go back? You see what changes before it does.',
	});
	if (checkpoint === undefined) {
		return;
	}
	const preview = await performer.perform<RestoredCheckpoint>('checkpoint.restore', { checkpoint, dry_run: true });
	const { task_id: task, before, changes, checkpoint: chosen } = preview;
	const name = `checkpoint ${chosen.number} of ${plainLabel(task, 80)}`;
	if (changes.length === 0) {
		notifier.answer(`The next attempt at ${task} begins with exactly the files of ${name} already.`);
		return;
	}
	await commands.executeCommand(
		'vscode.changes',
		`What restoring ${name} changes`,
		compareCommits(before, chosen.commit, changes),
	);
	const isOver = ['FAILED', 'CANCELLED'].includes(session.snapshot.tasks.get(task)?.task.status ?? '');
	const choice = (label: string, more?: Afterwards): Choice => ({
		title: label,
		run: () => answered(notifier, title, () => carryOut(parts, preview, more)),
	});
	// As a message, it leaves the comparison in sight. A person may work on what waits for somebody; what is over is tried again first.
	notifier.answer(
		`Restore ${name}? ${countOf(changes.length, 'file changes', 'files change')}, as shown; the next attempt begins with it.`,
		[
			choice('Restore'),
			isOver ? choice('Restore and Retry', 'retry') : choice('Restore and Work on It Myself', 'work'),
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
	const kept = aside === null ? '' : ` What was there is kept as checkpoint ${aside.slice(aside.indexOf('/') + 1)}.`;
	if (afterwards === 'work') {
		await openWindow(await performer.perform<WorkPlace>('task.work', { task_id: task }));
		notifier.answer(`Your worktree of ${task} holds checkpoint ${number}.${kept}`);
		return;
	}
	if (afterwards === 'retry') {
		await performer.perform('task.retry', { task_id: task });
	}
	notifier.answer(`The next attempt at ${task} begins with checkpoint ${number}.${kept}`, [
		{ title: 'Undo', run: () => answered(notifier, 'Undo Restore', () => takeBack(parts, runId)) },
	]);
}

async function takeBack({ performer, notifier }: CheckpointCommandParts, runId: string): Promise<void> {
	const { task_id: task } = await performer.perform<TakenBackRestore>('checkpoint.undo', { run_id: runId });
	notifier.answer(`Taken back: the next attempt at ${task} begins as it would have.`);
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
