// Owns how a chaos run is told: what was done, what befell whom, what was found, and how to repeat it.

import { rules } from './checker.ts';
import type { ChaosReport } from './runChaos.ts';

const figure = (value: number): string => value.toLocaleString('en');
const list = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.map(([name, count]) => `${name} ${figure(count)}`)
		.join(', ');

/** Lines for a person. */
export function describeRun(report: ChaosReport): string[] {
	const { operations, findings, seed, seconds } = report;
	const counts = Object.values(operations);
	const sum = (name: 'acknowledged' | 'refused' | 'unanswered') =>
		counts.reduce((total, count) => total + count[name], 0);
	const total = sum('acknowledged') + sum('refused');
	return [
		'',
		`Seed ${seed}, ${seconds} s: ${figure(total)} operations on the ledger were answered, ${figure(sum('acknowledged'))} acknowledged and ${figure(sum('refused'))} refused; ${figure(sum('unanswered'))} never were, because somebody was killed.`,
		...Object.entries(operations).map(
			([role, each]) =>
				`  ${role.padEnd(8)} ${figure(each.acknowledged)} acknowledged, ${figure(each.refused)} refused, ${figure(each.unanswered)} unanswered`,
		),
		`Refused: ${list(report.refusals)}.`,
		`Work on files: ${list(report.fileWork)}. Hand edits watched: ${list(report.edits)}.`,
		`Processes begun: ${list(report.lives)}.`,
		`What befell them: ${list(report.faults)}.`,
		`${figure(report.events)} events, ${figure(report.tasks)} tasks ever, ${figure(report.quarantined)} copies in quarantine.`,
		...findings.map(({ rule, message }) => `FOUND ${rule} (${rules[rule]}): ${message}`),
		findings.length === 0
			? 'Nothing was found.'
			: `${findings.length} findings. Repeat with: npm run chaos -- --seed ${seed} --minutes ${Math.ceil(seconds / 60)}`,
	];
}
