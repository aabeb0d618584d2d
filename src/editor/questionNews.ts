// Owns putting questions of agents to the person as they come, each once. Many at a time become one message: the tree has them all.

import type { Disposable } from 'vscode';
import { commands } from 'vscode';
import { countOf } from '../base/words.ts';
import type { Question } from '../core/question/question.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { giveAnswer } from './commands/questionCommands.ts';
import { answerChoices, questionLine } from './commands/questionChoices.ts';
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
	private isDigestOpen = false;

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
		return this.notifier.request(
			questionLine(question, taskName),
			choices.map((choice) => ({
				title: choice.title,
				run: () =>
					giveAnswer(
						{ performer: this.performer, notifier: this.notifier },
						question.question_id,
						choice,
					).catch((error: unknown) => this.notifier.refuse('Answer Question', error)),
			})),
		);
	}

	private tellCount(count: number): void {
		if (!this.isDigestOpen) {
			this.isDigestOpen = true;
			const answer = { title: 'Answer Question', run: () => commands.executeCommand('dreamos.question.answer') };
			void this.notifier
				.request(`${countOf(count, 'question of an agent waits', 'questions of agents wait')} for you.`, [
					answer,
				])
				.finally(() => {
					this.isDigestOpen = false;
				});
		}
	}
}
