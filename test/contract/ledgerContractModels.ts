// Owns the part of the ledger contract about questions to language models: one taker each, one end each, and what is forgotten.

import assert from 'node:assert/strict';
import type { Ledger } from '../../src/core/ledger.ts';
import { ann, buildRun } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const model = { vendor: 'v', family: 'f', id: 'i', name: 'n' };
const answer = { model, parts: [{ kind: 'text', text: 'yes' }] } as const;

function ask(ledger: Ledger, id: string, conversation: string, runId: string, sequence = 1): Promise<void> {
	return ledger.write(ann, (transaction) =>
		transaction.insertModelRequest({
			request_id: id,
			conversation_id: conversation,
			run_id: runId,
			agent_id: 'editor',
			sequence,
			asked_by: 'host-1',
			model: { vendor: 'v' },
			messages: [{ role: 'user', parts: [{ kind: 'text', text: id }] }],
			tools: null,
		}),
	);
}

export function modelContract(makeStore: MakeLedgerStore): void {
	describe('questions to models', () => {
		it('come back as they were asked, oldest first, and are open until they end', async () => {
			const ledger = await makeStore().open();
			await ask(ledger, 'q1', 'c', 'run-1', 1);
			await ask(ledger, 'q2', 'c', 'run-1', 2);
			const open = () =>
				ledger.read(async (reader) => (await reader.openModelRequests()).map(({ request_id: id }) => id));
			assert.deepEqual(await open(), ['q1', 'q2']);
			const row = await ledger.read((reader) => reader.modelRequest('q1'));
			assert.deepEqual(
				[row?.model, row?.messages, row?.tools, row?.state, row?.answer, row?.partial],
				[{ vendor: 'v' }, [{ role: 'user', parts: [{ kind: 'text', text: 'q1' }] }], null, 'asked', null, ''],
			);
			await ledger.write(ann, (transaction) => transaction.endModelRequest('q1', { state: 'withdrawn' }));
			assert.deepEqual(await open(), ['q2']);
			assert.equal((await ledger.read((reader) => reader.conversation('c'))).length, 2);
			assert.equal(await ledger.read((reader) => reader.modelRequest('nothing')), undefined);
		});

		it('are taken by one, told and ended by that one only, and given back by nobody else', async () => {
			const ledger = await makeStore().open();
			await ask(ledger, 'q', 'c', 'run-1');
			const did = await ledger.write(ann, async (transaction) => {
				const taken = [
					await transaction.takeModelRequest('q', 'left'),
					await transaction.takeModelRequest('q', 'right'),
				];
				await transaction.returnModelRequest('q', 'right');
				return [
					...taken,
					await transaction.tellModelText('q', 'right', 'no'),
					await transaction.tellModelText('q', 'left', 'y'),
					await transaction.endModelRequest('q', { state: 'answered', answer }, 'right'),
					await transaction.endModelRequest('q', { state: 'answered', answer }, 'left'),
					await transaction.endModelRequest('q', { state: 'withdrawn' }),
				];
			});
			assert.deepEqual(did, [true, false, false, true, false, true, false]);
			assert.deepEqual((await ledger.read((reader) => reader.modelRequest('q')))?.answer, answer);
		});

		it('are forgotten once their run is over, but not while somebody may go on with it', async () => {
			const ledger = await makeStore().open();
			const now = new Date().toISOString();
			const old = '2020-01-01T00:00:00.000Z';
			await ledger.write(ann, async (transaction) => {
				await transaction.insertRun(buildRun('open', 'a'));
				await transaction.insertRun(buildRun('done', 'a', { state: 'completed', closed_at: now }));
				await transaction.insertRun(buildRun('lost', 'a', { state: 'lost', closed_at: now }));
				await transaction.insertRun(buildRun('long-lost', 'a', { state: 'lost', closed_at: old }));
			});
			const names = ['open', 'done', 'lost', 'long-lost', 'kept'];
			for (const name of names) {
				await ask(ledger, `q-${name}`, name, name);
			}
			await ask(ledger, 'q-asked', 'done-2', 'done');
			await ledger.write(ann, async (transaction) => {
				for (const name of names) {
					await transaction.endModelRequest(`q-${name}`, { state: 'withdrawn' });
				}
				await transaction.forgetConversations('kept');
			});
			const left = await ledger.read(async (reader) =>
				(await Promise.all([...names, 'done-2'].map((name) => reader.conversation(name)))).flat(),
			);
			assert.deepEqual(
				left.map(({ request_id: id }) => id),
				['q-open', 'q-lost', 'q-kept', 'q-asked'],
			);
		});
	});
}
