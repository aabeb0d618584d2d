// Owns how answers about checkpoints read for a person.

import { countOf, formatBytes, formatDuration } from '../base/words.ts';
import { displayLine, displayText } from '../base/text.ts';
import type { Checkpoint } from '../core/checkpoint/checkpoint.ts';
import type { CheckpointStory } from '../core/checkpoint/checkpointStory.ts';
import type { CheckpointList } from '../core/actions/checkpointActions.ts';
import type { ExportedCheckpoints } from '../core/checkpoint/exportCheckpoints.ts';
import type { CheckpointImport } from '../core/checkpoint/importCheckpoints.ts';
import type { RestoredCheckpoint, TakenBackRestore } from '../core/checkpoint/restoreCheckpoint.ts';
import type { ChangedFile } from '../core/ports.ts';
import type { Output } from './output.ts';
import { sayTable } from './sayTable.ts';

export function checkpointList({ checkpoints, bytes, limit_bytes: limit }: CheckpointList, output: Output): void {
	const now = Date.now();
	// Of the checkpoints of one run it is known what each takes.
	const isMeasured = checkpoints.some((each) => each.bytes !== undefined);
	sayTable(
		output,
		['CHECKPOINT', 'TASK', 'WORKER', 'AGE', ...(isMeasured ? ['SIZE', 'FILES'] : []), 'SAYS'],
		checkpoints.map(({ id, story, title, is_damaged: isDamaged, bytes: size, file_count: files }) => [
			id,
			story?.task_id ?? '-',
			story?.worker ?? '-',
			story === undefined ? '-' : formatDuration(now - Date.parse(story.at)),
			...(isMeasured ? [size === undefined ? '-' : formatBytes(size), String(files ?? '-')] : []),
			isDamaged ? 'damaged: git cannot read it' : displayLine(story?.summary.split('\n').at(-1) ?? title, 80),
		]),
		'No checkpoints.',
	);
	if (bytes > 0) {
		output.say(
			`All checkpoints together take ${formatBytes(bytes)} of at most ${formatBytes(limit)} (dreamos.checkpoints.maxMegabytes).`,
		);
	}
}

export function checkpointShow(
	{ id, commit, story, title, files }: Checkpoint & { readonly files: readonly ChangedFile[] },
	output: Output,
): void {
	output.say(`${id} (${commit})`);
	const rows: readonly (readonly [string, string])[] =
		story === undefined
			? [['Title', title]]
			: [
					['Task', story.task_id],
					['Worker', `${story.worker}, attempt ${story.attempt}`],
					['Made', story.at],
					['Session', story.session_id ?? 'none'],
					['Usage', story.usage || 'not reported'],
					['Plan', story.plan || 'none'],
					['Position', describePosition(story)],
					['Pinned', story.pinned.join('\n') || 'nothing'],
					['Decided', story.decisions.join('\n') || 'nothing'],
					['Done last', story.did.join('\n') || 'nothing'],
					['Left out', story.left_out.join('\n') || 'nothing'],
					['Summary', story.summary || 'nothing'],
				];
	for (const [name, text] of rows) {
		output.say(`${name}: ${displayText(text)}`);
	}
	output.say(`Files: ${files.map(({ path }) => displayLine(path)).join(', ') || 'none'}`);
}

const describePosition = ({ plan_position: position }: CheckpointStory): string =>
	position === null
		? 'no plan'
		: `${position.done} of ${position.total} done${position.current === '' ? '' : `, now: ${position.current}`}`;

export function checkpointRestore(answer: RestoredCheckpoint, output: Output): void {
	const { checkpoint, task_id: task, files, set_aside: aside, is_done: isDone } = answer;
	const work = `${countOf(files.length, 'changed file')}${files.length === 0 ? '' : `: ${files.map((path) => displayLine(path)).join(', ')}`}`;
	output.say(
		isDone
			? `The next attempt at ${task} begins with checkpoint ${checkpoint.id} (${work}).`
			: `Would let the next attempt at ${task} begin with checkpoint ${checkpoint.id} (${work}). Nothing was changed.`,
	);
	if (aside !== null) {
		output.say(`What was kept of the run instead ${isDone ? 'is' : 'would be'} ${aside}.`);
	}
	if (isDone) {
		output.say(`dreamos checkpoint undo ${checkpoint.run_id} takes that back.`);
	}
}

export function checkpointUndo({ task_id: task, checkpoint }: TakenBackRestore, output: Output): void {
	output.say(`The next attempt at ${task} does not begin with checkpoint ${checkpoint} after all.`);
}

export function checkpointImport({ found, unread, taken, dry_run: isDryRun }: CheckpointImport, output: Output): void {
	for (const { file, agent_id: agent, task_id: task, is_taken: isTaken, remarks } of found) {
		const what = isTaken ? (isDryRun ? 'would be taken over' : 'taken over') : 'not taken over';
		output.say(`${displayLine(file)}: ${displayLine(agent, 80)}, ${displayLine(task, 80) || 'no task'}: ${what}`);
		remarks.forEach((remark) => output.say(`  ${displayLine(remark, 500)}`));
	}
	for (const { file, reasons } of unread) {
		output.say(`${displayLine(file)}: not read; the file stays as it is`);
		reasons.forEach((reason) => output.say(`  ${displayLine(reason, 500)}`));
	}
	const files =
		'Older checkpoints hold no files of a project: the next attempt begins with what is open, and is told what they say.';
	output.say(
		taken === 0
			? 'No checkpoint is taken over.'
			: `${countOf(taken, 'checkpoint')} ${isDryRun ? 'would be taken over' : 'taken over'}. ${files}`,
	);
}

export function checkpointExport({ written, remarks }: ExportedCheckpoints, output: Output): void {
	for (const { checkpoint, file, is_new: isNew } of written) {
		output.say(`${checkpoint}: ${file}${isNew ? '' : ' (was there already)'}`);
	}
	remarks.forEach((remark) => output.say(remark));
}
