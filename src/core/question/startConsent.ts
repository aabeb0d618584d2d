// Owns the person's word on the start of a task: the question before it, the yes until it is used, and the no. Such a question belongs
// to no run, because there is none yet. A yes holds for one attempt, so that a stop and a start ask nobody twice.

import type { JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { newId } from '../../base/ids.ts';
import { displayLine } from '../../base/text.ts';
import { formatActor } from '../actor.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { Task } from '../task/task.ts';
import { openQuestion } from './openQuestion.ts';
import type { Question } from './question.ts';
import { noRun } from './question.ts';

const factKey = 'swarm.approvedStarts';

/** By task, the attempt a person said yes to. */
export async function readApprovedStarts(reader: Pick<LedgerReader, 'fact'>): Promise<ReadonlyMap<string, number>> {
	const fact = await reader.fact(factKey);
	return new Map(
		Object.entries(isJsonObject(fact) ? fact : {}).flatMap(([id, attempt]) =>
			typeof attempt === 'number' ? [[id, attempt]] : [],
		),
	);
}

/** Questions about starts that are open, oldest first. */
export const readStartQuestions = (reader: Pick<LedgerReader, 'questions'>): Promise<Question[]> =>
	reader.questions({ state: 'open', run_id: noRun });

/** By task, the question about its start. */
export const byTask = (questions: readonly Question[]): ReadonlyMap<string, string> =>
	new Map(questions.map(({ task_id, question_id }) => [task_id, question_id]));

/** Puts the question whether an agent may begin a task. */
export async function askToStart(
	transaction: LedgerTransaction,
	{ task, agentId, why }: { readonly task: Task; readonly agentId: string; readonly why: string },
): Promise<void> {
	const again = task.attempts === 0 ? '' : `, attempt ${task.attempts + 1}`;
	const title = displayLine(`May ${task.task_id} begin${again}?`, 300);
	const request = { attempt: task.attempts + 1 };
	const { task_id } = task;
	await openQuestion(
		transaction,
		{
			question_id: newId('question'),
			run_id: noRun,
			task_id,
			agent_id: agentId,
			kind: 'start',
			title,
			why,
			request,
		},
		{ kinds: ['start'], commands: [], paths: [] },
	);
}

/** What follows from an answer: with a yes the task begins in its turn, with a no it is blocked until somebody unblocks it. */
export async function followStartAnswer(transaction: LedgerTransaction, question: Question): Promise<void> {
	const task = (await transaction.task(question.task_id))?.task;
	const attempt = question.request['attempt'];
	if (task?.status !== 'READY' || typeof attempt !== 'number' || task.attempts + 1 !== attempt) {
		return;
	}
	if (question.answer === 'deny') {
		const text = `${formatActor(transaction.actor)} said no to its start`;
		await advanceTask(transaction, {
			taskId: task.task_id,
			move: 'block',
			reason: text,
			patch: { block_reason: { kind: 'needs_input', text } },
		});
		return;
	}
	const approved = new Map([...(await readApprovedStarts(transaction)), [task.task_id, attempt]]);
	await transaction.setFact(factKey, await stillOfUse(transaction, approved));
}

/** Without what was used or overtaken: the fact stays as small as the queue. */
async function stillOfUse(reader: LedgerReader, approved: ReadonlyMap<string, number>): Promise<JsonObject> {
	const tasks = await reader.tasks({ ids: [...approved.keys()] });
	return Object.fromEntries(
		tasks.flatMap(({ task: { task_id: id, status, attempts } }) =>
			approved.get(id) === attempts + 1 && status !== 'COMPLETED' && status !== 'CANCELLED'
				? [[id, attempts + 1]]
				: [],
		),
	);
}
