// Owns what can be done with a change under review besides taking or refusing it as a whole: look at its places, comment on lines,
// send it back to be worked on further.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { countOf } from '../../base/words.ts';
import type { Actor } from '../actor.ts';
import { formatActor } from '../actor.ts';
import { closeReviews } from '../gate/agentReview.ts';
import { recordReview } from '../gate/recordReview.ts';
import { snapshotForTrial, trialMerge } from '../landing/trialMerge.ts';
import { filesOfChange, sidesOf } from '../landing/narrowChange.ts';
import { requireRun } from '../run/heldRun.ts';
import { describeNotes, noteData, readNotes } from '../run/reviewNotes.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { byRun, requireReview } from './runInput.ts';

const changes = defineAction({
	id: 'run.changes',
	title: 'Show Changes in Review',
	description:
		'Shows the files a run changes, each place in them by number, the comments on them, how its checks ended, and what would conflict with what is open now.',
	effect: 'read',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	async run({ ledger, git }, { run_id }) {
		const { run, notes } = await ledger.read(async (reader) => ({
			run: await requireRun(reader, run_id),
			notes: await readNotes(reader, run_id),
		}));
		const conflicts = run.state === 'review' ? await trialMerge(git, run, await snapshotForTrial(git)) : [];
		return { run, files: await filesOfChange(git, run), notes, gates: run.gates, conflicts };
	},
});

/** An agent must not soften the review of its own work, nor another's word. */
const notYours = (actor: Actor, why: string): DreamError =>
	new DreamError('action.forbidden', `This is not for ${formatActor(actor)}: ${why}.`, {
		details: { actor: formatActor(actor) },
	});

const comment = defineAction({
	id: 'run.comment',
	title: 'Comment on Change',
	description: 'Comments on a line of what a run changed; the comments go to the agent when the change is sent back.',
	effect: 'write',
	input: z.object({
		...byRun,
		path: z.string().min(1).describe('File of the change'),
		line: z.number().int().positive().describe('Line of the file as the agent left it, from 1'),
		text: z.string().trim().min(1, 'say something').max(10_000).describe('What about it'),
	}),
	terminal: { positionals: ['run_id', 'path', 'line', 'text'], takesAllWords: true },
	async run({ ledger, git, actor }, { run_id, path, line, text }) {
		const run = await ledger.read((reader) => requireRun(reader, run_id));
		if (actor.kind === 'agent' && actor.id === run.worker) {
			throw notYours(actor, `the change of ${run_id} is its own; others say what should be different`);
		}
		const content = await git.fileAt(sidesOf(run).result, path);
		const lines = content === undefined ? [] : new TextDecoder().decode(content).split('\n');
		const lineText = lines[line - 1];
		if (!run.files.includes(path) || lineText === undefined) {
			throw new DreamError('run.noSuchPart', `There is no line ${line} of ${path} in the change of ${run_id}.`, {
				details: { run_id, path, line },
				advice: `It changes: ${run.files.slice(0, 20).join(', ')}.`,
			});
		}
		const note_id = newId('note');
		await ledger.write(actor, async (transaction) => {
			await transaction.append({
				type: 'run.commented',
				task_id: run.task_id,
				run_id,
				message: `comment on ${path}:${line}: ${text}`,
				data: { note_id, path, line, line_text: lineText.slice(0, 500), text },
			});
		});
		return { note_id };
	},
});

const uncomment = defineAction({
	id: 'run.uncomment',
	title: 'Take Comment Back',
	description: 'Takes a comment on a change back.',
	effect: 'write',
	input: z.object({ ...byRun, note_id: z.string().min(1).describe('Id of the comment') }),
	terminal: { positionals: ['run_id', 'note_id'] },
	run: ({ ledger, actor }, { run_id, note_id }) =>
		ledger.write(actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			const note = (await readNotes(transaction, run_id)).find((each) => each.note_id === note_id);
			if (note === undefined) {
				throw new DreamError('run.noSuchNote', `There is no comment ${note_id} on the change of ${run_id}.`, {
					details: { run_id, note_id },
				});
			}
			if (actor.kind === 'agent' && note.author !== formatActor(actor)) {
				throw notYours(actor, `the comment ${note_id} is ${note.author}'s`);
			}
			await transaction.append({
				type: 'run.uncommented',
				task_id: run.task_id,
				run_id,
				message: `comment on ${note.path}:${note.line} taken back`,
				data: { note_id },
			});
			return { note_id };
		}),
});

const sendBack = defineAction({
	id: 'run.sendBack',
	title: 'Send Back',
	description:
		'Sends a change in review back: the next attempt begins with it and is told the comments on its lines and what else should be different.',
	effect: 'danger',
	input: z.object({
		...byRun,
		reason: z.string().trim().max(10_000).default('').describe('What should be different, besides the comments'),
	}),
	terminal: { words: 'run send-back', positionals: ['run_id', 'reason'] },
	run: ({ ledger, actor }, { run_id, reason }) =>
		ledger.write(actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			requireReview(run);
			const notes = await readNotes(transaction, run_id);
			if (notes.length === 0 && reason === '') {
				throw new DreamError('run.nothingSaid', `Nothing was said about the change of ${run_id}.`, {
					details: { run_id },
					advice: 'Comment on its lines, or say what should be different.',
				});
			}
			const text = describeNotes(notes, reason);
			await recordReview(transaction, run, { verdict: 'sent back', reason: text });
			await closeReviews(transaction, run);
			await transaction.append({
				type: 'run.sentBack',
				task_id: run.task_id,
				run_id,
				agent_id: run.worker,
				message: `sent back with ${countOf(notes.length, 'comment')}`,
				data: { notes: notes.map(noteData), reason },
			});
			const { stored } = await advanceTask(transaction, {
				taskId: run.task_id,
				move: 'release',
				reason: `sent back after review:\n${text}`,
				token: { run_id, epoch: run.epoch },
			});
			return { task: stored.task, comments: notes.length };
		}),
});

export const reviewActions: readonly DefinedAction[] = [changes, comment, uncomment, sendBack];
