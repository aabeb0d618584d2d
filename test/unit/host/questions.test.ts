// Checks that a question of an agent goes to the person and back through the ledger, and that only its run waits. The agent is the
// scripted one, the answer comes from another program that has opened the folder.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import { nullLogger } from '../../../src/base/log.ts';
import type { Agent } from '../../../src/core/agent/agent.ts';
import { policyPath, runtimePaths } from '../../../src/core/paths.ts';
import type { Question } from '../../../src/core/question/question.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script, Step } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

const ann = { kind: 'cli', id: 'ann' } as const;

function agent(id: string, script: Script): Agent {
	const { command, env } = scripted(script);
	return buildAgent(id, {
		driver: 'acp',
		capabilities: [id],
		command: [...(command ?? [])],
		env: { ...env },
	});
}

const asking = (more: Partial<Extract<Step, { do: 'ask' }>> = {}): Step => ({
	do: 'ask',
	title: 'npm test',
	kind: 'execute',
	allowed: [{ do: 'write', path: 'allowed.txt', content: 'yes\n' }],
	denied: [{ do: 'write', path: 'denied.txt', content: 'no\n' }],
	...more,
});

describe('Questions of agents', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let window: OpenWorkspace;
	afterEach(async () => {
		await window.close();
		await swarm.dispose();
	});

	const begin = async (rules: string, ...agents: Agent[]) => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n', '.dreamos/policies.yaml': rules },
			{ agents: [] },
		);
		window = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		await window.dream.perform('workspace.initialize', {}, ann);
		writeFileSync(join(swarm.folder, runtimePaths.agents), JSON.stringify(agents));
		await window.flushBoards();
		for (const { id } of agents) {
			await swarm.add(id.replace('Agent', 'T'), [], { assigned_agent: id });
		}
		await swarm.tell(true);
		return swarm.lead();
	};
	const open = async () => (await window.dream.perform('question.list', {}, ann)) as readonly Question[];
	const asked = async (count = 1): Promise<readonly Question[]> => {
		await swarm.until(async () => (await open()).length === count, `${count} questions are open`);
		return open();
	};
	const answer = (id: string | undefined, given: 'allow' | 'deny', remember = false) =>
		window.dream.perform('question.answer', { question_id: id, answer: given, remember }, ann) as Promise<{
			question: Question;
			problem: string | null;
		}>;
	const events = async (type: string) => (await swarm.events()).filter((event) => event.type === type);
	const log = async (taskId: string) => {
		const [run] = await swarm.runs(taskId);
		return swarm.shown(run?.log_file ?? 'none') ?? '';
	};
	const askAlways = 'rules:\n  - decision: ask\n    kind: execute\n    reason: Commands are looked at.\n';

	it('are answered by a person, once, and the agent is told by the kind of the option', async () => {
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }));
		const [question] = await asked();
		assert.equal(question?.title, 'npm test');
		assert.match(question?.why ?? '', /policies\.yaml, line 2: Commands are looked at\./u);
		assert.match(
			((await window.dream.perform('task.why', { task_id: 'T-1' }, ann)) as { why: string }).why,
			/waits for a person: Agent-1 asks \(question-/u,
		);
		await answer(question?.question_id, 'allow');
		await assert.rejects(answer(question?.question_id, 'deny'), (error) => {
			assert.ok(isDreamError(error, 'question.answered'));
			assert.match(error.message, /cli:ann chose allow/u);
			return true;
		});
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.deepEqual([swarm.shown('allowed.txt'), swarm.shown('denied.txt')], ['yes\n', undefined]);
		const [answered] = await events('question.answered');
		assert.equal(answered?.actor, 'cli:ann');
		assert.deepEqual(answered?.data, {
			question: question?.question_id,
			answer: 'allow',
			remembered: false,
			option: 'allow_once',
		});
		assert.match(await log('T-1'), /Allowed: npm test \(cli:ann chose allow\)/u);
		await host.stop();
	});

	it('that are denied reach the agent as a rejection', async () => {
		const host = await begin(
			askAlways,
			agent('Agent-1', { turn: [asking({ options: ['allow_always', 'reject_once', 'allow_once'] })] }),
		);
		const [question] = await asked();
		assert.equal((await answer(question?.question_id, 'deny')).question.option_kind, 'reject_once');
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.deepEqual([swarm.shown('allowed.txt'), swarm.shown('denied.txt')], [undefined, 'no\n']);
		await host.stop();
	});

	it('block their own run only, and take no place in the swarm', async () => {
		const busy = agent('Agent-2', { turn: [{ do: 'write', path: 'b.txt', content: 'b\n' }] });
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }), busy);
		swarm.settings = { ...swarm.settings, 'swarm.maxConcurrentRuns': 1 };
		await swarm.statusIs('T-2', 'COMPLETED');
		const [question] = await asked();
		await swarm.add('T-3', [], { assigned_agent: 'Agent-2' });
		await swarm.statusIs('T-3', 'COMPLETED');
		assert.equal((await swarm.task('T-1')).status, 'IN_PROGRESS');
		await answer(question?.question_id, 'allow');
		await swarm.statusIs('T-1', 'COMPLETED');
		await host.stop();
	});

	it('are not stopped by the time an agent may work, which stands still meanwhile', async () => {
		const waiting = { ...agent('Agent-1', { turn: [asking()] }), limits: { turn_timeout_seconds: 10 } };
		const host = await begin(askAlways, waiting);
		const [question] = await asked();
		await new Promise((resolve) => setTimeout(resolve, 11_000));
		assert.equal((await open()).length, 1);
		await answer(question?.question_id, 'allow');
		await swarm.statusIs('T-1', 'COMPLETED');
		await host.stop();
	});

	it('remembered become a rule on top of the file, which also answers who asked the same', async () => {
		const same = [asking({ title: 'npm test' }), asking({ title: 'npm test', allowed: [], denied: [] })];
		const host = await begin(
			askAlways,
			agent('Agent-1', { turn: same }),
			agent('Agent-2', { turn: [asking({ allowed: [] })] }),
		);
		const [first] = await asked(2);
		await answer(first?.question_id, 'allow', true);
		await swarm.statusIs('T-1', 'COMPLETED');
		await swarm.statusIs('T-2', 'COMPLETED');
		const text = readFileSync(join(swarm.folder, policyPath), 'utf8');
		assert.match(
			text,
			/rules:\n {2}# cli:ann said allow on .*\n {2}- decision: allow\n {4}kind: execute\n {4}command: npm test\n {2}- decision: ask/u,
		);
		const answered = await events('question.answered');
		// The second question of the first agent may come up before the rule is written, and is then answered by it too.
		assert.ok(answered.length >= 2);
		assert.ok(answered.every(({ data }) => data?.['answer'] === 'allow'));
		assert.ok(
			answered.some(({ message }) => /line 3: allowed/u.test(message)),
			JSON.stringify(answered),
		);
		assert.equal((await events('policy.changed')).length, 1);
		await host.stop();
	});

	it('are closed when their run is cancelled, and cannot be answered any more', async () => {
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }));
		const [question] = await asked();
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, { taskId: 'T-1', move: 'cancel', reason: 'not needed' }),
		);
		assert.equal((await open()).length, 0);
		await assert.rejects(answer(question?.question_id, 'allow'), (error) => isDreamError(error, 'question.closed'));
		const [closed] = await events('question.closed');
		assert.match(closed?.message ?? '', /the run is cancelled/u);
		await swarm.until(async () => /Cancelled: npm test/u.test(await log('T-1')), 'the agent is told');
		await host.stop();
	});

	it('that the agent takes back are closed, and its run goes on', async () => {
		const turn = [asking({ takenBackWhen: 'stop' }), { do: 'write', path: 'after.txt', content: 'on\n' } as const];
		const host = await begin(askAlways, agent('Agent-1', { turn }));
		const [question] = await asked();
		const [run] = await swarm.runs('T-1');
		writeFileSync(join(run?.worktree ?? '', 'stop'), '');
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.equal(swarm.shown('after.txt'), 'on\n');
		const closed = await window.ledger()?.read((reader) => reader.question(question?.question_id ?? ''));
		assert.deepEqual([closed?.state, closed?.answer], ['closed', null]);
		assert.match(await log('T-1'), /Cancelled: npm test/u);
		await host.stop();
	});

	it('of a host that was killed are closed by the next one', async () => {
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }));
		await host.stop();
		const child = swarm.spawnHost();
		const [question] = await asked();
		child.child.kill('SIGKILL');
		await child.exited;
		assert.equal((await open()).length, 1);
		// The lease of the dead runs out, or is seen to be a dead one's.
		await swarm.lead();
		const state = async () =>
			(await window.ledger()?.read((reader) => reader.question(question?.question_id ?? '')))?.state;
		await swarm.until(async () => (await state()) === 'closed', 'the question is closed');
	});

	it('are closed with the host, and the task goes back to its queue', async () => {
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }));
		await asked();
		await host.stop();
		assert.equal((await open()).length, 0);
		assert.equal((await swarm.task('T-1')).status, 'READY');
	});

	it('do not arise outside the worktree, nor where a rule decides', async () => {
		const rules = `${askAlways}  - decision: deny\n    path: .env\n  - decision: allow\n    kind: edit\n`;
		const outside = asking({
			kind: 'edit',
			title: 'hosts',
			paths: ['/etc/hosts'],
			denied: [{ do: 'write', path: 'o.txt', content: '' }],
		});
		const secret = asking({
			kind: 'read',
			title: 'env',
			paths: ['.env'],
			denied: [{ do: 'write', path: 's.txt', content: '' }],
		});
		const edit = asking({ kind: 'edit', title: 'edit', paths: ['a.txt'] });
		const host = await begin(rules, agent('Agent-1', { turn: [outside, secret, edit] }));
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.deepEqual(
			['o.txt', 's.txt', 'allowed.txt', 'denied.txt'].map((file) => swarm.shown(file) !== undefined),
			[true, true, true, false],
		);
		assert.equal((await events('question.asked')).length, 0);
		assert.match(await log('T-1'), /Rejected: env \(\.dreamos\/policies\.yaml, line 5\)/u);
		await host.stop();
	});

	it('hold for files and commands we do ourselves; what was just allowed is not asked twice', async () => {
		const rules = `rules:\n  - decision: deny\n    path: .env\n  - decision: ask\n    kind: [execute, edit]\n`;
		const turn: Step[] = [
			{ do: 'clientRead', path: '.env' },
			asking({ title: 'echo hi', allowed: [{ do: 'terminal', command: '/bin/bash', args: ['-c', 'echo hi'] }] }),
			{ do: 'clientWrite', path: 'b.txt', content: 'b\n' },
		];
		const host = await begin(rules, agent('Agent-1', { turn }));
		const [command] = await asked();
		assert.equal(command?.title, 'echo hi');
		await answer(command?.question_id, 'allow');
		await swarm.until(async () => (await open())[0]?.title === 'Write b.txt', 'the write is asked about');
		await answer((await open())[0]?.question_id, 'allow');
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.equal(swarm.shown('b.txt'), 'b\n');
		assert.match(await log('T-1'), /clientRead: error .*line 2/u);
		assert.match(await log('T-1'), /terminal: hi \(exit 0\)/u);
		assert.equal((await events('question.asked')).length, 2);
		await host.stop();
	});

	it('show and keep no key the agent says aloud, and do not become a rule with one', async () => {
		const key = 'sk-0123456789';
		const telling = agent('Agent-1', { turn: [asking({ title: `curl -H "${key}" x.test` })] });
		const host = await begin(askAlways, { ...telling, env: { ...telling.env, PROBE_API_KEY: key } });
		const [question] = await asked();
		assert.equal(question?.title, 'curl -H "[secret]" x.test');
		await assert.rejects(answer(question?.question_id, 'allow', true), (error) =>
			isDreamError(error, 'question.notARule'),
		);
		await answer(question?.question_id, 'allow');
		await swarm.statusIs('T-1', 'COMPLETED');
		const kept = await window.ledger()?.read((reader) => reader.question(question?.question_id ?? ''));
		const told = (await swarm.events()).filter(({ task_id }) => task_id === 'T-1');
		assert.doesNotMatch(JSON.stringify([kept, told]) + (await log('T-1')), new RegExp(key, 'u'));
		await host.stop();
	});

	it('with nothing but "always" to choose need the word "always"', async () => {
		const host = await begin(
			askAlways,
			agent('Agent-1', { turn: [asking({ options: ['allow_always', 'reject_once'] })] }),
		);
		const [question] = await asked();
		await assert.rejects(answer(question?.question_id, 'allow'), (error) =>
			isDreamError(error, 'question.onlyAlways'),
		);
		assert.equal((await answer(question?.question_id, 'allow', true)).question.option_kind, 'allow_always');
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.equal(swarm.shown('allowed.txt'), 'yes\n');
		await host.stop();
	});

	it('are for people: an agent that answers is refused', async () => {
		const host = await begin(askAlways, agent('Agent-1', { turn: [asking()] }));
		const [question] = await asked();
		await assert.rejects(
			window.dream.perform(
				'question.answer',
				{ question_id: question?.question_id, answer: 'allow' },
				{ kind: 'agent', id: 'Agent-1' },
			),
			(error) => isDreamError(error, 'action.forbidden'),
		);
		await host.stop();
	});

	it('come up when the rules cannot be read, and remembering then says what stands in the way', async () => {
		const host = await begin(
			'rules:\n  - decision: deny\n   path: x\n',
			agent('Agent-1', { turn: [asking({ kind: 'edit', title: 'a', paths: ['a.txt'] })] }),
		);
		const [question] = await asked();
		assert.match(question?.why ?? '', /cannot be relied on \(line 3/u);
		const { problem } = await answer(question?.question_id, 'allow', true);
		assert.match(problem ?? '', /The answer counts, but was not remembered/u);
		await swarm.statusIs('T-1', 'COMPLETED');
		await host.stop();
	});

	it('no change of an agent lands in the folder of the rules', async () => {
		const turn: Step[] = [
			{ do: 'write', path: '.dreamos/policies.yaml', content: 'rules: []\n' },
			{ do: 'write', path: '.dreamos/other.yaml', content: 'x\n' },
			{ do: 'write', path: 'b.txt', content: 'b\n' },
		];
		const host = await begin(askAlways, agent('Agent-1', { turn }));
		await swarm.statusIs('T-1', 'COMPLETED');
		assert.equal(swarm.shown('b.txt'), 'b\n');
		assert.equal(swarm.shown(policyPath), askAlways);
		assert.equal(swarm.shown('.dreamos/other.yaml'), undefined);
		await host.stop();
	});
});

/** Rules written while a question is open answer it, too. */
describe('Rules that change', () => {
	const folders = useTemporaryFolders();

	it('answer a question that is open', async () => {
		const swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [agent('Agent-1', { turn: [asking()] })] },
		);
		try {
			swarm.settings = { ...swarm.settings, 'agents.permissions': 'ask' };
			await swarm.add('T-1', []);
			await swarm.tell(true);
			const host = await swarm.lead();
			await swarm.until(
				async () => (await swarm.ledger.read((reader) => reader.questions({ state: 'open' }))).length === 1,
				'the question is open',
			);
			mkdirSync(join(swarm.folder, '.dreamos'));
			writeFileSync(join(swarm.folder, policyPath), 'rules:\n  - decision: deny\n    command: npm *\n');
			await swarm.statusIs('T-1', 'COMPLETED');
			assert.equal(swarm.shown('denied.txt'), 'no\n');
			await host.stop();
		} finally {
			await swarm.dispose();
		}
	});
});
