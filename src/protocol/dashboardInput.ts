// Owns the check of what the dashboard sends: a webview is an untrusted edge. Used on the editor's side only, so that the page
// does not carry the validator.

import * as z from 'zod';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { toEditor } from './dashboardApi.ts';
import { dashboardCommands, dashboardTabs } from './dashboardApi.ts';
import type { DataOf } from './define.ts';
import { cardPriorities } from './taskCard.ts';
import { statusLabels } from './viewModels.ts';

const id = z.string().min(1).max(200);
const ids = z.array(id).min(1).max(10_000);
const tab = z.strictObject({ tab: z.enum(dashboardTabs) });

export const dashboardInput = {
	ready: tab,
	watch: tab,
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
} satisfies { readonly [Name in keyof typeof toEditor]: z.ZodType<DataOf<(typeof toEditor)[Name]>> };
