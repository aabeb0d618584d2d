// Owns which tools a client gets that a person set up by hand: every action but those for people alone. What may lose work or start
// processes is not among them; `perform` would refuse it anyway.

import { catalogue } from '../core/actions/catalogue.ts';
import type { ToolView } from './tool.ts';

/** The order of the swarm and the ownership of boards are a person's to decide; `run.finish` is for runs a host drives. */
const leftOut: readonly string[] = [
	'task.pin',
	'task.unpin',
	'task.place',
	'workspace.adopt',
	'workspace.initialize',
	'run.finish',
];

export const personInstructions =
	'The task boards of this workspace (Dream.OS). Look with task_list and task_search; take a task with task_claim before working on it; say what was done with task_complete, or what is missing with task_block.';

export function personToolViews(): ToolView[] {
	return catalogue
		.filter(({ id, effect }) => effect !== 'danger' && !leftOut.includes(id))
		.map(({ id }) => ({ action: id }));
}
