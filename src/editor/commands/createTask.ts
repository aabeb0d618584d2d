// Owns Create Task: a name, a priority, what it waits for, and the command an agent without a model runs for it.

import type { Task, TaskPriority } from '../../core/task/task.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandler } from './commandRegistry.ts';
import type { Option } from './pickers.ts';
import { askText, pickOne, pickTasks } from './pickers.ts';
import { unfinishedTasks } from './taskChoices.ts';

/** The usual one first, so that Enter takes it. */
const priorityDetails: Readonly<Record<TaskPriority, string>> = {
	MEDIUM: 'in its turn',
	CRITICAL: 'before everything else',
	HIGH: 'soon',
	LOW: 'when there is nothing else',
};

const priorities: readonly Option<TaskPriority>[] = (Object.keys(priorityDetails) as TaskPriority[]).map((value) => ({
	value,
	label: value,
	description: priorityDetails[value],
}));

export function createTaskCommand(
	session: WorkspaceSession,
	performer: Performer,
	reveal: (taskId: string) => Promise<void>,
): CommandHandler {
	return async () => {
		performer.assertReady();
		const others = unfinishedTasks(session.snapshot);
		const steps = others.length === 0 ? 3 : 4;
		let step = 0;
		const title = () => `Create Task (${++step} of ${steps})`;

		const name = await askText({
			title: title(),
			prompt: 'What is to be done?',
			placeHolder: 'such as: Add a health check to the server',
			required: 'A task needs a name.',
			longest: 500,
		});
		if (name === undefined) {
			return;
		}
		const priority = await pickOne(priorities, { title: title(), placeHolder: 'How urgent is it?' });
		if (priority === undefined) {
			return;
		}
		const dependencies =
			others.length === 0
				? []
				: await pickTasks(others, {
						title: title(),
						placeHolder: 'Tick the tasks that must be completed first; Enter for none',
					});
		if (dependencies === undefined) {
			return;
		}
		const command = await askText({
			title: title(),
			prompt: 'Shell command that does it, for agents without a model. Enter to leave it out.',
			placeHolder: 'such as: npm run format',
		});
		if (command === undefined) {
			return;
		}
		const { task } = await performer.perform<{ readonly task: Task }>('task.create', {
			name,
			priority,
			...(dependencies.length === 0 ? {} : { dependencies }),
			...(command === '' ? {} : { run: [command] }),
		});
		await reveal(task.task_id);
	};
}
