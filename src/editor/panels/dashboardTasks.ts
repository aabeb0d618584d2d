// Owns what the board of the dashboard asks of tasks: where they may be put, changing a field, and which answer
// a search. Each change is a command of the palette or an action of the catalogue; what may not be is refused there.

import type { Disposable } from 'vscode';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { taskStatuses } from '../../core/task/taskStatus.ts';
import type { DropAnswer, EditRequest } from '../../protocol/dashboardApi.ts';
import { planMove } from '../commands/moveTasks.ts';
import type { Performer } from '../performer.ts';
import { TaskFilter } from '../views/taskFilter.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** Where these tasks may be put together, and why not where one of them may not. */
export function planDrops(snapshot: SwarmSnapshot, taskIds: readonly string[]): DropAnswer['places'] {
	return taskStatuses.map((status) => {
		const plans = taskIds.map((id) => ({ id, plan: planMove(snapshot, id, status) }));
		const no = plans.flatMap(({ plan }) => (plan.kind === 'refused' ? [plan.why] : []))[0];
		const [first] = plans;
		const move =
			first?.plan.kind === 'move' ? first.plan.move : first?.plan.kind === 'accept' ? ('accept' as const) : null;
		return { status, why: no ?? null, move };
	});
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
