// Owns making tasks where a person is: guided, from one line, from a selection, a problem or a TODO comment. A bundle of its own,
// loaded when the first task is made or the first file asks for actions.

import type { Disposable } from 'vscode';
import { Range, languages, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { Task } from '../../core/task/task.ts';
import type { CommandHandler } from '../commands/commandRegistry.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { editorIn, placeOf, problemAt, todoAt } from './filePlaces.ts';
import { askTask } from './guidedTask.ts';
import type { QuickQuestion } from './quickTask.ts';
import { askTaskLine } from './quickTask.ts';
import { SwarmActions } from './swarmActions.ts';
import { describePlace, inputOf, inputOfPlace } from './taskDraft.ts';

export interface AuthoringParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	/** Selects a new task if the Tasks view is on the screen. */
	readonly reveal: (taskId: string) => Promise<void>;
}

export type TaskSource = 'guided' | 'line' | 'selection' | 'problem' | 'comment';

/** Registers the code actions that make tasks of problems and comments. */
export function registerSwarmActions(session: WorkspaceSession): Disposable {
	return languages.registerCodeActionsProvider({ scheme: 'file' }, new SwarmActions(session), {
		providedCodeActionKinds: SwarmActions.kinds,
	});
}

/** Commands that make a task, by where it comes from. */
export function createAuthoring({ session, performer, reveal }: AuthoringParts): Record<TaskSource, CommandHandler> {
	const create = async (input: object | undefined) => {
		if (input !== undefined) {
			const { task } = await performer.perform<{ readonly task: Task }>('task.create', input);
			await reveal(task.task_id);
		}
	};
	const askAbout = async (question: QuickQuestion, more: object) => {
		const fields = await askTaskLine(session, performer, question);
		await create(fields === undefined ? undefined : { ...fields, ...more });
	};
	return {
		async guided() {
			const draft = await askTask(session, performer);
			await create(draft === undefined ? undefined : inputOf(draft));
		},
		line: () =>
			askAbout(
				{ title: l10n.t('Create Task from One Line'), prompt: l10n.t('What is to be done?'), value: '' },
				{},
			),
		async selection() {
			const { folder } = session.require();
			const { document, selection } = editorIn(folder);
			const place = placeOf(folder, document, selection);
			await askAbout(
				{
					title: l10n.t('Create Task from Selection'),
					prompt: l10n.t('What is to be done in {0}?', describePlace(place)),
					value: '',
				},
				inputOfPlace(place, 'It is about these lines.'),
			);
		},
		async problem(argument) {
			const { folder } = session.require();
			const { document, selection } = editorIn(folder);
			const problem = problemAt(document, rangeOf(argument) ?? selection);
			if (problem === undefined) {
				throw new DreamError('editor.noProblem', l10n.t('There is no problem where the cursor is.'), {
					advice: l10n.t('Put the cursor on a line with something underlined.'),
				});
			}
			const place = placeOf(folder, document, problem.range);
			const message = displayLine(problem.message, 400);
			const from = [problem.source ?? '', codeOf(problem.code)].filter(Boolean).join(' ');
			await askAbout(
				{
					title: l10n.t('Give This to the Swarm'),
					prompt: l10n.t('Puts the problem in {0} right.', describePlace(place)),
					value: `Fix in ${place.file}: ${message}`,
				},
				{
					...inputOfPlace(
						place,
						`Put this problem right: ${problem.message}${from === '' ? '' : ` (${from})`}`,
					),
					task_type: 'bug',
				},
			);
		},
		async comment(argument) {
			const { folder } = session.require();
			const { document, selection } = editorIn(folder);
			const todo = todoAt(document, rangeOf(argument) ?? selection);
			if (todo === undefined) {
				throw new DreamError('editor.noTodo', l10n.t('There is no TODO where the cursor is.'), {
					advice: l10n.t('Put the cursor on a line with TODO, FIXME, HACK or XXX.'),
				});
			}
			const place = placeOf(folder, document, new Range(todo.line, 0, todo.line + 1, 0));
			await askAbout(
				{
					title: l10n.t('Create Task from TODO'),
					prompt: l10n.t(
						'Does what the comment in {0} asks, and takes the comment away.',
						describePlace(place),
					),
					value: displayLine(todo.asked, 400),
				},
				inputOfPlace(place, 'Do what this comment asks, then take the comment away.'),
			);
		},
	};
}

/** The range a code action was offered for. */
function rangeOf(argument: unknown): Range | undefined {
	return argument instanceof Range ? argument : undefined;
}

function codeOf(code: unknown): string {
	const value: unknown = typeof code === 'object' && code !== null ? Reflect.get(code, 'value') : code;
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
