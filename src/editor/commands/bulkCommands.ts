// Owns changing several tasks at once: the ticked ones, else the selected ones. What happens to each is the same as to one.

import { commands, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { TaskPriority } from '../../core/task/taskPriority.ts';
import { taskPriorities } from '../../core/task/taskPriority.ts';
import type { CommandId } from '../manifest.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import { giveTasks } from '../views/taskDrops.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText, pickOne, pickTask } from './pickers.ts';
import { tasksOf } from './rowArguments.ts';
import { unfinishedTasks } from './taskChoices.ts';

export interface BulkParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	/** Ids of the ticked tasks, else of the selected ones. */
	readonly chosenTasks: () => readonly string[];
}

type Change = (taskIds: readonly string[], title: string) => Promise<void>;

export function createBulkCommands({ session, performer, chosenTasks }: BulkParts): CommandHandlers {
	const give = { performer, snapshot: () => session.snapshot };
	const run =
		(command: CommandId): Change =>
		async (taskIds) => {
			await commands.executeCommand(command, { taskId: taskIds[0], taskIds });
		};
	const changes: Readonly<Record<string, Change>> = {
		[l10n.t('Set Priority…')]: async (taskIds, title) => {
			const options = taskPriorities.map((value) => ({ value, label: value }));
			const priority = await pickOne<TaskPriority>(options, {
				title,
				placeHolder: l10n.t('How urgent are they?'),
			});
			for (const task_id of priority === undefined ? [] : taskIds) {
				await performer.perform('task.edit', { task_id, priority });
			}
		},
		[l10n.t('Give to Agent…')]: async (taskIds, title) => {
			const options = [
				{ value: '', label: l10n.t('Any agent'), description: l10n.t('whoever is free and able') },
				...session.snapshot.agents.map(({ agent: { id, role } }) => ({
					value: id,
					label: plainLabel(id, 80),
					description: plainLabel(role, 80),
				})),
			];
			const agent = await pickOne(options, { title, placeHolder: l10n.t('Who is to do them?') });
			await (agent === undefined ? undefined : giveTasks(give, taskIds, 'agent', agent));
		},
		[l10n.t('Make Part of a Task…')]: async (taskIds, title) => {
			const others = unfinishedTasks(session.snapshot).filter(({ task }) => !taskIds.includes(task.task_id));
			const none = {
				message: l10n.t('There is no other task.'),
				advice: l10n.t('Create the one they are parts of first.'),
			};
			const epic = await pickTask(others, { title, placeHolder: l10n.t('Which task are they parts of?'), none });
			await (epic === undefined ? undefined : giveTasks(give, taskIds, 'epic', epic));
		},
		[l10n.t('Add Tag…')]: async (taskIds, title) => {
			const tag = await askText({
				title,
				prompt: l10n.t('Which tag?'),
				required: l10n.t('A tag needs a word.'),
				longest: 80,
			});
			await (tag === undefined ? undefined : giveTasks(give, taskIds, 'tag', tag));
		},
		[l10n.t('Make Ready')]: run('dreamos.task.ready'),
		[l10n.t('Move to Backlog')]: run('dreamos.task.shelve'),
		[l10n.t('Block…')]: run('dreamos.task.block'),
		Cancel: run('dreamos.task.cancel'),
		Retry: run('dreamos.task.retry'),
	};
	return {
		'dreamos.tasks.change': async (argument) => {
			performer.assertReady();
			const chosen = chosenTasks();
			const named = tasksOf(argument);
			// A row that is one of the chosen ones stands for all of them.
			const taskIds = named.length === 0 || named.some((id) => chosen.includes(id)) ? chosen : named;
			if (taskIds.length === 0) {
				throw new DreamError('task.none', l10n.t('No task is ticked or selected.'), {
					advice: l10n.t('Select several rows of the Tasks view, or use Tick Several Tasks.'),
				});
			}
			const title = taskIds.length === 1 ? l10n.t('Change 1 Task') : l10n.t('Change {0} Tasks', taskIds.length);
			const options = Object.entries(changes).map(([label, value]) => ({ label, value }));
			const change = await pickOne(options, { title, placeHolder: l10n.t('What is to be done with them?') });
			await change?.(taskIds, title);
		},
	};
}
