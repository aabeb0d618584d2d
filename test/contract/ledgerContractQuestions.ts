// Owns the part of the ledger contract about questions: one answer each, whoever gives it, and none left open by a run that is over.

import assert from 'node:assert/strict';
import { isDreamError } from '../../src/base/errors.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { answerQuestion, askQuestion } from '../../src/core/question/decideQuestion.ts';
import type { Run } from '../../src/core/run/run.ts';
import { advanceTask, claimTask } from '../../src/core/task/advanceTask.ts';
import { ann, buildTask, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const request = {
	agent: 'Agent-3',
	title: 'npm test',
	kinds: ['execute'],
	paths: [],
	commands: ['npm test'],
	isComplete: true,
	offered: ['allow_once', 'reject_once'],
	isServed: false,
} as const;

/** A run of task `a` that asks under this id. */
async function ask(ledger: Ledger, questionId: string): Promise<Run> {
	return ledger.write(ann, async (transaction) => {
		await insertTasks(transaction, buildTask('a'));
		const { run } = await claimTask(transaction, {
			taskId: 'a',
			worker: 'Agent-3',
			driver: 'acp',
			hostId: 'host-1',
			now: 1,
		});
		await askQuestion(transaction, run, { questionId, request, why: 'line 2' });
		return run;
	});
}

export function questionContract(makeStore: MakeLedgerStore): void {
	describe('questions', () => {
		it('come back exactly as they were asked, and are found by state and run', async () => {
			const ledger = await makeStore().open();
			const run = await ask(ledger, 'question-1');
			const question = await ledger.read((reader) => reader.question('question-1'));
			assert.deepEqual(question?.request, request);
			assert.deepEqual([question?.state, question?.answer, question?.is_remembered], ['open', null, false]);
			const found = (filter: object) => ledger.read(async (reader) => (await reader.questions(filter)).length);
			assert.deepEqual(
				[
					await found({}),
					await found({ state: 'open' }),
					await found({ state: 'closed' }),
					await found({ run_id: run.run_id }),
					await found({ run_id: 'other' }),
				],
				[1, 1, 0, 1, 0],
			);
			assert.equal(await ledger.read((reader) => reader.question('nothing')), undefined);
		});

		it('show what would be done, whatever the agent calls it', async () => {
			const ledger = await makeStore().open();
			const run = await ask(ledger, 'question-1');
			await ledger.write(ann, async (transaction) => {
				const asked = (questionId: string, more: object) =>
					askQuestion(transaction, run, { questionId, request: { ...request, ...more }, why: '' });
				await asked('question-2', { title: 'Run the tests', commands: ['rm -rf .'] });
				const path = { named: 'x', place: 'inside', names: ['src/x'] } as const;
				await asked('question-3', { title: 'Look', kinds: ['edit'], commands: [], paths: [path] });
				await asked('question-4', { title: 'Long', commands: ['x'.repeat(1_000_000)] });
			});
			const questions = await ledger.read((reader) => reader.questions());
			assert.deepEqual(
				questions.slice(0, 3).map(({ title }) => title),
				['npm test', 'Run the tests: rm -rf .', 'Look: src/x'],
			);
			assert.ok(JSON.stringify(questions[3]).length < 50_000);
		});

		it('get one answer, whichever of many programs is first', async () => {
			const store = makeStore();
			const ledgers = await Promise.all(Array.from({ length: 4 }, () => store.open()));
			const [first] = ledgers;
			assert.ok(first !== undefined);
			await ask(first, 'question-1');
			const answers = await Promise.allSettled(
				ledgers.map((ledger, index) =>
					ledger.write({ kind: 'human', id: `person-${index}` }, (transaction) =>
						answerQuestion(transaction, 'question-1', {
							answer: index % 2 === 0 ? 'allow' : 'deny',
							isRemembered: false,
						}),
					),
				),
			);
			const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
			assert.equal(given.length, 1);
			for (const answer of answers) {
				if (answer.status === 'rejected') {
					assert.ok(isDreamError(answer.reason, 'question.answered'), String(answer.reason));
					assert.equal(answer.reason.details['decided_by'], given[0]?.decided_by);
				}
			}
			const events = await first.read((reader) => reader.events());
			assert.equal(events.filter(({ type }) => type === 'question.answered').length, 1);
		});

		it('are closed in the transaction that ends their run, and asked by a run that is over never arise', async () => {
			const ledger = await makeStore().open();
			const run = await ask(ledger, 'question-1');
			await ledger.write(ann, (transaction) =>
				advanceTask(transaction, { taskId: 'a', move: 'cancel', reason: 'enough' }),
			);
			const closed = await ledger.read((reader) => reader.question('question-1'));
			assert.deepEqual([closed?.state, closed?.answer, closed?.note], ['closed', null, 'the run is cancelled']);
			await assert.rejects(
				ledger.write(ann, (transaction) =>
					askQuestion(transaction, run, { questionId: 'question-2', request, why: '' }),
				),
				(error) => isDreamError(error, 'run.fenced'),
			);
			assert.equal(await ledger.read((reader) => reader.question('question-2')), undefined);
		});
	});
}
