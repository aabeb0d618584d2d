// Owns what the board of the dashboard asks of tasks: where they may be put, putting them there, changing a field, and which answer
// a search. Each change is a command of the palette or an action of the catalogue; what may not be is refused there.

import type { Disposable } from 'vscode';
import { commands } from 'vscode';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { DropPlan } from '../../core/task/planDrop.ts';
import { planDrop } from '../../core/task/planDrop.ts';
import type { TaskStatus } from '../../core/task/taskStatus.ts';
import { sayMove, taskStatuses } from '../../core/task/taskStatus.ts';
import type { DropAnswer, EditRequest } from '../../protocol/dashboardApi.ts';
import type { Performer } from '../performer.ts';
import { TaskFilter } from '../views/taskFilter.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** What becomes of a task that is put under a status. */
function planOf(snapshot: SwarmSnapshot, taskId: string, to: TaskStatus): DropPlan {
	const shown = snapshot.tasks.get(taskId);
	if (shown === undefined) {
		return { kind: 'refused', why: `There is no task ${taskId} any more.` };
	}
	if (snapshot.workspace !== 'ours') {
		return { kind: 'refused', why: 'These boards are read-only until you adopt them.' };
	}
	const waitsFor = shown.task.dependencies.filter((id) => snapshot.tasks.get(id)?.task.status !== 'COMPLETED');
	const run = snapshot.agents.flatMap(({ runs }) => runs).find(({ run_id: id }) => id === shown.run_id);
	return planDrop({ task: shown.task, waitsFor, run }, to);
}

/** Where these tasks may be put together, and why not where one of them may not. */
export function planDrops(snapshot: SwarmSnapshot, taskIds: readonly string[]): DropAnswer['places'] {
	return taskStatuses.map((status) => {
		const plans = taskIds.map((id) => ({ id, plan: planOf(snapshot, id, status) }));
		const no = plans.flatMap(({ plan }) => (plan.kind === 'refused' ? [plan.why] : []))[0];
		const [first] = plans;
		const title =
			first?.plan.kind === 'move'
				? sayMove(first.plan.move, taskIds.length === 1 ? first.id : `${taskIds.length} tasks`)
				: first?.plan.kind === 'accept'
					? `accept the change of ${first.id}`
					: '';
		return { status, why: no ?? null, title };
	});
}

/** Puts tasks under a status, each by the command its move has; tasks with the same move share one question. */
export async function moveTasks(snapshot: SwarmSnapshot, taskIds: readonly string[], to: TaskStatus): Promise<void> {
	const byMove = new Map<string, string[]>();
	for (const id of taskIds) {
		const plan = planOf(snapshot, id, to);
		if (plan.kind === 'accept') {
			await commands.executeCommand('dreamos.run.accept', { taskId: id, runId: plan.runId });
		} else if (plan.kind === 'move') {
			byMove.set(plan.move, [...(byMove.get(plan.move) ?? []), id]);
		}
	}
	for (const [move, ids] of byMove) {
		await commands.executeCommand(`dreamos.task.${move}`, { taskId: ids[0], taskIds: ids });
	}
}

/** Changes a field where it stands. */
export async function editTask(performer: Performer, { taskId, ...fields }: EditRequest): Promise<void> {
	performer.assertReady();
	await performer.perform('task.edit', { task_id: taskId, ...fields });
}

/** A search that follows the picture; `onFound` is called with what answers it now. */
export function openTaskSearch(
	session: WorkspaceSession,
	onFound: (found: { readonly text: string; readonly ids: readonly string[]; readonly total: number }) => void,
): Disposable & { set(text: string): void; refresh(): void } {
	// Archived tasks are no cards: the filter of the tree alone decides which of them are read.
	const filter = new TaskFilter(session, { showsArchived: false });
	const subscription = filter.onDidChange(() => {
		if (filter.current !== undefined) {
			const { text, keys, total } = filter.current;
			onFound({ text, ids: [...keys], total });
		}
	});
	return {
		set: (text) => filter.set(text),
		refresh: () => filter.refresh(),
		dispose() {
			subscription.dispose();
			filter.dispose();
		},
	};
}
