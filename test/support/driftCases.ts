// Owns the labelled transcripts of test/fixtures/drift: logs of runs as the product writes them, each with what a person says of it,
// and their replay. A case counts as found when drift is noticed, but not before the step it begins with.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJsonOrUndefined } from '../../src/base/json.ts';
import type { DriftTask } from '../../src/core/drift/driftMeter.ts';
import type { DriftSensitivity } from '../../src/core/drift/driftReading.ts';
import { parseDriftLine } from '../../src/core/drift/driftSteps.ts';
import type { DriftFinding } from '../../src/core/drift/driftWatch.ts';
import { DriftWatch } from '../../src/core/drift/driftWatch.ts';

export interface DriftCase {
	/** The file beside it, without its ending. */
	readonly name: string;
	readonly kind: 'looping' | 'wandering' | 'stuck' | 'healthy';
	/** Limits and weights were chosen by the cases of `tuning` alone. */
	readonly part: 'tuning' | 'heldOut';
	/** `recorded`: as the host wrote it. `described`: played after published behaviour of agents, with times laid over it. */
	readonly source: 'recorded' | 'described';
	readonly about: string;
	readonly task: Pick<DriftTask, 'name' | 'description' | 'touches'>;
	readonly usualMinutes?: number;
	readonly driftsFromStep?: number;
}

const folder = path.join(import.meta.dirname, '../fixtures/drift');

export const readDriftCases = (): DriftCase[] =>
	JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as DriftCase[];

export interface Replay {
	readonly finding: DriftFinding | undefined;
	/** The highest score of the whole run. */
	readonly highest: number;
	readonly reasons: readonly string[];
	readonly steps: number;
}

/** Plays the log of a case; the first finding, if there is one. */
function replay({ name, task, usualMinutes }: DriftCase, sensitivity: DriftSensitivity = 'normal'): Replay {
	const usual = usualMinutes === undefined ? undefined : { milliseconds: usualMinutes * 60_000 };
	const watch = new DriftWatch({ ...task, usual }, sensitivity);
	let finding: DriftFinding | undefined;
	let highest = 0;
	let steps = 0;
	let reasons: readonly string[] = [];
	for (const text of readFileSync(path.join(folder, `${name}.jsonl`), 'utf8')
		.trim()
		.split('\n')) {
		const line = parseDriftLine(parseJsonOrUndefined(text));
		if (line === undefined) {
			throw new Error(`${name}.jsonl has a line that is none of a run's log: ${text.slice(0, 100)}`);
		}
		steps += line.kind === 'tool' ? 1 : 0;
		finding ??= watch.note(line);
		const { reading } = watch;
		if (reading !== undefined && reading.score > highest) {
			highest = reading.score;
			({ reasons } = reading);
		}
	}
	return { finding, highest, reasons, steps };
}

export interface DriftVerdict extends Replay {
	readonly case: DriftCase;
	/** `early`: noticed before anything was wrong, which is a false alarm and nothing found. */
	readonly verdict: 'found' | 'missed' | 'quiet' | 'alarm' | 'early';
}

export function judge(each: DriftCase, sensitivity?: DriftSensitivity): DriftVerdict {
	const played = replay(each, sensitivity);
	const { finding } = played;
	const verdict =
		each.kind === 'healthy'
			? finding === undefined
				? 'quiet'
				: 'alarm'
			: finding === undefined
				? 'missed'
				: finding.step < (each.driftsFromStep ?? 0)
					? 'early'
					: 'found';
	return { ...played, case: each, verdict };
}

export interface DriftScores {
	readonly precision: number;
	readonly recall: number;
}

export function scoresOf(verdicts: readonly DriftVerdict[]): DriftScores {
	const count = (...which: readonly DriftVerdict['verdict'][]) =>
		verdicts.filter(({ verdict }) => which.includes(verdict)).length;
	const found = count('found');
	return {
		precision: found / Math.max(1, found + count('alarm', 'early')),
		recall: found / Math.max(1, count('found', 'missed', 'early')),
	};
}
