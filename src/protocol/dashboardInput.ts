// Owns the check of what the dashboard sends: a webview is an untrusted edge. Used on the editor's side only, so that the page
// does not carry the validator.

import * as z from 'zod';
import type { toEditor } from './dashboardApi.ts';
import { dashboardCommands, dashboardTabs } from './dashboardApi.ts';
import type { DataOf } from './define.ts';

const id = z.string().min(1).max(200);
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
} satisfies { readonly [Name in keyof typeof toEditor]: z.ZodType<DataOf<(typeof toEditor)[Name]>> };
