// Owns the words in which a question is put to the person, and the answers there are. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import type { Question, QuestionAnswer } from '../../core/question/question.ts';

export interface AnswerChoice {
	readonly title: string;
	readonly detail: string;
	readonly answer: QuestionAnswer;
	readonly remember: boolean;
}

const choices: readonly AnswerChoice[] = [
	{
		title: l10n.t('Allow Once'),
		detail: l10n.t('The agent goes on; the next time you are asked again.'),
		answer: 'allow',
		remember: false,
	},
	{
		title: l10n.t('Allow Always'),
		detail: l10n.t('Exactly this becomes a rule in .dreamos/policies.yaml.'),
		answer: 'allow',
		remember: true,
	},
	{
		title: l10n.t('Deny'),
		detail: l10n.t('The agent is told no, and may try something else.'),
		answer: 'deny',
		remember: false,
	},
	{
		title: l10n.t('Deny Always'),
		detail: l10n.t('Exactly this is forbidden by a rule in .dreamos/policies.yaml.'),
		answer: 'deny',
		remember: true,
	},
];

const startChoices: readonly AnswerChoice[] = [
	{
		title: l10n.t('Begin'),
		detail: l10n.t('The task begins in its turn; its next attempt asks again.'),
		answer: 'allow',
		remember: false,
	},
	{
		title: l10n.t('Do Not Begin'),
		detail: l10n.t('The task is blocked until you unblock it.'),
		answer: 'deny',
		remember: false,
	},
];

/** The answers a question can have: an agent that knows only "always" cannot be allowed something just once. */
export function answerChoices({ kind, request }: Pick<Question, 'kind' | 'request'>): readonly AnswerChoice[] {
	if (kind === 'start') {
		return startChoices;
	}
	const offered = Array.isArray(request['offered']) ? request['offered'] : [];
	const isOnlyAlways = offered.length > 0 && !offered.includes('allow_once');
	return choices.filter(({ answer, remember }) => answer === 'deny' || remember || !isOnlyAlways);
}

/** One line: who asks what, for which task. */
export function questionLine({ agent_id, title, task_id }: Question, taskName: string | undefined): string {
	return l10n.t(
		'{0} asks: {1} ("{2}")',
		displayLine(agent_id, 80),
		displayLine(title, 300),
		displayLine(taskName || task_id, 80),
	);
}
