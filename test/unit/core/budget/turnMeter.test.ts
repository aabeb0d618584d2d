// Checks what a turn is measured at: by what the agent reports, else by the length of the text, the same each time.

import assert from 'node:assert/strict';
import { TurnMeter, estimateTokens } from '../../../../src/core/budget/turnMeter.ts';
import type { DriverUpdate } from '../../../../src/core/driver/driver.ts';
import { Random } from '../../../support/random.ts';

const usage = (data: Readonly<Record<string, unknown>>): DriverUpdate => ({ kind: 'usage', text: '', data });

describe('a turn', () => {
	it('counts what the agent reports, all reports together, and is then not estimated', () => {
		const meter = new TurnMeter();
		meter.say('x'.repeat(4000));
		meter.note(usage({ input_tokens: 10, output_tokens: 2, cached_tokens: 7 }));
		meter.note(usage({ input_tokens: 5, output_tokens: 1 }));
		assert.deepEqual(meter.measure(1500), {
			input_tokens: 15,
			output_tokens: 3,
			cached_tokens: 7,
			cost: null,
			currency: null,
			milliseconds: 1500,
			is_estimated: false,
		});
	});

	it('is estimated from the text where nothing is reported, and by the growth of the context where that says more', () => {
		const meter = new TurnMeter();
		meter.say('x'.repeat(400));
		meter.note({ kind: 'output', text: 'y'.repeat(40) });
		meter.note({ kind: 'message', text: 'z'.repeat(80) });
		meter.note({ kind: 'note', text: 'of ours, and no model read it' });
		const plain = meter.measure(0);
		assert.deepEqual([plain.input_tokens, plain.output_tokens, plain.is_estimated], [110, 20, true]);
		meter.note(usage({ used: 5000, size: 200_000 }));
		assert.equal(meter.measure(0).input_tokens, 4980);
		meter.begin();
		meter.note(usage({ used: 5100, size: 200_000 }));
		assert.equal(meter.measure(0).input_tokens, 100, 'only what grew in this turn');
	});

	it('costs what the cost of its session grew by; a lower one begins a new session', () => {
		const meter = new TurnMeter();
		const costs = [0.5, 0.75, 0.1].map((cost) => {
			meter.note(usage({ cost, currency: 'USD' }));
			const measured = meter.measure(0);
			meter.begin();
			return [measured.cost, measured.currency];
		});
		assert.deepEqual(costs, [
			[0.5, 'USD'],
			[0.25, 'USD'],
			[0.1, 'USD'],
		]);
		assert.equal(meter.measure(0).cost, null, 'nothing was told in this one');
	});

	it('takes no figure that is none', () => {
		const meter = new TurnMeter();
		meter.note(
			usage({ input_tokens: Number.NaN, output_tokens: -5, cost: Number.POSITIVE_INFINITY, used: 'much' }),
		);
		const { input_tokens, output_tokens, cost, is_estimated } = meter.measure(0);
		assert.deepEqual([input_tokens, output_tokens, cost, is_estimated], [0, 0, null, true]);
	});

	it('is estimated the same however its text is cut into pieces, and never at less for more text', () => {
		const random = new Random(7);
		for (let round = 0; round < 200; round += 1) {
			const length = random.below(5000);
			const [whole, pieces] = [new TurnMeter(), new TurnMeter()];
			whole.note({ kind: 'message', text: 'x'.repeat(length) });
			for (let left = length; left > 0;) {
				const piece = Math.min(left, 1 + random.below(300));
				pieces.note({ kind: 'message', text: 'x'.repeat(piece) });
				left -= piece;
			}
			assert.deepEqual(pieces.measure(1), whole.measure(1));
			assert.ok(estimateTokens(length + 1) >= estimateTokens(length));
		}
	});
});
