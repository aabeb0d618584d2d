// Checks that what an agent changes outside of its worktree is found where nothing contains it, that it is told what is certain from what
// is not, and that nothing of such a run lands before a person looked at it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../../src/core/agent/agent.ts';
import { describeStrays } from '../../../src/core/run/runStrays.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Step } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('a swarm that nothing contains', function () {
	this.timeout(90_000);
	this.slow(20_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	const create = async (...ids: readonly string[]) => {
		const agents = ids.map((id): Agent => {
			const { command, env } = scripted({ turn: [{ do: 'followPrompt' }, { do: 'say', text: 'done' }] });
			return buildAgent(id, { driver: 'acp', command: [...(command ?? [])], env: { ...env } });
		});
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n', 'b.txt': 'b\n' }, { agents });
	};
	const add = (name: string, steps: readonly Step[]) =>
		swarm.add(name, [], {
			params: {},
			description: steps.map((step) => `DO ${JSON.stringify(step)}`).join('\n'),
		});
	const shown = (name: string) => join(swarm.folder, name);
	const strays = async (name: string) => (await swarm.runs(name))[0]?.strays ?? [];

	it('puts up for review, with the files, what else would have landed', async () => {
		await create('Agent-1');
		await add('A', [
			{ do: 'write', path: 'own.txt', content: 'own\n' },
			{ do: 'write', path: shown('a.txt'), content: 'not my business\n' },
		]);
		await swarm.workUntilIdle(60_000);
		assert.equal((await swarm.task('A')).status, 'REVIEW', swarm.lines.join('\n'));
		assert.deepEqual(await strays('A'), [{ path: shown('a.txt'), evidence: 'named' }]);
		assert.equal(swarm.shown('own.txt'), undefined);
		const [run] = await swarm.runs('A');
		assert.match(
			run?.reason ?? '',
			/VIOLATION: Agent-1 changed .*a\.txt outside of its worktree.*accept or reject/u,
		);
		const events = await swarm.ledger.read((reader) => reader.events({ types: ['run.strayed'] }));
		assert.deepEqual(
			events.map(({ run_id }) => run_id),
			[run?.run_id],
		);
	});

	it('blocks the task of one that changed nothing but what is not its own', async () => {
		await create('Agent-1');
		await add('A', [{ do: 'write', path: shown('new.txt'), content: 'new\n' }]);
		await swarm.workUntilIdle(60_000);
		const task = await swarm.task('A');
		assert.equal(task.status, 'BLOCKED', swarm.lines.join('\n'));
		assert.match(task.block_reason?.text ?? '', /VIOLATION: Agent-1 changed .*new\.txt outside/u);
	});

	it('holds back the change of a run in whose worktree another agent wrote', async () => {
		await create('Agent-1', 'Agent-2');
		const go = join(folders.make(), 'go');
		await add('B', [
			{ do: 'write', path: 'own.txt', content: 'own\n' },
			{ do: 'waitForFile', path: go },
		]);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(async () => ((await swarm.runs('B'))[0]?.session ?? null) !== null, 'B works');
		const worktree = (await swarm.runs('B'))[0]?.worktree ?? '';
		await add('A', [{ do: 'write', path: join(worktree, 'smuggled.txt'), content: 'x\n' }]);
		await swarm.until(async () => (await strays('B')).length > 0, 'B is told');
		writeFileSync(go, '');
		await swarm.statusIs('B', 'REVIEW');
		await host.stop();
		const path = join(worktree, 'smuggled.txt');
		assert.deepEqual(await strays('A'), [{ path, evidence: 'named' }]);
		const [{ evidence, by } = { evidence: '', by: '' }] = await strays('B');
		const [writer] = await swarm.runs('A');
		assert.deepEqual([evidence, by], ['received', writer?.worker]);
		assert.equal(swarm.shown('smuggled.txt'), undefined);
	});

	it('accuses nobody of what a person saved, and says that it may have been the agent', async () => {
		await create('Agent-1');
		const go = join(folders.make(), 'go');
		await add('A', [
			{ do: 'tool', id: 'look', title: 'Look', kind: 'read', status: 'completed', paths: [shown('a.txt')] },
			{ do: 'write', path: 'own.txt', content: 'own\n' },
			{ do: 'waitForFile', path: go },
		]);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(async () => ((await swarm.runs('A'))[0]?.session ?? null) !== null, 'A works');
		writeFileSync(shown('a.txt'), 'typed by a person\n');
		writeFileSync(go, '');
		await swarm.statusIs('A', 'COMPLETED');
		await host.stop();
		assert.deepEqual(await strays('A'), [{ path: shown('a.txt'), evidence: 'perhaps' }]);
		const [run] = await swarm.runs('A');
		assert.ok(run !== undefined);
		assert.match(describeStrays(run).join(), /^1 file changed in the open folder during the run, perhaps by it: /u);
		assert.equal(swarm.shown('own.txt'), 'own\n');
	});

	it('knows what landed meanwhile, and what lies where an agent may write', async () => {
		await create('Agent-1', 'Agent-2');
		const places = folders.make();
		const go = join(places, 'go');
		await add('A', [
			{ do: 'write', path: join(places, 'scratch.txt'), content: 'x\n' },
			{ do: 'waitForFile', path: go },
		]);
		await add('B', [{ do: 'write', path: 'b.txt', content: 'changed\n' }]);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('B', 'COMPLETED');
		await swarm.until(async () => ((await swarm.runs('A'))[0]?.session ?? null) !== null, 'A works');
		writeFileSync(go, '');
		await swarm.statusIs('A', 'COMPLETED');
		await host.stop();
		assert.deepEqual([await strays('A'), await strays('B')], [[], []]);
	});
});
