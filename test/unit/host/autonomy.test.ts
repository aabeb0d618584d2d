// Checks that where the person wants to be asked nothing begins without a yes, that a no blocks the task, and that no question is left
// over. The answers come from another program that has opened the folder, as from a terminal.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import { policyPath } from '../../../src/core/paths.ts';
import type { Question } from '../../../src/core/question/question.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

const ann = { kind: 'cli', id: 'ann' } as const;

describe('Autonomy', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let window: OpenWorkspace;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		window = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		await window.dream.perform('workspace.initialize', {}, ann);
	});
	afterEach(async () => {
		await window.close();
		await swarm.dispose();
	});

	const open = async () => (await window.dream.perform('question.list', {}, ann)) as readonly Question[];
	const answer = (id: string | undefined, given: 'allow' | 'deny', remember = false) =>
		window.dream.perform('question.answer', { question_id: id, answer: given, remember }, ann);
	const status = async (id: string) => (await swarm.ledger.read((reader) => reader.task(id)))?.task.status;
	const asked = async (...ids: string[]) => {
		await swarm.until(
			async () => (await open()).map(({ task_id }) => task_id).join() === ids.join(),
			`is asked about ${ids.join()}`,
		);
		return open();
	};
	const begin = async (autonomy: 'ask' | 'askForRisky') => {
		swarm.settings = { ...swarm.settings, autonomy, 'swarm.maxConcurrentRuns': 2 };
		await swarm.tell(true);
		return swarm.lead();
	};

	it('asks before each start, so many at a time as may run; a yes begins it, a no blocks it', async () => {
		for (const id of ['A', 'B', 'C']) {
			await swarm.add(id, ['true']);
		}
		const host = await begin('ask');
		const [first, second] = await asked('A', 'B');
		assert.equal(first?.title, 'May A begin?');
		assert.equal(first?.why, 'dreamos.autonomy is ask');
		assert.equal(await status('A'), 'READY');
		await assert.rejects(answer(first?.question_id, 'allow', true), { code: 'question.notARule' });
		await answer(second?.question_id, 'deny');
		assert.equal(await status('B'), 'BLOCKED');
		await asked('A', 'C');
		await answer(first?.question_id, 'allow');
		await swarm.until(async () => (await status('A')) === 'COMPLETED', 'A was done');
		assert.equal(await status('C'), 'READY');
		await host.stop();
		assert.deepEqual(await open(), [], 'a swarm that stops takes its questions back');
		assert.deepEqual((await swarm.runs('B')).length + (await swarm.runs('C')).length, 0);
	});

	it('asks for risky tasks only, and takes a question back once the task is not risky any more', async () => {
		const careful = { touches: ['src/a.ts'], validation: { commands: ['true'] } };
		await swarm.add('careful', ['true'], careful);
		await swarm.add('marked', ['true'], { ...careful, touches: ['src/b.ts'], tags: ['Risky'] });
		await swarm.add('wide', ['true'], { ...careful, touches: ['**'] });
		const host = await begin('askForRisky');
		const questions = await asked('marked', 'wide');
		assert.deepEqual(
			questions.map(({ why }) => why),
			['risky: it is tagged risky (dreamos.autonomy)', 'risky: it touches ** (dreamos.autonomy)'],
		);
		await swarm.until(async () => (await status('careful')) === 'COMPLETED', 'what is not risky was done');
		await window.dream.perform('task.edit', { task_id: 'marked', tags: [] }, ann);
		await swarm.until(async () => (await status('marked')) === 'COMPLETED', 'marked was done without an answer');
		await asked('wide');
		await window.dream.perform('task.cancel', { task_id: 'wide' }, ann);
		await asked();
		await host.stop();
	});

	it('asks about steps that a rule does not simply allow', async () => {
		mkdirSync(join(swarm.folder, '.dreamos'));
		writeFileSync(join(swarm.folder, policyPath), 'rules:\n  - decision: ask\n    command: git push *\n');
		const careful = { touches: ['src/a.ts'], validation: { commands: ['true'] } };
		await swarm.add('pushes', ['git push origin main'], careful);
		const host = await begin('askForRisky');
		const [question] = await asked('pushes');
		assert.equal(
			question?.why,
			'risky: .dreamos/policies.yaml, line 2, says ask to its step git push origin main (dreamos.autonomy)',
		);
		writeFileSync(join(swarm.folder, policyPath), 'rules: []\n');
		await asked();
		await host.stop();
	});

	it('keeps a yes that was given while nobody led', async () => {
		await swarm.add('A', ['true']);
		const first = await begin('ask');
		const [question] = await asked('A');
		await first.stop();
		assert.deepEqual(await open(), []);
		const second = await swarm.lead();
		const [again] = await asked('A');
		assert.notEqual(again?.question_id, question?.question_id);
		await answer(again?.question_id, 'allow');
		await swarm.until(async () => (await status('A')) === 'COMPLETED', 'A was done');
		await second.stop();
	});
});
