// Owns putting questions of agents to the person as they come, each once. Many at a time become one message: the tree has them all.

import type { Disposable } from 'vscode';
import { commands, l10n } from 'vscode';
import type { Question } from '../core/question/question.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { giveAnswer } from './commands/questionCommands.ts';
import { answerChoices, questionLine } from './commands/questionChoices.ts';
import { seenMilliseconds } from './heldNews.ts';
import type { Notifier } from './notify.ts';
import type { Performer } from './performer.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Questions that stand on the screen at the same time. */
const mostMessages = 3;

export class QuestionNews implements Disposable {
	private readonly performer: Performer;
	private readonly notifier: Notifier;
	private readonly subscription: Disposable;
	private readonly seen = new Set<string>();
	private messages = 0;
	private digestAt: number | undefined;

	constructor(session: WorkspaceSession, performer: Performer, notifier: Notifier) {
		this.performer = performer;
		this.notifier = notifier;
		this.subscription = session.onDidChangeSnapshot((snapshot) => this.look(snapshot));
	}

	dispose(): void {
		this.subscription.dispose();
	}

	private look({ questions, tasks }: SwarmSnapshot): void {
		for (const question of questions) {
			if (this.seen.has(question.question_id)) {
				continue;
			}
			this.seen.add(question.question_id);
			if (this.messages < mostMessages) {
				this.messages += 1;
				void this.put(question, tasks.get(question.task_id)?.task.name).finally(() => {
					this.messages -= 1;
				});
			} else {
				this.tellCount(questions.length);
			}
		}
	}

	private put(question: Question, taskName: string | undefined): Promise<void> {
		const choices = answerChoices(question).filter(({ answer, remember }) => answer === 'allow' || !remember);
		return this.notifier.tell(
			['question'],
			questionLine(question, taskName),
			choices.map((choice) => ({
				title: choice.title,
				run: () =>
					giveAnswer(
						{ performer: this.performer, notifier: this.notifier },
						question.question_id,
						choice,
					).catch((error: unknown) => this.notifier.refuse(l10n.t('Answer Question'), error)),
			})),
		);
	}

	private tellCount(count: number): void {
		const now = performance.now();
		// One that is not answered goes from the screen by itself, without saying so.
		if (this.digestAt !== undefined && now - this.digestAt < seenMilliseconds) {
			return;
		}
		this.digestAt = now;
		const answer = {
			title: l10n.t('Answer Question'),
			run: () => commands.executeCommand('dreamos.question.answer'),
		};
		const text =
			count === 1
				? l10n.t('1 question of an agent waits for you.')
				: l10n.t('{0} questions of agents wait for you.', count);
		void this.notifier.tell(['question'], text, [answer]);
	}
}
