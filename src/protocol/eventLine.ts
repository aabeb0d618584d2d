// Owns what the dashboard shows of an event of the ledger: one line of harmless text.

import { displayLine } from '../base/text.ts';
import type { EventType, LedgerEvent } from '../core/events.ts';

export interface EventLine {
	readonly sequence: number;
	/** Wall time in milliseconds. */
	readonly at: number;
	readonly actor: string;
	readonly text: string;
	readonly taskId: string | null;
	readonly runId: string | null;
	readonly type: EventType;
}

/** `human:ann` → `ann`, `agent:Agent-3` → `Agent-3`; the swarm's own parts by what they are: `host`, `editor`, `file`. */
function actorName(actor: string): string {
	const [kind = '', ...rest] = actor.split(':');
	if (kind === 'human' || kind === 'agent' || kind === 'cli') {
		return displayLine(rest.join(':'), 40);
	}
	return displayLine(kind === 'system' ? (rest[0]?.split('-')[0] ?? kind) : kind, 40);
}

/** Steps of a run that only repeat what the task's own events say. */
const quietTypes: readonly EventType[] = ['run.opened', 'run.changed', 'run.closed'];

export const isQuiet = ({ type }: Pick<LedgerEvent, 'type'>): boolean => quietTypes.includes(type);

export function toEventLine(event: LedgerEvent): EventLine {
	const { task_id: taskId = null, run_id: runId = null, type } = event;
	const text = displayLine(event.message, 240);
	return {
		sequence: event.sequence,
		at: Date.parse(event.at),
		actor: actorName(event.actor),
		// The line begins with the task's id already.
		text: taskId !== null && text.startsWith(`${taskId} `) ? text.slice(taskId.length + 1) : text,
		taskId,
		runId,
		type,
	};
}
