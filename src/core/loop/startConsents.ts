// Owns the questions about starts while a host leads: asks for tasks whose turn it is, a few at a time, and takes back what needs no
// answer any more.

import { countOf } from '../../base/words.ts';
import type { Logger } from '../../base/log.ts';
import { closeQuestion } from '../question/decideQuestion.ts';
import type { Question } from '../question/question.ts';
import { askToStart, readStartQuestions } from '../question/startConsent.ts';
import type { Settings } from '../settings.ts';
import type { PlainTask } from '../task/plainTask.ts';
import type { HostLedger } from './hostLedger.ts';
import type { Start } from './schedule.ts';
import type { RiskFacts } from './startRisk.ts';
import { whyAsked } from './startRisk.ts';

export class StartConsents {
	private readonly parts: { readonly ledger: Pick<HostLedger, 'read' | 'write'>; readonly log: Logger };

	constructor(parts: { readonly ledger: Pick<HostLedger, 'read' | 'write'>; readonly log: Logger }) {
		this.parts = parts;
	}

	/** `wanted` would begin now, were it not for a person's yes. */
	async keep(
		open: readonly Question[],
		wanted: readonly Start[],
		facts: RiskFacts & { readonly tasks: readonly PlainTask[]; readonly settings: Settings },
	): Promise<void> {
		const { settings } = facts;
		const over = open.length === 0 ? [] : this.needless(open, facts);
		const asked = new Set(open.map(({ task_id }) => task_id));
		const room = settings['swarm.maxConcurrentRuns'] - (open.length - over.length);
		const news = wanted.filter(({ task }) => !asked.has(task.task.task_id)).slice(0, Math.max(0, room));
		if (over.length + news.length === 0) {
			return;
		}
		await this.parts.ledger.write(async (transaction) => {
			for (const [question, why] of over) {
				await closeQuestion(transaction, question, why);
			}
			for (const { task, agent, reason } of news) {
				await askToStart(transaction, { task: task.task, agentId: agent.id, why: reason });
			}
		});
		if (news.length > 0) {
			this.parts.log.info(`${countOf(news.length, 'start waits', 'starts wait')} for a person's yes.`);
		}
	}

	/** Nobody is to answer what a swarm that stops asked. */
	async close(): Promise<void> {
		const { ledger } = this.parts;
		if ((await ledger.read(readStartQuestions)).length === 0) {
			return;
		}
		await ledger.write(async (transaction) => {
			for (const question of await readStartQuestions(transaction)) {
				await closeQuestion(transaction, question, 'the swarm stops');
			}
		});
	}

	private needless(
		open: readonly Question[],
		facts: RiskFacts & { readonly tasks: readonly PlainTask[] },
	): [Question, string][] {
		const byId = new Map(facts.tasks.map(({ task }) => [task.task_id, task]));
		return open.flatMap((question): [Question, string][] => {
			const task = byId.get(question.task_id);
			if (task?.status !== 'READY' || question.request['attempt'] !== task.attempts + 1) {
				return [[question, `the task is ${task?.status ?? 'gone'}`]];
			}
			return whyAsked(facts, task) === undefined ? [[question, 'nobody has to be asked any more']] : [];
		});
	}
}
