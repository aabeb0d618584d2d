// Owns how the history of a task reads: who did what when, which fields changed from what to what, and why. Made from the events;
// nothing is stored for it, and no board grows by it.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { LedgerEvent } from '../events.ts';
import { fieldsOf, keysOf } from './taskChange.ts';
import type { MoveName } from './taskStatus.ts';
import { moveRules } from './taskStatus.ts';

export interface FieldChange {
	readonly field: string;
	/** Undefined where it was not there. */
	readonly from?: JsonValue;
	readonly to?: JsonValue;
}

export interface TimelineEntry {
	readonly sequence: number;
	readonly at: string;
	readonly who: string;
	/** A phrase: `edited`, `claim`, `created as READY: write the parser`. */
	readonly what: string;
	readonly why: string | null;
	readonly changes: readonly FieldChange[];
	/** Sequence of the change it took back; null where it took none back. */
	readonly undoes: number | null;
}

/** One entry an event, in the order of the events. */
export function timelineOf(events: readonly LedgerEvent[]): TimelineEntry[] {
	return events.map((event) => {
		const { sequence, at, actor, data } = event;
		const undoes = data?.['undoes'];
		return {
			sequence,
			at,
			who: actor,
			what: whatOf(event),
			why: textOf(data?.['reason']) ?? null,
			changes: changesOf(event),
			undoes: typeof undoes === 'number' ? undoes : null,
		};
	});
}

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

function whatOf({ type, message, data }: LedgerEvent): string {
	const move = textOf(data?.['move']);
	if (type === 'task.moved' && move !== undefined && Object.hasOwn(moveRules, move)) {
		return moveRules[move as MoveName].title;
	}
	return message;
}

function changesOf(event: LedgerEvent): FieldChange[] {
	const { type, data } = event;
	if (type !== 'task.moved' && type !== 'task.edited') {
		return [];
	}
	const [from, to] = [data?.['from'], data?.['to']];
	const status =
		type === 'task.moved' && from !== undefined && to !== undefined ? [{ field: 'status', from, to }] : [];
	const [fields, keys] = [fieldsOf(event), keysOf(event)];
	return [...status, ...listed(fields.from, fields.to), ...listed(keys.from, keys.to)];
}

const listed = (from: JsonObject, to: JsonObject): FieldChange[] =>
	[...new Set([...Object.keys(from), ...Object.keys(to)])].map((field) => ({
		field,
		...(Object.hasOwn(from, field) ? { from: from[field] ?? null } : {}),
		...(Object.hasOwn(to, field) ? { to: to[field] ?? null } : {}),
	}));

/** The timeline as lines for a person, newest last. */
export function timelineLines(entries: readonly TimelineEntry[]): string[] {
	return entries.flatMap(({ at, who, what, why, changes, undoes, sequence }) => {
		const took = undoes === null ? '' : ` (takes back #${undoes})`;
		const because = why === null || what.includes(why) ? '' : `: ${displayLine(why, 400)}`;
		return [
			`${at}  #${sequence}  ${displayLine(who, 80)}  ${displayLine(what, 400)}${because}${took}`,
			...changes.map(
				(change) => `    ${displayLine(change.field, 80)}: ${shown(change.from)} → ${shown(change.to)}`,
			),
		];
	});
}

function shown(value: JsonValue | undefined): string {
	if (value === undefined || value === null || value === '') {
		return 'nothing';
	}
	return displayLine(typeof value === 'string' ? value : JSON.stringify(value), 200);
}
