// Checks that whoever has the lock serves others rightly, and that nobody depends on it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClaimRequest } from '../../../src/core/task/advanceTask.ts';
import { readOutcomes, writeOrders } from '../../../src/ledger/claimOrders.ts';
import { RequestSlots } from '../../../src/ledger/requestSlots.ts';
import { agentThree, ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('combined claims', () => {
	const folders = useTemporaryFolders();
	const openIn = useLedgerFiles();
	const opened: RequestSlots[] = [];
	afterEach(() => {
		for (const each of opened.splice(0)) {
			each.dispose();
		}
	});

	/** A ledger with tasks a, b, c, and the slots of another process beside it. */
	async function open() {
		const folder = folders.make();
		const ledger = await openIn(folder);
		await ledger.write(ann, (transaction) =>
			insertTasks(transaction, ...['a', 'b', 'c'].map((id) => buildTask(id))),
		);
		const other = new RequestSlots(join(folder, 'dreamos.db-claims'));
		opened.push(other);
		return { ledger, other };
	}

	const request = (taskId: string, runId: string): ClaimRequest & { readonly runId: string } => ({
		taskId,
		worker: 'Agent-3',
		driver: 'command',
		hostId: null,
		now: Date.now(),
		runId,
	});
	const order = (taskId: string, runId: string) => ({
		actor: agentThree,
		request: request(taskId, runId),
		mayBeServed: false,
	});

	it('serves the claims of others with its own, each in the name of its owner', async () => {
		const { ledger, other } = await open();
		other.post(writeOrders([order('a', 'run-a'), order('nowhere', 'run-n'), order('b', 'run-b')]));
		await ledger.claim(ann, request('c', 'run-c'));
		const state = other.look();
		assert.ok(typeof state === 'object');
		assert.deepEqual(
			readOutcomes(state.answer).map((outcome) =>
				'granted' in outcome ? outcome.granted.run.run_id : outcome.refused.code,
			),
			['run-a', 'task.unknown', 'run-b'],
		);
		const events = await ledger.read((reader) => reader.events({ run_id: 'run-a' }));
		assert.deepEqual(new Set(events.map(({ actor }) => actor)), new Set(['agent:Agent-3']));
	});

	it('answers a claim that was served by somebody killed before the answer, and does not serve it again', async () => {
		const { ledger, other } = await open();
		// As the killed one left it: committed, not answered, and left once more by its owner.
		await ledger.claim(agentThree, request('a', 'run-a'));
		other.post(writeOrders([{ ...order('a', 'run-a'), mayBeServed: true }]));
		await ledger.claim(ann, request('b', 'run-b'));
		const state = other.look();
		assert.ok(typeof state === 'object');
		const [outcome] = readOutcomes(state.answer);
		assert.ok(outcome !== undefined && 'granted' in outcome);
		assert.equal(outcome.granted.run.run_id, 'run-a');
		assert.equal((await ledger.read((reader) => reader.runs())).length, 2);
	});

	it('tells the owner of an unreadable request so, and serves everybody else', async () => {
		const { ledger, other } = await open();
		other.post('[{"from": "another version"}]');
		await ledger.claim(ann, request('a', 'run-a'));
		assert.equal(other.look(), 'gone');
	});

	it('serves itself when who said that it serves does not', async () => {
		const { ledger, other } = await open();
		other.serves(true);
		const { run } = await ledger.claim(ann, request('a', 'run-a'));
		assert.equal(run.run_id, 'run-a');
	});

	it('goes on serving for a moment, and then leaves others to themselves', async () => {
		const { ledger, other } = await open();
		other.post(writeOrders([order('a', 'run-a')]));
		await ledger.claim(ann, request('b', 'run-b'));
		other.post(writeOrders([order('c', 'run-c')]));
		for (let tries = 0; typeof other.look() === 'string' && tries < 500; tries += 1) {
			await pause(5);
		}
		assert.equal(typeof other.look(), 'object');
		for (let tries = 0; other.survey().isServed && tries < 500; tries += 1) {
			await pause(5);
		}
		assert.equal(other.survey().isServed, false);
	});
});
