// Owns looking at boards that are not adopted the way a ledger is looked at, as far as they know anything: tasks and their parts.

import type { ForeignView } from './workspaceDoor.ts';
import type { LedgerReader } from '../ledger.ts';

export function foreignReader({ tasks }: ForeignView): Pick<LedgerReader, 'task' | 'tasks' | 'parts'> {
	const stored = tasks.map((each) => ({ ...each, sequence: 0 }));
	return {
		task: (id) => Promise.resolve(stored.find(({ task }) => task.task_id === id)),
		tasks: ({ ids } = {}) =>
			Promise.resolve(stored.filter(({ task }) => ids === undefined || ids.includes(task.task_id))),
		parts: () =>
			Promise.resolve(
				stored.flatMap(({ task: { task_id, parent, status } }) =>
					parent === null ? [] : [{ task_id, parent, status }],
				),
			),
	};
}
