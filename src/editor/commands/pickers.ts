// Owns how a person is asked: quick picks of tasks, runs and boards, input boxes for sentences. Every one resolves to undefined
// when it is left with Esc.

import type { QuickPickItem } from 'vscode';
import { window, l10n } from 'vscode';
import type { ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import { DreamError } from '../../base/errors.ts';
import { plainLabel } from '../plainText.ts';

interface TaskItem extends QuickPickItem {
	readonly taskId: string;
}

export interface TaskQuestion {
	readonly title: string;
	readonly placeHolder: string;
	/** Said when there is nothing to choose from: what is missing, and what to do about it. */
	readonly none: { readonly message: string; readonly advice: string };
}

function toItem({ task }: ShownTask): TaskItem {
	const holder = task.claimed_by ?? task.assigned_agent;
	return {
		taskId: task.task_id,
		label: plainLabel(task.name === '' ? task.task_id : task.name),
		description: [task.task_id, task.status, task.priority, holder ?? '']
			.filter(Boolean)
			.map((part) => plainLabel(part, 80))
			.join(' · '),
	};
}

/** Asks for one task. Fails with `task.none` when there is none to ask for. */
export async function pickTask(tasks: readonly ShownTask[], question: TaskQuestion): Promise<string | undefined> {
	if (tasks.length === 0) {
		throw new DreamError('task.none', question.none.message, { advice: question.none.advice });
	}
	const chosen = await window.showQuickPick(tasks.map(toItem), {
		title: question.title,
		placeHolder: question.placeHolder,
		matchOnDescription: true,
	});
	return chosen?.taskId;
}

export interface TextQuestion {
	readonly title: string;
	readonly prompt: string;
	readonly placeHolder?: string;
	/** What stands there to begin with. */
	readonly value?: string;
	/** Shown while the text is empty; without it an empty text is accepted. */
	readonly required?: string;
	readonly longest?: number;
}

/** Asks for a line of text, trimmed. */
export async function askText({
	title,
	prompt,
	placeHolder,
	value: given,
	required,
	longest = 10_000,
}: TextQuestion): Promise<string | undefined> {
	const text = await window.showInputBox({
		title,
		prompt,
		...(placeHolder === undefined ? {} : { placeHolder }),
		...(given === undefined ? {} : { value: given }),
		ignoreFocusOut: true,
		validateInput: (value) => {
			if (value.trim().length > longest) {
				return l10n.t('At most {0} characters; these are {1}.', longest, value.trim().length);
			}
			return required !== undefined && value.trim() === '' ? required : undefined;
		},
	});
	return text?.trim();
}

export interface Option<Value> {
	readonly value: Value;
	readonly label: string;
	readonly description?: string;
	readonly detail?: string;
}

/** Asks for one of a few fixed things. */
export async function pickOne<Value>(
	options: readonly Option<Value>[],
	question: { readonly title: string; readonly placeHolder: string },
): Promise<Value | undefined> {
	const chosen = await window.showQuickPick([...options], question);
	return chosen?.value;
}
