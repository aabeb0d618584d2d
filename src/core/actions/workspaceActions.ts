// Owns what can be done with a workspace as a whole: set it up, adopt its boards, check them, examine the machine.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { boardNames } from '../task/taskStatus.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const initialize = defineAction({
	id: 'workspace.initialize',
	title: 'Initialize Workspace',
	description:
		'Creates the ledger, the four boards, the agents and their role files; keeps everything that is there.',
	effect: 'write',
	input: z.object({
		git: z.boolean().default(false).describe('Also make the folder a git repository if it is none'),
	}),
	terminal: { isHidden: true },
	run: (context, input) => context.workspace.initialize(input, context.actor),
});

const adopt = defineAction({
	id: 'workspace.adopt',
	title: 'Adopt These Boards',
	description: 'Takes over boards that somebody else made. Without confirmation it only says what it would change.',
	effect: 'write',
	input: z.object({ confirm: z.boolean().default(false).describe('Perform it instead of only showing it') }),
	terminal: { isHidden: true },
	async run(context, { confirm }) {
		const report = confirm ? await context.workspace.adopt(context.actor) : await context.workspace.planAdoption();
		return { adopted: confirm, lines: [...report.lines], ...report.data };
	},
});

const sample = defineAction({
	id: 'workspace.sample',
	title: 'Make Sample Workspace',
	description: 'Fills an empty or new folder with a small project, its boards and six tasks that need no model.',
	// It writes outside of any worktree, so it is not for agents.
	effect: 'danger',
	input: z.object({}),
	terminal: { words: 'sample', makesFolder: true },
	run: (context) => context.workspace.makeSample(context.actor),
});

const checkBoards = defineAction({
	id: 'boards.check',
	title: 'Check Boards',
	description:
		'Looks for everything wrong with the board files: unreadable ones, bad fields, cycles, dangling dependencies.',
	effect: 'read',
	input: z.object({}),
	async run(context) {
		if (context.workspace.state() === 'none') {
			throw new DreamError('workspace.notInitialized', `There are no boards in ${context.workspace.folder}.`, {
				details: { folder: context.workspace.folder },
				advice: 'Initialize the workspace, or name another folder.',
			});
		}
		const problems = await context.workspace.checkBoards();
		return { ok: problems.every(({ severity }) => severity !== 'error'), problems: [...problems] };
	},
});

const archiveName = z.templateLiteral(['archive/completed_tasks-', z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/u)]);

const acceptLedger = defineAction({
	id: 'boards.accept',
	title: "Use the Ledger's Version of a Board",
	description:
		'Replaces a board file that cannot be read by what the ledger knows; the file is copied to runtime/quarantine first.',
	effect: 'danger',
	input: z.object({
		board: z
			.union([z.enum(boardNames), archiveName], {
				error: `must be ${boardNames.join(', ')}, or an archive such as archive/completed_tasks-2026-03`,
			})
			.describe('Board whose file is replaced, or an archive such as archive/completed_tasks-2026-03'),
	}),
	terminal: { positionals: ['board'] },
	async run(context, { board }) {
		await context.workspace.acceptLedger(board, context.actor);
		return { board };
	},
});

const importBoards = defineAction({
	id: 'boards.import',
	title: 'Import Boards',
	description:
		'Brings tasks of older boards into the ledger, of every older layout and vocabulary. Nothing that is here already is changed.',
	// It reads whatever folder it is told to, so it is not for agents.
	effect: 'danger',
	input: z.object({
		path: z.string().min(1, 'must name a folder or a file').describe('Folder with boards, or one board file'),
		dry_run: z.boolean().default(false).describe('Only show what would be imported; write nothing'),
	}),
	terminal: { isHidden: true },
	async run(context, { path, dry_run }) {
		if (!dry_run) {
			// Says what to do where there is no ledger of ours, before anything is read.
			void context.ledger;
		}
		const answer = await context.workspace.importBoards({ path, isDryRun: dry_run }, context.actor);
		return { ...answer.data, imported: answer.imported, creates: answer.creates, lines: [...answer.lines] };
	},
});

const examine = defineAction({
	id: 'workspace.examine',
	title: 'Examine Workspace',
	description:
		'Checks machine and workspace: runtime, git, ledger, boards, agents, host; says what to do about what is wrong.',
	effect: 'read',
	input: z.object({}),
	terminal: { words: 'doctor' },
	async run(context) {
		const findings = await context.workspace.examine();
		return { ok: findings.every(({ ok }) => ok), findings: [...findings] };
	},
});

export const workspaceActions: readonly DefinedAction[] = [
	initialize,
	adopt,
	sample,
	checkBoards,
	acceptLedger,
	examine,
	importBoards,
];
