// Owns the check of what the dashboard sends: a webview is an untrusted edge. Used on the editor's side only, so that the page
// does not carry the validator.

import * as z from 'zod';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { toEditor } from './dashboardApi.ts';
import { dashboardCommands, dashboardTabs, savedFigures } from './dashboardApi.ts';
import type { DataOf } from './define.ts';
import { periods } from './analyticsModel.ts';
import { cardPriorities } from './taskCard.ts';
import { statusLabels } from './viewModels.ts';

const id = z.string().min(1).max(200);
/** A column may hold all tasks of a large board, and all of them can be selected. */
const ids = z.array(id).min(1).max(100_000);
const watched = z.strictObject({ tab: z.enum(dashboardTabs), period: z.enum(periods.map(({ id: each }) => each)) });
/** A picture of a chart on the largest screen has a tenth of it. */
const longestPicture = 20_000_000;

export const dashboardInput = {
	ready: watched,
	watch: watched,
	perform: z.strictObject({
		command: z.enum(dashboardCommands),
		taskId: id.optional(),
		runId: id.optional(),
		agentId: id.optional(),
	}),
	revealStatus: z.strictObject({ status: z.string().max(40) }),
	revealTask: z.strictObject({ taskId: id }),
	planDrop: z.strictObject({ taskIds: ids }),
	moveTasks: z.strictObject({ taskIds: ids, to: z.enum(Object.keys(statusLabels) as TaskStatus[]) }),
	editTask: z.strictObject({
		taskId: id,
		name: z.string().max(500).optional(),
		priority: z.enum(cardPriorities).optional(),
	}),
	search: z.strictObject({ text: z.string().max(1000) }),
	openFigure: z.strictObject({ key: z.string().max(300) }),
	save: z.strictObject({
		kind: z.enum(['csv', 'png']),
		what: z.enum(savedFigures),
		data: z.base64().max(longestPicture).optional(),
	}),
} satisfies { readonly [Name in keyof typeof toEditor]: z.ZodType<DataOf<(typeof toEditor)[Name]>> };
