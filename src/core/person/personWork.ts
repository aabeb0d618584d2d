// Owns the one way into a person's own work for actions. It is a bundle of its own, loaded when somebody first works by themselves:
// worktrees, gates and landing plans are not read by a program that only looks.

import type { ActionContext } from '../actions/action.ts';
import type { ConflictSide } from './conflictSide.ts';
import { giveBack } from './giveBack.ts';
import { personParts } from './personParts.ts';
import { chooseSide, resolveConflict } from './resolveConflict.ts';
import { submitWork } from './submitWork.ts';
import { takeOver } from './takeOver.ts';
import { workOnTask } from './workOnTask.ts';

export const personWork = {
	work: async (context: ActionContext, taskId: string) => workOnTask(await personParts(context), taskId),
	submit: async (context: ActionContext, runId: string, summary: string) =>
		submitWork(await personParts(context), runId, summary),
	takeOver: async (context: ActionContext, runId: string) => takeOver(await personParts(context), runId),
	giveBack: async (context: ActionContext, runId: string, note: string) =>
		giveBack(await personParts(context), runId, note),
	resolve: async (context: ActionContext, taskId: string) => resolveConflict(await personParts(context), taskId),
	choose: async (context: ActionContext, runId: string, path: string, side: ConflictSide) =>
		chooseSide(await personParts(context), runId, path, side),
};
