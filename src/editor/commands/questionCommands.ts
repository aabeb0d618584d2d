// Owns the commands about permission: answer a question of an agent, open the file with the rules.

import { Uri, window, workspace as editorWorkspace, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { policyPath } from '../../core/paths.ts';
import type { Question } from '../../core/question/question.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { pickOne } from './pickers.ts';
import type { AnswerChoice } from './questionChoices.ts';
import { answerChoices } from './questionChoices.ts';
import { runOf, taskOf } from './rowArguments.ts';

export interface QuestionCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
}

/** Gives an answer and tells when it could not be remembered. Fails as the action does. */
export async function giveAnswer(
	{ performer, notifier }: Pick<QuestionCommandParts, 'performer' | 'notifier'>,
	questionId: string,
	{ answer, remember }: Pick<AnswerChoice, 'answer' | 'remember'>,
): Promise<void> {
	const { problem } = await performer.perform<{ problem: string | null }>('question.answer', {
		question_id: questionId,
		answer,
		remember,
	});
	if (problem !== null) {
		notifier.offer(problem, []);
	}
}

async function chooseQuestion(
	{ session, performer }: QuestionCommandParts,
	argument: unknown,
): Promise<Question | undefined> {
	const runId = runOf(argument);
	const taskId = taskOf(argument);
	const open = (await performer.perform<Question[]>('question.list')).filter(
		(question) =>
			(runId === undefined || question.run_id === runId) && (taskId === undefined || question.task_id === taskId),
	);
	const [first] = open;
	if (first === undefined) {
		throw new DreamError('question.none', l10n.t('No agent waits for an answer.'), {
			advice: l10n.t('Agents ask where a rule in {0} says so.', policyPath),
		});
	}
	return open.length === 1 || runId !== undefined
		? first
		: pickOne(
				open.map((value) => ({
					value,
					label: plainLabel(value.title),
					description: plainLabel(
						`${value.agent_id} · ${session.snapshot.tasks.get(value.task_id)?.task.name ?? value.task_id}`,
					),
					detail: plainLabel(value.why),
				})),
				{ title: l10n.t('Answer Question'), placeHolder: l10n.t('Which question?') },
			);
}

async function answer(parts: QuestionCommandParts, argument: unknown): Promise<void> {
	parts.performer.assertReady();
	const question = await chooseQuestion(parts, argument);
	const choice =
		question === undefined
			? undefined
			: await pickOne(
					answerChoices(question).map((value) => ({ value, label: value.title, detail: value.detail })),
					{
						title: plainLabel(l10n.t('{0} asks: {1}', question.agent_id, question.title), 120),
						placeHolder: plainLabel(question.why, 120),
					},
				);
	if (question !== undefined && choice !== undefined) {
		await giveAnswer(parts, question.question_id, choice);
	}
}

/** Opens the file, or a new one with its path, which is saved where it belongs. */
async function openRules({ session }: QuestionCommandParts): Promise<void> {
	const file = Uri.joinPath(Uri.file(session.require().folder), policyPath);
	const isThere = await editorWorkspace.fs.stat(file).then(
		() => true,
		() => false,
	);
	await window.showTextDocument(isThere ? file : file.with({ scheme: 'untitled' }));
}

export function createQuestionCommands(parts: QuestionCommandParts): CommandHandlers {
	return {
		'dreamos.question.answer': (argument) => answer(parts, argument),
		'dreamos.policy.open': () => openRules(parts),
	};
}
