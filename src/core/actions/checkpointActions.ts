// Owns what can be done with checkpoints of runs: see them, look into one, begin the next attempt with one, and not after all.

import * as z from 'zod';
import { readCheckpoints } from '../checkpoint/checkpoint.ts';
import { checkpointPrefix } from '../checkpoint/checkpointReference.ts';
import { requireCheckpoint, restoreCheckpoint, takeRestoreBack } from '../checkpoint/restoreCheckpoint.ts';
import type { ListedCheckpoint } from '../checkpoint/measureCheckpoint.ts';
import { measureCheckpoint } from '../checkpoint/measureCheckpoint.ts';
import { runtimePaths } from '../paths.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const checkpoint = z.string().min(1).describe('Id of the checkpoint, as in the list: run/number');

const megabyte = 1024 * 1024;

export interface CheckpointList {
	readonly checkpoints: readonly ListedCheckpoint[];
	/** What all of them take together, also of other runs. */
	readonly bytes: number;
	/** What they may take together. */
	readonly limit_bytes: number;
}

const list = defineAction({
	id: 'checkpoint.list',
	title: 'List Checkpoints',
	description:
		'Lists the checkpoints of runs, made after each turn of an agent, and the disk they take together; those of one run with what each takes and changes.',
	effect: 'read',
	input: z.object({ run_id: z.string().min(1).optional().describe('Only those of this run') }),
	terminal: { positionals: ['run_id'] },
	async run({ git, settings }, { run_id: runId }): Promise<CheckpointList> {
		const all = readCheckpoints(await git.readReferences(checkpointPrefix));
		const bytes = await git.sizeOfCommits(all.map(({ commit }) => commit));
		const mine = all.filter((each) => each.run_id === runId);
		return {
			checkpoints:
				runId === undefined ? all : await Promise.all(mine.map((each) => measureCheckpoint(git, each))),
			bytes,
			limit_bytes: settings['checkpoints.maxMegabytes'] * megabyte,
		};
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

const takeBack = defineAction({
	id: 'checkpoint.undo',
	title: 'Undo Restore',
	description:
		'Takes the last restore of a checkpoint back: the next attempt at the task begins as it would have without. Refused once an attempt has begun.',
	effect: 'danger',
	input: z.object({ run_id: z.string().min(1).describe('Id of the run whose checkpoint was restored') }),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id: runId }) => takeRestoreBack(context, runId),
});

const importOlder = defineAction({
	id: 'checkpoint.import',
	title: 'Import Older Checkpoints',
	description:
		'Takes over what checkpoint files of older generations tell of tasks that are here: their next attempts are told. Files are only read.',
	// It reads whatever folder it is told to, so it is not for agents.
	effect: 'danger',
	input: z.object({
		path: z.string().min(1).describe('A checkpoint file, or a folder with such files'),
		dry_run: z.boolean().default(false).describe('Only say what would be taken over'),
	}),
	terminal: { positionals: ['path'] },
	run(context, { path, dry_run: isDryRun }) {
		// Says what to do where there is no ledger of ours, before anything is read.
		void context.ledger;
		return context.workspace.importCheckpoints({ path, isDryRun }, context.actor);
	},
});

const exportOlder = defineAction({
	id: 'checkpoint.export',
	title: 'Export Checkpoints for Older Agents',
	description:
		'Writes the checkpoints of a run as files older agents read. No file is replaced; what that format cannot hold is said.',
	effect: 'danger',
	input: z.object({
		run_id: z.string().min(1).describe('Id of the run'),
		to: z.string().min(1).default(runtimePaths.olderCheckpoints).describe('Folder they are written to'),
	}),
	terminal: { positionals: ['run_id'] },
	run(context, { run_id: runId, to }) {
		void context.ledger;
		return context.workspace.exportCheckpoints({ runId, folder: to });
	},
});

export const checkpointActions: readonly DefinedAction[] = [list, show, restore, takeBack, importOlder, exportOlder];
