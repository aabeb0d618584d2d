// Owns what the timeline shows of a run: when, by whom, how it ended, and what happened in it, as plain values.

import { displayLine } from '../base/text.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { Run } from '../core/run/run.ts';

export type MarkKind = 'passed' | 'failed' | 'landed' | 'returned' | 'strayed' | 'drifted';

export interface RunMark {
	/** Wall time in milliseconds. */
	readonly at: number;
	readonly kind: MarkKind;
	readonly text: string;
}

export interface RunBar {
	readonly id: string;
	readonly taskId: string;
	readonly taskName: string;
	readonly worker: string;
	readonly attempt: number;
	readonly state: Run['state'];
	readonly reason: string;
	readonly openedAt: number;
	/** Null while it goes on. */
	readonly closedAt: number | null;
	readonly marks: readonly RunMark[];
}

/** Events that are marks on a run. */
export const markTypes = [
	'gate.finished',
	'landing.finished',
	'landing.returned',
	'landing.refused',
	'landing.reverted',
	'run.strayed',
	'run.drifted',
] as const;

const kinds: Readonly<Record<string, MarkKind>> = {
	'landing.finished': 'landed',
	'landing.returned': 'returned',
	'landing.refused': 'returned',
	'landing.reverted': 'returned',
	'run.strayed': 'strayed',
	'run.drifted': 'drifted',
};

function toMark({ type, at, message, data }: LedgerEvent): RunMark {
	const kind =
		type === 'gate.finished' ? (data?.['exit_code'] === 0 ? 'passed' : 'failed') : (kinds[type] ?? 'returned');
	return { at: Date.parse(at), kind, text: displayLine(message, 160) };
}

/** `events` are those of the run, oldest first. */
export function toRunBar(run: Run, taskName: string, events: readonly LedgerEvent[]): RunBar {
	return {
		id: run.run_id,
		taskId: run.task_id,
		taskName: displayLine(taskName, 160) || displayLine(run.task_id, 80),
		worker: displayLine(run.worker, 80),
		attempt: run.attempt,
		state: run.state,
		reason: displayLine(run.reason ?? '', 160),
		openedAt: Date.parse(run.opened_at),
		closedAt: run.closed_at === null ? null : Date.parse(run.closed_at),
		// What could not be read neither passed nor failed.
		marks: events.filter(({ data }) => data?.['ending'] !== 'notRead').map(toMark),
	};
}
