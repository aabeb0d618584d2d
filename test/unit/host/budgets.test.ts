// Checks what a host does about what its agents use: it writes down every turn, and shows it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readUsage } from '../../../src/core/budget/usage.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

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
