// Holds how well drift is noticed in labelled transcripts, and that long healthy work is left alone.

import assert from 'node:assert/strict';
import { judge, readDriftCases, scoresOf } from '../../../support/driftCases.ts';

describe('drift in labelled transcripts', () => {
	const cases = readDriftCases();
	const told = (verdicts: readonly ReturnType<typeof judge>[]) =>
		verdicts.map((each) => `${each.case.name}: ${each.verdict} (${each.highest.toFixed(2)})`).join('\n');

	it('has enough of each kind, in both parts', () => {
		assert.ok(cases.length >= 30);
		assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
		for (const part of ['tuning', 'heldOut'] as const) {
			for (const kind of ['looping', 'wandering', 'stuck', 'healthy'] as const) {
				const some = cases.filter((each) => each.part === part && each.kind === kind);
				assert.ok(some.length >= 3, `${part} ${kind}: ${some.length}`);
			}
		}
	});

	for (const part of ['tuning', 'heldOut'] as const) {
		it(`is noticed in nine of ten cases of ${part}`, () => {
			const verdicts = cases.filter((each) => each.part === part).map((each) => judge(each));
			const { precision, recall } = scoresOf(verdicts);
			assert.ok(precision >= 0.9 && recall >= 0.9, told(verdicts));
		});
	}

	it('is found in no healthy run, however long', () => {
		const healthy = cases.filter(({ kind }) => kind === 'healthy').map((each) => judge(each));
		assert.equal(told(healthy.filter(({ verdict }) => verdict !== 'quiet')), '');
		assert.ok(healthy.filter(({ steps }) => steps >= 100).length >= 5, 'some of them are long');
	});

	it('is found no later by who is more sensitive, and no earlier by who is less', () => {
		for (const each of cases) {
			const [low, normal, high] = (['low', 'normal', 'high'] as const).map(
				(sensitivity) => judge(each, sensitivity).finding?.step ?? Number.POSITIVE_INFINITY,
			);
			assert.ok((high ?? 0) <= (normal ?? 0) && (normal ?? 0) <= (low ?? 0), each.name);
		}
	});
});
