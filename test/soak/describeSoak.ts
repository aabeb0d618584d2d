// Owns how a soak run is told: what was done, what befell whom, what was found, and how to repeat it.

import type { Verdict } from './checkSoak.ts';
import { rules } from './checkSoak.ts';
import type { Observations } from './runSoak.ts';
import { temperaments } from './temperaments.ts';

const figure = (value: number): string => value.toLocaleString('en');

function count(values: Iterable<string>): string {
	const counts = new Map<string, number>();
	for (const value of values) {
		counts.set(value, (counts.get(value) ?? 0) + 1);
	}
	return [...counts].map(([name, number]) => `${name} ${figure(number)}`).join(', ');
}

/** Lines for a person. */
export function describeSoak(observations: Observations, { findings, record, memory }: Verdict): string[] {
	const { seed, seconds, minutes, tasks, begun, killed, figures } = observations;
	return [
		'',
		`Seed ${seed}, ${seconds} s: ${figure(tasks.length)} tasks, ${figure(record.runs.length)} runs, ${figure(record.events)} events.`,
		`Tasks: ${count([...record.tasks.values()].map(({ status }) => status))}.`,
		`Runs: ${count(record.runs.map(({ state }) => state))}.`,
		`Failures: ${count(record.runs.flatMap(({ code }) => (code === undefined ? [] : [code])))}.`,
		...Object.entries(temperaments).map(([name, { title }]) => {
			const own = record.runs.filter(({ worker }) => worker.startsWith(`${name}-`));
			return `  ${name.padEnd(9)} ${title}: ${count(own.map(({ state }) => state)) || 'had nothing to do'}`;
		}),
		`Hosts: ${begun.host} begun, ${killed.host} killed. Windows: ${begun.window} begun, ${killed.window} killed.`,
		`Stats: ${figure(figures.at_work_seconds)} s at work, ${figure(figures.longest_alone_seconds)} s of it at a stretch without a person; ${figures.recovered.tasks} of ${figures.recovered.of} recovered by themselves, ${figures.without_a_person.tasks} of ${figures.without_a_person.of} completed without a person, ${figure(figures.drift.count)} drifts, ${figures.restarts.count} restarts.`,
		memory === undefined
			? 'The last life of the host was too short to tell whether its memory grows.'
			: `The last life of the host took ${Math.round(memory.medianMegabytes)} MB (median), ${memory.megabytesPerMinute.toFixed(2)} MB more a minute over ${memory.minutes.toFixed(1)} minutes.`,
		...findings.map(({ rule, message }) => `FOUND ${rule} (${rules[rule]}): ${message}`),
		findings.length === 0
			? 'Nothing was found.'
			: `${findings.length} findings. Repeat with: npm run soak -- --seed ${seed} --minutes ${minutes} --keep`,
	];
}
