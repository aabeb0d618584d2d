// Owns how a priority was ever spelled and which of our four it means.

import type { JsonValue } from '../../base/json.ts';
import type { TaskPriority } from '../task/taskPriority.ts';

/** Folded spelling to priority. Numbers: 1 is the most urgent, as on the older boards and in P0–P3; 4 and more is LOW. */
const priorityOfSpelling: ReadonlyMap<string, TaskPriority> = new Map<string, TaskPriority>([
	['CRITICAL', 'CRITICAL'],
	['URGENT', 'CRITICAL'],
	['BLOCKER', 'CRITICAL'],
	['HIGHEST', 'CRITICAL'],
	['P0', 'CRITICAL'],
	['HIGH', 'HIGH'],
	['MAJOR', 'HIGH'],
	['P1', 'HIGH'],
	['MEDIUM', 'MEDIUM'],
	['NORMAL', 'MEDIUM'],
	['MODERATE', 'MEDIUM'],
	['DEFAULT', 'MEDIUM'],
	['P2', 'MEDIUM'],
	['LOW', 'LOW'],
	['MINOR', 'LOW'],
	['TRIVIAL', 'LOW'],
	['LOWEST', 'LOW'],
	['P3', 'LOW'],
	['P4', 'LOW'],
]);

/** Undefined for what is no priority at all; `null` where none is given. */
export function normalisePriority(raw: JsonValue | undefined): TaskPriority | null | undefined {
	if (raw === undefined || raw === null) {
		return null;
	}
	if (typeof raw === 'number') {
		return ofNumber(raw);
	}
	if (typeof raw !== 'string') {
		return undefined;
	}
	const folded = raw
		.slice(0, 100)
		.trim()
		.replace(/^[A-Za-z]\w*\./u, '')
		.toUpperCase();
	if (folded === '') {
		return null;
	}
	return priorityOfSpelling.get(folded) ?? (/^\d{1,3}$/u.test(folded) ? ofNumber(Number(folded)) : undefined);
}

function ofNumber(value: number): TaskPriority | undefined {
	if (!Number.isFinite(value) || value < 0) {
		return undefined;
	}
	if (value <= 1) {
		return 'CRITICAL';
	}
	return value <= 2 ? 'HIGH' : value <= 3 ? 'MEDIUM' : 'LOW';
}
