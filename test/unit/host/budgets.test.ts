// Checks what a host does about what its agents use: it writes down every turn, stops what
// has used its budget or burns it for nothing, and lets it go on when there is more.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readUsage } from '../../../src/core/budget/usage.ts';
import { PolicyFile } from '../../../src/core/policy/policyFile.ts';
import { queueMessage, waitingMessages } from '../../../src/core/run/runMessages.ts';
import { createDrivers } from '../../../src/drivers/drivers.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { explainWaiting } from '../../../src/workspace/explainWaiting.ts';
import { realDriverPorts, scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { dreamOver } from '../../support/temporaryLedger.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('what agents use', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let file: string;
	const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
	beforeEach(async () => {
		file = join(folders.make(), 'script.json');
		const agent = buildAgent('Tester', { driver: 'acp', command: [...(scripted({}).command ?? []), file] });
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
	});
	afterEach(() => swarm.dispose());
	const used = (taskId: string) => swarm.ledger.read((reader) => readUsage(reader, { task_id: taskId }));

	const why = async (taskId: string) =>
		(await explainWaiting(
			{
				ledger: swarm.ledger,
				settings: swarm.settings,
				drivers: createDrivers(realDriverPorts()),
				policy: new PolicyFile(nodeFileSystem, swarm.folder),
			},
			taskId,
		)) ?? '';

	it('is written down turn by turn as the agent reports it, and is told with the result of its task', async () => {
		follow({
			turn: [
				{ do: 'usage', used: 500, size: 1000, cost: 0.25 },
				{ do: 'write', path: 'b.txt', content: 'b\n' },
				{ do: 'say', text: 'Done.' },
			],
			promptAnswer: { usage: { totalTokens: 1300, inputTokens: 900, outputTokens: 100, cachedReadTokens: 300 } },
		});
		await swarm.add('A', [], { params: {} });
		await swarm.workUntilIdle();
		const { turns, usage } = await used('A');
		const [run] = await swarm.runs('A');
		assert.equal(run?.state, 'completed');
		assert.deepEqual(
			turns.map((turn) => [
				turn.run_id,
				turn.agent_id,
				turn.input_tokens,
				turn.output_tokens,
				turn.cached_tokens,
			]),
			[[run.run_id, 'Tester', 900, 100, 300]],
		);
		assert.deepEqual([usage.costs, usage.is_estimated], [{ USD: 0.25 }, false]);
		const { result } = await swarm.task('A');
		assert.deepEqual(
			[result?.tokens, result?.cost],
			[
				{ input: 900, output: 100 },
				{ amount: 0.25, currency: 'USD' },
			],
		);
		const told = (await swarm.events('A')).filter(({ type }) => type === 'run.used');
		assert.deepEqual(
			told.map(({ agent_id: agent, message }) => [agent, message.replace(/\d+ s on/u, '… on')]),
			[['Tester', 'Tester used 1 turn, 1,000 tokens and 300 from the cache, 0.25 USD, … on A']],
		);
	});

	it('is estimated and marked where the agent reports nothing, also for a turn that broke off', async () => {
		follow({
			turn: [
				{ do: 'say', text: 'I begin.\n' },
				{ do: 'exit', code: 3 },
			],
		});
		await swarm.add('A', [], { params: {}, max_attempts: 1 });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('A', 'FAILED');
		await host.stop();
		const { turns } = await used('A');
		assert.equal(turns.length, 1);
		const [turn] = turns;
		assert.ok(turn !== undefined);
		assert.ok(turn.is_estimated && turn.input_tokens > 50, 'the prompt is longer than a line');
		assert.ok(turn.output_tokens > 0);
	});

	it('stops a run in its turn when the budget of its task is used up, with a checkpoint, and it goes on when there is more', async () => {
		swarm.settings = { ...swarm.settings, 'budgets.task': { money: 1 } };
		follow({
			resume: 'load',
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'usage', used: 500, size: 1000, cost: 0.9 },
				{ do: 'say', text: 'half\n' },
				{ do: 'usage', used: 600, size: 1000, cost: 1.5 },
				{ do: 'hang' },
			],
			turnAfterResume: [
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				{ do: 'say', text: 'The rest is done.' },
			],
		});
		await swarm.add('A', [], { params: {}, max_attempts: 1, validation: { commands: ['cat half.txt rest.txt'] } });
		await swarm.tell(true);
		const host = await swarm.lead();
		const held = await swarm.statusIs('A', 'BLOCKED');
		assert.deepEqual(held.block_reason, {
			kind: 'budget',
			text: 'needs budget: task A has used 1.5 of 1 USD (dreamos.budgets.task)',
		});
		const [first] = await swarm.runs('A');
		assert.ok(first !== undefined);
		const references = await swarm.git.listReferences(`refs/dreamos/checkpoints/${first.run_id}`);
		assert.equal(references.length, 1, 'a checkpoint of the turn that was cut');
		await swarm.until(
			async () => (await swarm.events('A')).some(({ type }) => type === 'budget.spent'),
			'it is told',
		);

		swarm.settings = { ...swarm.settings, 'budgets.task': { money: 5 } };
		const task = await swarm.statusIs('A', 'COMPLETED');
		await host.stop();
		assert.equal(task.result?.summary, 'The rest is done.');
		const [stopped, second] = await swarm.runs('A');
		assert.deepEqual([stopped?.state, second?.state], ['blocked', 'completed']);
		assert.equal(second?.session?.session_id, first.session?.session_id, 'in its own session');
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('rest.txt')], ['half\n', 'rest\n']);
	});

	it('stops a run at the budget its task has of its own, which goes on when somebody raises it; an agent may not', async () => {
		swarm.settings = { ...swarm.settings, 'budgets.task': { money: 50 } };
		follow({
			resume: 'load',
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'usage', used: 500, size: 1000, cost: 1.5 },
				{ do: 'hang' },
			],
			turnAfterResume: [{ do: 'say', text: 'The rest is done.' }],
		});
		await swarm.add('A', [], { params: {}, budget: { money: 1 } });
		await swarm.tell(true);
		const host = await swarm.lead();
		const held = await swarm.statusIs('A', 'BLOCKED');
		assert.equal(held.block_reason?.text, 'needs budget: task A has used 1.5 of 1 USD (budget.money of the task)');
		const dream = dreamOver(swarm.ledger, swarm.folder);
		const raise = { task_id: 'A', budget: { money: 9 } };
		await assert.rejects(dream.perform('task.edit', raise, { kind: 'agent', id: 'Tester' }), /for people to set/u);
		await dream.perform('task.edit', raise, person);
		const task = await swarm.statusIs('A', 'COMPLETED');
		await host.stop();
		assert.deepEqual([task.result?.summary, swarm.shown('half.txt')], ['The rest is done.', 'half\n']);
	});

	it('gives an agent nothing more than its own entry allows', async () => {
		const [agent] = await swarm.ledger.read((reader) => reader.agents());
		assert.ok(agent !== undefined);
		await swarm.dispose();
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [{ ...agent, budget: { window: { hours: 24, turns: 1 } } }] },
		);
		follow({
			turn: [
				{ do: 'write', path: 'b.txt', content: 'b\n' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.add('A', [], { params: {} });
		await swarm.add('B', [], { params: {} });
		await swarm.workUntilIdle();
		const tasks = [await swarm.task('A'), await swarm.task('B')];
		const waiting = tasks.find(({ status }) => status === 'READY')?.task_id ?? '';
		assert.deepEqual(tasks.map(({ status }) => status).toSorted(), ['COMPLETED', 'READY']);
		assert.match(await why(waiting), /budget\.window\.turns of Tester in runtime\/agents\.json/u);
	});

	it('lets nothing begin once the swarm has used its budget, says so, and goes on when there is more', async () => {
		swarm.settings = { ...swarm.settings, 'budgets.swarm': { turns: 1 } };
		follow({
			turn: [
				{ do: 'write', path: 'b.txt', content: 'b\n' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.add('A', [], { params: {} });
		await swarm.add('B', [], { params: {} });
		await swarm.workUntilIdle();
		const tasks = [await swarm.task('A'), await swarm.task('B')];
		assert.deepEqual(tasks.map(({ status }) => status).toSorted(), ['COMPLETED', 'READY'], 'checked at the claim');
		const waiting = tasks.find(({ status }) => status === 'READY')?.task_id ?? '';
		assert.match(await why(waiting), /needs budget: the swarm has used 1 of 1 turns \(dreamos\.budgets\.swarm\)/u);
		assert.equal((await swarm.runs(waiting)).length, 0);
		const told = (await swarm.events()).filter(({ type }) => type === 'budget.spent');
		assert.equal(told.length, 1, 'told once');

		swarm.settings = { ...swarm.settings, 'budgets.swarm': { turns: 10 } };
		await swarm.workUntilIdle();
		assert.equal((await swarm.task(waiting)).status, 'COMPLETED', 'it goes on when there is more');
	});

	it('stops a run that goes on and on without changing a file, with the figures as its reason', async () => {
		swarm.settings = { ...swarm.settings, 'budgets.unchangedTurns': 2 };
		const nothing = [{ do: 'say', text: 'Hm.\n' }, { do: 'hang' }] as const;
		follow({ turn: nothing, laterTurns: nothing });
		await swarm.add('A', [], { params: {}, max_attempts: 1 });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(async () => (await swarm.runs('A'))[0]?.state === 'working', 'it works');
		const isOver = async () => (await swarm.task('A')).status === 'FAILED';
		// Each message cuts a turn short; one that comes before the first turn is a part of that.
		for (let count = 1; count <= 6 && !(await isOver()); count += 1) {
			await swarm.ledger.write(person, async (transaction) => {
				const [run] = await transaction.runs({ task_id: 'A' });
				assert.ok(run !== undefined);
				await queueMessage(transaction, run, { text: `Look again, ${count}.`, now: true });
			});
			await swarm.until(
				async () =>
					(await isOver()) ||
					(await swarm.ledger.read((reader) => waitingMessages(reader, 'A'))).length === 0,
				'it is told, or stopped',
			);
		}
		await host.stop();
		const [run] = await swarm.runs('A');
		assert.match(run?.reason ?? '', /^2 turns with \d+ tokens changed no file of its worktree \(dreamos\./u);
		const closed = (await swarm.events('A')).find(({ type }) => type === 'run.closed');
		assert.equal(closed?.data?.['code'], 'budget.noProgress');
	});

	it('stops a run within its one long turn that burns tokens and changes no file', async () => {
		swarm.settings = { ...swarm.settings, 'budgets.unchangedTokens': 1000 };
		follow({
			turn: [{ do: 'usage', used: 5000, size: 100_000 }, { do: 'say', text: 'Hm.\n' }, { do: 'hang' }],
		});
		await swarm.add('A', [], { params: {}, max_attempts: 1 });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('A', 'FAILED');
		const [run] = await swarm.runs('A');
		assert.match(run?.reason ?? '', /^a turn with 5,\d\d\d tokens changed no file of its worktree \(dreamos\./u);
		const references = await swarm.git.listReferences(`refs/dreamos/checkpoints/${run?.run_id ?? ''}`);
		assert.equal(references.length, 1, 'a checkpoint of the turn that was cut');
		await host.stop();
	});

	it('is nothing where no model works', async () => {
		await swarm.dispose();
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		await swarm.add('A', ['echo b > b.txt']);
		await swarm.workUntilIdle();
		const { turns } = await used('A');
		assert.deepEqual(turns, []);
		assert.equal((await swarm.task('A')).result?.tokens, undefined);
	});
});
