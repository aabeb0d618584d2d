// Owns what putting tasks under a status means in this window: said beforehand for the dashboard and the tree, done by the command
// each move has.

import { addTo } from '../../base/groups.ts';
import { commands, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { DropPlan } from '../../core/task/planDrop.ts';
import { planDrop } from '../../core/task/planDrop.ts';
import type { TaskStatus } from '../../core/task/taskStatus.ts';

/** What becomes of a task that is put under a status. */
export function planMove(snapshot: SwarmSnapshot, taskId: string, to: TaskStatus): DropPlan {
	const shown = snapshot.tasks.get(taskId);
	if (shown === undefined) {
		return { kind: 'refused', why: l10n.t('There is no task {0} any more.', taskId) };
	}
	if (snapshot.workspace !== 'ours') {
		return { kind: 'refused', why: l10n.t('These boards are read-only until you adopt them.') };
	}
	const waitsFor = shown.task.dependencies.filter((id) => snapshot.tasks.get(id)?.task.status !== 'COMPLETED');
	const run = snapshot.agents.flatMap(({ runs }) => runs).find(({ run_id: id }) => id === shown.run_id);
	return planDrop({ task: shown.task, waitsFor, run }, to);
}

/** Fails with `task.cannotMove` when one of them may not be put there; nothing has been done then. */
export function assertMovable(snapshot: SwarmSnapshot, taskIds: readonly string[], to: TaskStatus): void {
	for (const taskId of taskIds) {
		const plan = planMove(snapshot, taskId, to);
		if (plan.kind === 'refused') {
			throw new DreamError('task.cannotMove', plan.why, { details: { task_id: taskId, to } });
		}
	}
}

/** Puts tasks under a status, each by the command its move has; tasks with the same move share one question. */
export async function moveTasks(snapshot: SwarmSnapshot, taskIds: readonly string[], to: TaskStatus): Promise<void> {
	const byMove = new Map<string, string[]>();
	for (const id of taskIds) {
		const plan = planMove(snapshot, id, to);
		if (plan.kind === 'accept') {
			await commands.executeCommand('dreamos.run.accept', { taskId: id, runId: plan.runId });
		} else if (plan.kind === 'move') {
			addTo(byMove, plan.move, id);
		}
	}
	for (const [move, ids] of byMove) {
		await commands.executeCommand(`dreamos.task.${move}`, { taskId: ids[0], taskIds: ids });
	}
}
