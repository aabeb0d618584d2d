// Owns what can be done with checkpoints of runs: see them, look into one, begin the next attempt with one.

import * as z from 'zod';
import { checkpointPrefix, readCheckpoints } from '../checkpoint/checkpoint.ts';
import { requireCheckpoint, restoreCheckpoint } from '../checkpoint/restoreCheckpoint.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const checkpoint = z.string().min(1).describe('Id of the checkpoint, as in the list: run/number');

const list = defineAction({
	id: 'checkpoint.list',
	title: 'List Checkpoints',
	description: 'Lists the checkpoints of runs, made after each turn of an agent, and the disk they take together.',
	effect: 'read',
	input: z.object({ run_id: z.string().min(1).optional().describe('Only those of this run') }),
	terminal: { positionals: ['run_id'] },
	async run({ git }, { run_id: runId }) {
		const all = readCheckpoints(await git.readReferences(checkpointPrefix));
		const bytes = await git.sizeOfCommits(all.map(({ commit }) => commit));
		return { checkpoints: runId === undefined ? all : all.filter((each) => each.run_id === runId), bytes };
	},
});

const show = defineAction({
	id: 'checkpoint.show',
	title: 'Show Checkpoint',
	description: 'Shows what a checkpoint holds: changed files, summary, plan, session, usage.',
	effect: 'read',
	input: z.object({ checkpoint }),
	terminal: { positionals: ['checkpoint'] },
	async run({ git }, { checkpoint: id }) {
		const found = await requireCheckpoint(git, id);
		const base = found.story?.base;
		return { ...found, files: base === undefined ? [] : await git.changes(base, found.commit, []) };
	},
});

const restore = defineAction({
	id: 'checkpoint.restore',
	title: 'Restore Checkpoint',
	description:
		'Lets the next attempt at a task begin with the files and the story of a checkpoint. What was kept instead becomes a checkpoint itself.',
	effect: 'danger',
	input: z.object({
		checkpoint,
		dry_run: z.boolean().default(false).describe('Only say what would be restored'),
	}),
	terminal: { positionals: ['checkpoint'] },
	run: (context, { checkpoint: id, dry_run: isDryRun }) => restoreCheckpoint(context, id, isDryRun),
});

export const checkpointActions: readonly DefinedAction[] = [list, show, restore];
