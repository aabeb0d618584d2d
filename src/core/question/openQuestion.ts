// Owns how a question comes to be, whoever asks it: open, unanswered, and told in the same transaction.

import type { JsonObject } from '../../base/json.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Question } from './question.ts';
import { noRun } from './question.ts';

export type NewQuestion = Pick<
	Question,
	'question_id' | 'run_id' | 'task_id' | 'agent_id' | 'kind' | 'title' | 'why' | 'request'
>;

/** @param about what its event tells of it besides: kinds, commands and paths */
export async function openQuestion(
	transaction: LedgerTransaction,
	question: NewQuestion,
	about: { readonly kinds: string[]; readonly commands: string[]; readonly paths: string[] },
): Promise<void> {
	const { question_id, run_id, task_id, agent_id, title, why } = question;
	await transaction.insertQuestion({
		...question,
		state: 'open',
		answer: null,
		is_remembered: false,
		option_kind: null,
		decided_by: null,
		note: null,
		asked_at: transaction.at,
		decided_at: null,
	});
	const data: JsonObject = { question: question_id, ...about };
	await transaction.append({
		type: 'question.asked',
		task_id,
		...(run_id === noRun ? {} : { run_id }),
		agent_id,
		message: `${agent_id} asks (${question_id}): ${title} (${why})`,
		data,
	});
}
