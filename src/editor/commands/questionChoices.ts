// Owns the words in which a question is put to the person, and the answers there are. Pure, so that it is tested without an editor.

import { displayLine } from '../../base/text.ts';
import type { Question, QuestionAnswer } from '../../core/question/question.ts';

export interface AnswerChoice {
	readonly title: 'Allow Once' | 'Allow Always' | 'Deny' | 'Deny Always' | 'Begin' | 'Do Not Begin';
	readonly detail: string;
	readonly answer: QuestionAnswer;
	readonly remember: boolean;
}

const choices: readonly AnswerChoice[] = [
	{
		title: 'Allow Once',
		detail: 'The agent goes on; the next time you are asked again.',
		answer: 'allow',
		remember: false,
	},
	{
		title: 'Allow Always',
		detail: 'Exactly this becomes a rule in .dreamos/policies.yaml.',
		answer: 'allow',
		remember: true,
	},
	{ title: 'Deny', detail: 'The agent is told no, and may try something else.', answer: 'deny', remember: false },
	{
		title: 'Deny Always',
		detail: 'Exactly this is forbidden by a rule in .dreamos/policies.yaml.',
		answer: 'deny',
		remember: true,
	},
];

const startChoices: readonly AnswerChoice[] = [
	{
		title: 'Begin',
		detail: 'The task begins in its turn; its next attempt asks again.',
		answer: 'allow',
		remember: false,
	},
	{ title: 'Do Not Begin', detail: 'The task is blocked until you unblock it.', answer: 'deny', remember: false },
];

/** The answers a question can have: an agent that knows only "always" cannot be allowed something just once. */
export function answerChoices({ kind, request }: Pick<Question, 'kind' | 'request'>): readonly AnswerChoice[] {
	if (kind === 'start') {
		return startChoices;
	}
	const offered = Array.isArray(request['offered']) ? request['offered'] : [];
	const isOnlyAlways = offered.length > 0 && !offered.includes('allow_once');
	return choices.filter(({ title }) => title !== 'Allow Once' || !isOnlyAlways);
}

/** One line: who asks what, for which task. */
export function questionLine({ agent_id, title, task_id }: Question, taskName: string | undefined): string {
	return `${displayLine(agent_id, 80)} asks: ${displayLine(title, 300)} ("${displayLine(taskName || task_id, 80)}")`;
}
