// Owns how a question begins and ends: one transaction each, with its event. Whoever answers first wins; later answers are refused
// with what was chosen.

import { DreamError } from '../../base/errors.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import { formatActor } from '../actor.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { PermissionRequest } from '../policy/permissionRequest.ts';
import type { PolicyRule } from '../policy/policyRule.ts';
import type { Run, RunToken } from '../run/run.ts';
import { chooseOption } from './chooseOption.ts';
import { openQuestion } from './openQuestion.ts';
import type { Question, QuestionAnswer } from './question.ts';
import { noRun } from './question.ts';

export interface AskedQuestion {
	readonly questionId: string;
	readonly request: PermissionRequest;
	readonly why: string;
}

/** What a person is shown of one question at most. */
const longestTitle = 1000;
const mostNamed = 20;
const longestStored = 20_000;

/** Opens a question of a run. Fails with `run.fenced` when the run is over. */
export async function askQuestion(
	transaction: LedgerTransaction,
	token: RunToken,
	{ questionId, request, why }: AskedQuestion,
): Promise<void> {
	const run = await transaction.updateRun(token, { active_at: transaction.at });
	await openQuestion(
		transaction,
		{
			question_id: questionId,
			run_id: run.run_id,
			task_id: run.task_id,
			agent_id: run.worker,
			kind: 'permission',
			title: shownTitle(request),
			why,
			request: storedRequest(request),
		},
		{
			kinds: [...request.kinds],
			commands: request.commands.slice(0, mostNamed).map((line) => displayLine(line, longestTitle)),
			paths: namesOf(request),
		},
	);
}

/** Answers a question. Fails with `question.unknown`, and with `question.answered` or `question.closed` when somebody was first. */
export async function answerQuestion(
	transaction: LedgerTransaction,
	questionId: string,
	{ answer, isRemembered }: { readonly answer: QuestionAnswer; readonly isRemembered: boolean },
): Promise<Question> {
	const question = await requireQuestion(transaction, questionId);
	const offered = offeredBy(question);
	const optionKind = chooseOption(offered, { isAllowed: answer === 'allow', isRemembered }) ?? null;
	if (question.state === 'open' && answer === 'allow' && isOnlyAlways(offered, optionKind)) {
		throw new DreamError('question.onlyAlways', `${question.agent_id} offers no way to allow this just once.`, {
			details: { question_id: questionId, offered },
			advice: 'Allow it and remember that, or deny it.',
		});
	}
	const isFirst = await transaction.decideQuestion(questionId, {
		state: 'answered',
		answer,
		is_remembered: isRemembered,
		option_kind: optionKind,
		decided_by: formatActor(transaction.actor),
		note: null,
	});
	const decided = await requireQuestion(transaction, questionId);
	if (!isFirst) {
		throw alreadyDecided(decided);
	}
	await append(transaction, decided, {
		type: 'question.answered',
		message: `${formatActor(transaction.actor)} ${answer === 'allow' ? 'allowed' : 'denied'} ${decided.agent_id}: ${decided.title}${isRemembered ? ' (remembered)' : ''}`,
		data: { question: questionId, answer, remembered: isRemembered, option: optionKind },
	});
	return decided;
}

/** Answers an open question by a rule that came after it. False when it was decided meanwhile. */
export async function answerByRule(
	transaction: LedgerTransaction,
	questionId: string,
	{
		answer,
		why,
		rule,
	}: { readonly answer: QuestionAnswer; readonly why: string; readonly rule: PolicyRule | undefined },
): Promise<boolean> {
	const question = await requireQuestion(transaction, questionId);
	const optionKind =
		chooseOption(offeredBy(question), { isAllowed: answer === 'allow', isRemembered: false }) ?? null;
	const isFirst = await transaction.decideQuestion(questionId, {
		state: 'answered',
		answer,
		is_remembered: false,
		option_kind: optionKind,
		decided_by: 'policy',
		note: why,
	});
	if (isFirst) {
		await append(transaction, question, {
			type: 'question.answered',
			message: `${why}: ${answer === 'allow' ? 'allowed' : 'denied'} ${question.agent_id}: ${question.title}`,
			data: { question: questionId, answer, remembered: false, option: optionKind, line: rule?.line ?? null },
		});
	}
	return isFirst;
}

