// Owns what can be done with questions of agents: list them, answer one. Agents may look; only people answer.

import * as z from 'zod';
import { DreamError, describeError } from '../../base/errors.ts';
import { formatActor } from '../actor.ts';
import { policyPath } from '../paths.ts';
import type { PolicyRuleText } from '../policy/policyRule.ts';
import { answerRules } from '../question/answerRules.ts';
import { answerQuestion, requireQuestion } from '../question/decideQuestion.ts';
import type { Question } from '../question/question.ts';
import { questionAnswers, questionStates } from '../question/question.ts';
import { followStartAnswer } from '../question/startConsent.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const list = defineAction({
	id: 'question.list',
	title: 'List Questions',
	description: 'Lists what agents ask and wait for; with another state, what was asked before and who answered.',
	effect: 'read',
	input: z.object({
		state: z.enum(questionStates).default('open').describe('Which questions'),
		run_id: z.string().min(1).optional().describe('Only questions of this run'),
	}),
	run: (context, { state, run_id }) =>
		context.ledger.read((reader) => reader.questions({ state, ...(run_id === undefined ? {} : { run_id }) })),
});

const answer = defineAction({
	id: 'question.answer',
	title: 'Answer Question',
	description:
		'Answers a question of an agent, which then goes on, or whether a task may begin. The first answer counts; remembered, it also becomes a rule.',
	effect: 'danger',
	input: z.object({
		question_id: z.string().min(1).describe('Id of the question'),
		answer: z.enum(questionAnswers).describe('allow or deny'),
		remember: z.boolean().default(false).describe(`Write it to ${policyPath}, so that it is not asked again`),
	}),
	terminal: { positionals: ['question_id', 'answer'] },
	async run(context, { question_id, answer: given, remember }) {
		const asked = await context.ledger.read((reader) => requireQuestion(reader, question_id));
		const rules = remember ? answerRules(asked, given) : [];
		if (rules === undefined) {
			throw new DreamError(
				'question.notARule',
				'What was asked cannot become a rule: it is the start of a task, too long, or holds a secret.',
				{
					details: { question_id },
					advice: 'Answer it for this once.',
				},
			);
		}
		const question = await context.ledger.write(context.actor, async (transaction) => {
			const decided = await answerQuestion(transaction, question_id, { answer: given, isRemembered: remember });
			if (decided.kind === 'start') {
				await followStartAnswer(transaction, decided);
			}
			return decided;
		});
		const problem = await remembered(context, question, rules);
		return { question, rules, problem: problem ?? null };
	},
});

/** Writes the rules, the last one first because each is put on top. What went wrong is told: the answer itself stands. */
async function remembered(
	{ workspace, ledger, actor }: ActionContext,
	question: Question,
	rules: readonly PolicyRuleText[],
): Promise<string | undefined> {
	const { question_id, agent_id, answer: given } = question;
	const day = (question.decided_at ?? '').slice(0, 10);
	const comment = `${formatActor(actor)} said ${given ?? 'nothing'} on ${day}, asked by ${agent_id} (${question_id})`;
	try {
		for (const rule of rules.toReversed()) {
			await workspace.rememberRule(rule, comment);
		}
	} catch (error) {
		return `The answer counts, but was not remembered: ${describeError(error)}`;
	}
	if (rules.length > 0) {
		await ledger.write(actor, (transaction) =>
			transaction.append({
				type: 'policy.changed',
				task_id: question.task_id,
				run_id: question.run_id,
				agent_id,
				message: `${formatActor(actor)} added a rule to ${policyPath}: ${given ?? ''} ${question.title}`,
				data: { question: question_id, rules: rules.map((rule) => ({ ...rule })) },
			}),
		);
	}
	return undefined;
}

export const questionActions: readonly DefinedAction[] = [list, answer];
