// Checks that programs which die in the middle of a landing leave nothing of the person's lost, and that it is finished: a host by the
// next host, a terminal by asking again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit } from '../../support/temporaryRepository.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';

const preload = fileURLToPath(new URL('../../support/killedAt.preload.ts', import.meta.url));
const ten = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');

describe('a program that dies while it lands', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let own: readonly string[];
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': ten, 'b.txt': 'b\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		writeFileSync(join(swarm.folder, 'mine.txt'), 'never committed\n');
		own = persons();
	});
	afterEach(() => swarm.dispose());

	/** Everything of git that is the person's. */
	const persons = () => [
		...['HEAD', 'index', 'config'].map((name) => readFileSync(join(swarm.folder, '.git', name)).toString('latin1')),
		runGit(swarm.folder, 'for-each-ref', 'refs/heads', 'refs/tags', 'refs/stash'),
	];
	const deadly = (at: number) => ({
		NODE_OPTIONS: `--import ${preload}`,
		DREAMOS_TEST_KILL_AT: String(at),
		DREAMOS_TEST_KILL_BELOW: swarm.folder,
	});
	const addTask = () =>
		swarm.add('A', ["sed -i 's/line 1/agent 1/' a.txt", 'echo B > b.txt', 'echo c > c.txt'], {
			validation: { review: true },
		});
	/** The person goes on after the task began. */
	const edit = () => writeFileSync(join(swarm.folder, 'a.txt'), ten.replace('line 8', 'person 8'));
	const isWhole = () => {
		const text = swarm.shown('a.txt') ?? '';
		assert.match(text, /person 8/u, 'what the person wrote is there');
		assert.equal(swarm.shown('mine.txt'), 'never committed\n');
		assert.deepEqual(persons(), own);
	};
	const landed = () => {
		assert.equal(swarm.shown('a.txt'), ten.replace('line 1', 'agent 1').replace('line 8', 'person 8'));
		assert.deepEqual([swarm.shown('b.txt'), swarm.shown('c.txt')], ['B\n', 'c\n']);
		isWhole();
	};
	async function untilReview(): Promise<string> {
		await addTask();
		await swarm.workUntilIdle();
		await swarm.tell(false);
		edit();
		const [run] = await swarm.runs('A');
		assert.equal(run?.state, 'review');
		return run.run_id;
	}
	const run = (words: readonly string[], environment: Readonly<Record<string, string>>) =>
		spawnSync(
			process.execPath,
			[join(import.meta.dirname, '../../../src/cli.ts'), ...words, '--workspace', swarm.folder],
			{ env: { ...process.env, NODE_OPTIONS: '', ...environment }, encoding: 'utf8' },
		);
	const cli = (...words: string[]) => run(words, {});
	const accept = (runId: string, environment: Readonly<Record<string, string>> = {}) =>
		run(['run', 'accept', runId], environment);

	for (const at of [3, 9, 13]) {
		it(`a terminal, killed at change ${at}: asked again, it ends the same`, async () => {
			const runId = await untilReview();
			const killed = accept(runId, deadly(at));
			assert.equal(killed.signal, 'SIGKILL', killed.stderr);
			isWhole();
			assert.equal((await swarm.task('A')).status, 'REVIEW', 'nothing is done that is not done');
			// Its lease lasts some seconds yet.
			await swarm.ledger.write({ kind: 'system', id: 'test' }, async (transaction) => {
				for (const { name, holder } of await transaction.leases('terminal:')) {
					await transaction.releaseLease(name, holder);
				}
			});
			const again = accept(runId);
			assert.equal(again.status, 0, again.stderr);
			assert.equal((await swarm.task('A')).status, 'COMPLETED');
			landed();
		});
	}

	it('a terminal that still lands is not passed over', async () => {
		const runId = await untilReview();
		assert.equal(accept(runId, deadly(9)).signal, 'SIGKILL');
		const tooEarly = accept(runId);
		assert.notEqual(tooEarly.status, 0);
		assert.match(tooEarly.stderr, /is being landed by terminal:/u);
		isWhole();
	});

	for (const at of [3, 11]) {
		it(`a host, killed at change ${at}: the next host ends it`, async () => {
			const runId = await untilReview();
			await swarm.tell(true);
			Object.assign(swarm.childEnvironment, deadly(at));
			const host = swarm.spawnHost();
			await swarm.leader();
			const asked = accept(runId);
			assert.equal(asked.status, 0, asked.stderr);
			assert.equal(await host.exited, 'SIGKILL', host.errors());
			isWhole();
			Object.assign(swarm.childEnvironment, { NODE_OPTIONS: '' });
			const heir = swarm.spawnHost();
			await swarm.statusIs('A', 'COMPLETED');
			landed();
			const reverted = cli('task', 'revert', 'A');
			assert.equal(reverted.status, 0, reverted.stderr);
			assert.deepEqual(
				[swarm.shown('a.txt'), swarm.shown('b.txt'), swarm.shown('c.txt')],
				[ten.replace('line 8', 'person 8'), 'b\n', undefined],
				'what both landings did is taken back',
			);
			await swarm.tell(false);
			assert.equal(await heir.exited, hostExitCodes.stopped, heir.errors());
		});
	}

	it('would notice a change that is lost', async () => {
		await untilReview();
		appendFileSync(join(swarm.folder, 'mine.txt'), 'x');
		assert.throws(isWhole);
	});
});