/** Closes an open question without an answer. */
export async function closeQuestion(transaction: LedgerTransaction, question: Question, why: string): Promise<void> {
	const isFirst = await transaction.decideQuestion(question.question_id, {
		state: 'closed',
		answer: null,
		is_remembered: false,
		option_kind: null,
		decided_by: formatActor(transaction.actor),
		note: why,
	});
	if (isFirst) {
		await append(transaction, question, {
			type: 'question.closed',
			message: `${question.question_id} of ${question.agent_id} needs no answer any more: ${why}`,
			data: { question: question.question_id, why },
		});
	}
}

/** Closes what a run still asks: nobody waits for it. */
export async function closeQuestions(transaction: LedgerTransaction, run: Run, why: string): Promise<void> {
	for (const question of await transaction.questions({ run_id: run.run_id, state: 'open' })) {
		await closeQuestion(transaction, question, why);
	}
}

export async function requireQuestion(reader: Pick<LedgerReader, 'question'>, id: string): Promise<Question> {
	const question = await reader.question(id);
	if (question === undefined) {
		throw new DreamError('question.unknown', `There is no question ${displayLine(id)}.`, {
			details: { question_id: id },
			advice: 'Look at the list of questions for its id.',
		});
	}
	return question;
}

/** Why a question cannot be answered any more, with what was chosen. */
function alreadyDecided(question: Question): DreamError {
	const { question_id, state, answer, decided_by, decided_at, note } = question;
	const details = { question_id, state, answer, decided_by, decided_at };
	return state === 'answered'
		? new DreamError(
				'question.answered',
				`${question_id} was answered before: ${decided_by ?? 'somebody'} chose ${answer ?? 'nothing'} at ${decided_at ?? 'an unknown time'}. That stands.`,
				{ details, advice: 'To change it for the next time, edit .dreamos/policies.yaml.' },
			)
		: new DreamError('question.closed', `${question_id} needs no answer any more: ${note ?? 'its run is over'}.`, {
				details,
			});
}

function append(
	transaction: LedgerTransaction,
	{ task_id, run_id, agent_id }: Question,
	event: {
		readonly type: 'question.answered' | 'question.closed';
		readonly message: string;
		readonly data: Record<string, JsonValue>;
	},
): Promise<number> {
	return transaction.append({ ...event, task_id, agent_id, ...(run_id === noRun ? {} : { run_id }) });
}

/** Whether the agent was to be told no although the person said yes. Where nothing is offered, we do it ourselves. */
const isOnlyAlways = (offered: readonly string[], option: string | null): boolean =>
	offered.length > 0 && option?.startsWith('allow') !== true;

function offeredBy({ request }: Question): string[] {
	const offered = request['offered'];
	return Array.isArray(offered) ? offered.filter((kind) => typeof kind === 'string') : [];
}

/**
 * What the person reads: what the agent calls it, and what it would do where that says something else. An agent may call `rm` a test.
 */
function shownTitle(request: PermissionRequest): string {
	const does = request.commands.length > 0 ? request.commands.slice(0, mostNamed) : namesOf(request);
	const unsaid = does.filter((name) => !request.title.includes(name));
	return displayLine(unsaid.length === 0 ? request.title : `${request.title}: ${unsaid.join(', ')}`, longestTitle);
}

/** As it was judged. Command lines are cut far beyond what a rule can hold, so that an agent cannot fill the ledger with one. */
const storedRequest = (request: PermissionRequest): JsonObject =>
	JSON.parse(
		JSON.stringify({ ...request, commands: request.commands.map((line) => line.slice(0, longestStored)) }),
	) as JsonObject;

const namesOf = ({ paths }: PermissionRequest): string[] =>
	paths.slice(0, mostNamed).map(({ names, named }) => names[0] ?? named);
