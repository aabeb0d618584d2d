// Owns the names of the commands that make tasks. What they ask is loaded with the first of them.

import type { AuthoringParts, TaskSource } from '../authoring/taskAuthoring.ts';
import type { CommandHandler, CommandHandlers } from './commandRegistry.ts';

export function createAuthoringCommands(parts: AuthoringParts): CommandHandlers {
	const from =
		(source: TaskSource): CommandHandler =>
		async (argument) => {
			parts.performer.assertReady();
			const { createAuthoring } = await import('../authoring/taskAuthoring.ts');
			await createAuthoring(parts)[source](argument);
		};
	return {
		'dreamos.task.create': from('guided'),
		'dreamos.task.createQuick': from('line'),
		'dreamos.task.createFromSelection': from('selection'),
		'dreamos.task.createFromProblem': from('problem'),
		'dreamos.task.createFromComment': from('comment'),
	};
}
