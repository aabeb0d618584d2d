// Owns the verdict over a soak run. It reads the folder of the run, the ledger with plain SQL, git, and what the run saw, and says
// where they do not fit together. The gates of completed tasks are run again, by itself.

import { readFileSync } from 'node:fs';
import { checkFigures } from './checkFigures.ts';
import { checkLeftovers } from './checkLeftovers.ts';
import { checkTasks } from './checkTasks.ts';
import type { Trend } from './memoryTrend.ts';
import { memoryTrend } from './memoryTrend.ts';
import type { Observations } from './runSoak.ts';
import type { SoakPlace } from './soakPlace.ts';
import type { SoakRecord } from './soakRecord.ts';
import { readRecord } from './soakRecord.ts';

export const rules = {
	process: 'Nobody ends otherwise than killed or in order',
	rest: 'The swarm comes to rest by itself',
	integrity: 'The database is whole',
	lost: 'Every task that was given is in the ledger, and no other',
	unfinished: 'Every task is completed, failed or blocked, or waits for one that never will be completed',
	landed: 'What a completed task was to leave is in the workspace',
	gate: 'The gates of a completed task passed, and pass when they are run again',
	liar: 'No task was completed by an agent that does not do the work',
	failure: 'A task failed after all its attempts, each of them for a reason that its agent or its gate really gives',
	blocked: 'A task is blocked for a reason that is true',
	claim: 'Nobody holds a task or a lease any more',
	orphan: 'No process of anybody lives on',
	worktree: 'No worktree is left',
	reference: 'Every hidden reference belongs to a run that explains it',
	figures: 'What `dreamos stats` tells is what happened',
	memory: 'The memory of the host does not grow',
} as const;
export type Rule = keyof typeof rules;

export interface Finding {
	readonly rule: Rule;
	readonly message: string;
}
export type Tell = (rule: Rule, message: string) => void;

export interface Verdict {
	readonly findings: readonly Finding[];
	readonly record: SoakRecord;
	readonly memory: Trend | undefined;
}

/** Findings of one rule beyond this many are told by their number only. */
const toldOfEach = 20;

export const readObservations = (place: SoakPlace): Observations =>
	JSON.parse(readFileSync(place.observations, 'utf8')) as Observations;

export function checkSoak(place: SoakPlace, observations: Observations): Verdict {
	const counts = new Map<Rule, number>();
	const findings: Finding[] = [];
	const tell: Tell = (rule, message) => {
		const count = (counts.get(rule) ?? 0) + 1;
		counts.set(rule, count);
		if (count <= toldOfEach) {
			findings.push({ rule, message });
		}
	};
	const record = readRecord(place.folder, observations.endedAt);
	observations.complaints.forEach((complaint) => tell('process', complaint));
	record.damage.forEach((line) => tell('integrity', line));
	if (!observations.hasRested) {
		tell('rest', 'Tasks were still worked on, or could have been, when the host was asked to end.');
	}
	checkTasks(place, observations, record, tell);
	checkLeftovers(place, observations, record, tell);
	checkFigures(observations, record, tell);
	const memory = memoryTrend(observations.samples);
	if (memory !== undefined && !memory.isFlat) {
		tell(
			'memory',
			`The host's last life grew by ${memory.megabytesPerMinute.toFixed(2)} MB a minute over ${memory.minutes.toFixed(1)} minutes.`,
		);
	}
	for (const [rule, count] of counts) {
		if (count > toldOfEach) {
			findings.push({ rule, message: `and ${count - toldOfEach} more` });
		}
	}
	return { findings, record, memory };
}
