// Checks that what was used adds up, and how it is said.

import assert from 'node:assert/strict';
import { LiveUsage } from '../../../../src/core/budget/liveUsage.ts';
import type { StoredTurnUsage } from '../../../../src/core/budget/usage.ts';
import {
	describeUsage,
	formatCount,
	formatMoney,
	noUsage,
	sumTurns,
	tokensOf,
} from '../../../../src/core/budget/usage.ts';
import { Random } from '../../../support/random.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

const turn = (fields: Partial<StoredTurnUsage> = {}): StoredTurnUsage => ({
	ordinal: 1,
	run_id: 'run-1',
	task_id: 'A',
	agent_id: 'Agent-1',
	at: '2026-01-01T00:00:00.000Z',
	input_tokens: 0,
	output_tokens: 0,
	cached_tokens: 0,
	cost: null,
	currency: null,
	milliseconds: 0,
	is_estimated: false,
	...fields,
});

describe('usage', () => {
	const folders = useTemporaryFolders();

	it('is said with its tokens, money and time, and that some of it is estimated', () => {
		assert.equal(describeUsage(noUsage), 'nothing yet');
		const sum = sumTurns([
			turn({ input_tokens: 1_234_000, output_tokens: 567, cost: 0.03, currency: 'USD', milliseconds: 61_000 }),
			turn({ cached_tokens: 5000, cost: 2, currency: 'EUR', is_estimated: true }),
		]);
		assert.equal(
			describeUsage(sum),
			'2 turns, 1,234,567 tokens and 5,000 from the cache (estimated), 0.03 USD, 2 EUR, 1 min',
		);
		assert.deepEqual(
			[formatCount(999), formatCount(1000), formatMoney(0.00012, 'USD')],
			['999', '1,000', '0.0001 USD'],
		);
	});

	it('has in its parts what it has as a whole, through the ledger and however often it is brought up to date', async () => {
		const random = new Random(11);
		const { ledger } = await openTemporaryLedger(folders.make());
		const live = new LiveUsage();
		const written: StoredTurnUsage[] = [];
		for (let round = 0; round < 40; round += 1) {
			const {
				ordinal: _ordinal,
				at: _at,
				...fields
			} = turn({
				run_id: `run-${random.below(5)}`,
				task_id: `T${random.below(4)}`,
				agent_id: `Agent-${random.below(3)}`,
				input_tokens: random.below(1000),
				output_tokens: random.below(1000),
				milliseconds: random.below(1000),
				is_estimated: random.below(2) === 0,
			});
			await ledger.write(ann, (transaction) => transaction.insertUsage(fields));
			written.push(turn(fields));
			if (random.below(3) === 0) {
				await ledger.read((reader) => Promise.all([live.refresh(reader), live.refresh(reader)]));
			}
		}
		await ledger.read((reader) => live.refresh(reader));
		assert.deepEqual(live.all, sumTurns(written));
		for (const key of ['task_id', 'agent_id', 'run_id'] as const) {
			for (const id of new Set(written.map((each) => each[key]))) {
				const wanted = sumTurns(written.filter((each) => each[key] === id));
				const found = { task_id: live.ofTask(id), agent_id: live.ofAgent(id), run_id: live.ofRun(id) }[key];
				assert.deepEqual(found, wanted, `${key} ${id}`);
			}
		}
		assert.equal(tokensOf(sumTurns(live.since(0))), tokensOf(live.all));
		assert.deepEqual(live.since(Date.now() + 60_000), []);
		ledger.dispose();
	});
});
