// Measures how well drift is noticed.
//
// Method: the labelled transcripts of test/fixtures/drift are replayed through the very watch that follows runs at work, at the usual
// sensitivity. Found is drift that is noticed at all, and not before it began; every other notice is a false alarm. Weights were chosen
// by the tuning part; the held-out part was written to be judged by only.

import { judge, readDriftCases, scoresOf } from '../support/driftCases.ts';
import type { DriftCase } from '../support/driftCases.ts';
import type { Measured } from './benchmark.ts';
import { defineBenchmark } from './benchmark.ts';
import { median } from './statistics.ts';

const parts = { tuning: 'the tuning part', heldOut: 'the held-out part' } as const;
const floor = { atLeast: 0.9 } as const;

export const drift = defineBenchmark({
	figures: {
		'drift.precision.tuning': { title: `notices that were right, ${parts.tuning}`, unit: 'ratio', limit: floor },
		'drift.recall.tuning': {
			title: `drifting runs that were noticed, ${parts.tuning}`,
			unit: 'ratio',
			limit: floor,
		},
		'drift.precision.heldOut': { title: `notices that were right, ${parts.heldOut}`, unit: 'ratio', limit: floor },
		'drift.recall.heldOut': {
			title: `drifting runs that were noticed, ${parts.heldOut}`,
			unit: 'ratio',
			limit: floor,
		},
	},
	measure() {
		const tuning = measurePart('tuning');
		const heldOut = measurePart('heldOut');
		return Promise.resolve({
			'drift.precision.tuning': tuning.precision,
			'drift.recall.tuning': tuning.recall,
			'drift.precision.heldOut': heldOut.precision,
			'drift.recall.heldOut': heldOut.recall,
		});
	},
});

function measurePart(part: DriftCase['part']): { readonly precision: Measured; readonly recall: Measured } {
	const verdicts = readDriftCases()
		.filter((each) => each.part === part)
		.map((each) => judge(each));
	const named = (...which: readonly string[]) =>
		verdicts.filter(({ verdict }) => which.includes(verdict)).map((each) => each.case.name);
	const { precision, recall } = scoresOf(verdicts);
	const delays = verdicts.flatMap(({ verdict, finding, case: { driftsFromStep = 0 } }) =>
		verdict === 'found' && finding !== undefined ? [finding.step - driftsFromStep] : [],
	);
	const healthy = verdicts.filter((each) => each.case.kind === 'healthy');
	const alarms = named('alarm', 'early');
	return {
		precision: {
			value: precision,
			notes: [
				`${verdicts.length} transcripts, ${healthy.length} of them healthy; disturbed in vain: ${alarms.join(', ') || 'none'}`,
			],
		},
		recall: {
			value: recall,
			notes: [
				`noticed ${median(delays)} steps after it began (median); missed: ${named('missed').join(', ') || 'none'}`,
			],
		},
	};
}
