// Owns what can be done with many tasks at once: create them from a list, write them out as one.

import * as z from 'zod';
import { exportTasks } from '../list/exportTasks.ts';
import { assertImportable, carryOutImport, planListImport } from '../list/importTasks.ts';
import type { ImportPlan } from '../list/planImport.ts';
import { detectListFormat, readList } from '../list/readList.ts';
import { exportFormats, listFormats } from '../list/taskList.ts';
import { timestamp } from '../ports.ts';
import { taskIdSchema } from '../task/task.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

/** What an import did or would do; `ok` false only where it was merely tried. */
function answer({ tasks, skipped, problems }: ImportPlan, dryRun: boolean) {
	return {
		ok: problems.every(({ severity }) => severity !== 'error'),
		dry_run: dryRun,
		created: tasks.map(({ task: { task_id, name, status }, line }) => ({ task_id, name, status, line })),
		skipped: [...skipped],
		problems: [...problems],
	};
}

const importList = defineAction({
	id: 'task.import',
	title: 'Create Tasks from List',
	description:
		'Creates many tasks from a JSON, CSV or Markdown list, all of them or, when anything is wrong with it, none. What is there already is passed over.',
	effect: 'write',
	input: z.object({
		text: z.string().describe('The list'),
		format: z.enum(listFormats).optional().describe('What it is written in; found out when left out'),
		source: z.string().max(1000).default('a list').describe('Where the list is from, for the history'),
		dry_run: z.boolean().default(false).describe('Only say what would be created and what is wrong'),
		skip_existing: z
			.boolean()
			.default(false)
			.describe('Pass over ids that are there already with another content, instead of refusing the list'),
		as_is: z
			.boolean()
			.default(false)
			.describe('Take over values that cannot be used, unknown dependencies and circles as they stand'),
	}),
	terminal: { isHidden: true },
	async run(context, input) {
		const reading = readList(input.text, input.format ?? detectListFormat(input.text, input.source));
		const options = { asIs: input.as_is, skipExisting: input.skip_existing };
		const ids = { pattern: context.settings['tasks.idPattern'], at: timestamp(context.clock) };
		if (input.dry_run) {
			return answer(await context.ledger.read((reader) => planListImport(reader, reading, options, ids)), true);
		}
		return context.ledger.write(context.actor, async (transaction) => {
			const plan = await planListImport(transaction, reading, options, ids);
			assertImportable(plan);
			await carryOutImport(transaction, plan, input.source);
			return answer(plan, false);
		});
	},
});

/** Tasks in board order, also of boards that are not adopted. */
async function allTasks(context: ActionContext) {
	return context.workspace.state() === 'foreign'
		? (await context.workspace.foreignView()).tasks
		: context.ledger.read((reader) => reader.tasks());
}

const exportList = defineAction({
	id: 'boards.export',
	title: 'Export Tasks',
	description:
		'Writes tasks as JSON, CSV or Markdown, from which they can be created again without loss, or in the shape older agents read.',
	effect: 'read',
	input: z.object({
		board: z.enum(boardNames).optional().describe('Only tasks on this board'),
		status: z.enum(taskStatuses).optional().describe('Only tasks with this status'),
		task_ids: z.array(taskIdSchema).optional().describe('Only this task'),
		format: z.enum(exportFormats).default('json').describe('What to write; legacy is for older agents'),
	}),
	terminal: { isHidden: true },
	async run(context, { board, status, task_ids: ids, format }) {
		const chosen = ids === undefined ? undefined : new Set(ids);
		const tasks = (await allTasks(context)).filter(
			(each) =>
				(board === undefined || each.board === board) &&
				(status === undefined || each.task.status === status) &&
				(chosen === undefined || chosen.has(each.task.task_id)),
		);
		const found = new Set(tasks.map(({ task }) => task.task_id));
		return {
			format,
			count: tasks.length,
			missing: (ids ?? []).filter((id) => !found.has(id)),
			text: exportTasks(tasks, format),
		};
	},
});

export const listActions: readonly DefinedAction[] = [importList, exportList];
