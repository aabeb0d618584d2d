// Owns comments on lines of a run's change: they live in the event log of the run, and go back to the agent with the change.

import type { JsonObject } from '../../base/json.ts';
import type { LedgerEvent } from '../events.ts';
import type { LedgerReader } from '../ledger.ts';

export interface ReviewNote {
	readonly note_id: string;
	/** File of the change, as it is called in the result. */
	readonly path: string;
	/** In the result, from 1. */
	readonly line: number;
	/** The line that was commented on. */
	readonly line_text: string;
	readonly text: string;
	/** Who said it, and when. */
	readonly author: string;
	readonly at: string;
}

function noteOf({ actor, at, data }: LedgerEvent): ReviewNote | undefined {
	const { note_id, path, line, line_text, text } = data ?? {};
	return typeof note_id === 'string' &&
		typeof path === 'string' &&
		typeof line === 'number' &&
		typeof line_text === 'string' &&
		typeof text === 'string'
		? { note_id, path, line, line_text, text, author: actor, at }
		: undefined;
}

/** Comments on a run's change that stand, by file and line. */
export const readNotes = async (reader: LedgerReader, runId: string): Promise<ReviewNote[]> =>
	notesOf(await reader.events({ run_id: runId }));

/** The same from the events of the run. */
export function notesOf(events: readonly LedgerEvent[]): ReviewNote[] {
	const gone = new Set(events.flatMap(({ type, data }) => (type === 'run.uncommented' ? [data?.['note_id']] : [])));
	return events
		.flatMap((event) => (event.type === 'run.commented' ? (noteOf(event) ?? []) : []))
		.filter(({ note_id }) => !gone.has(note_id))
		.sort((left, right) => (left.path === right.path ? left.line - right.line : left.path < right.path ? -1 : 1));
}

/** What an agent is told: what should be different, and each comment with its place. */
export function describeNotes(notes: readonly ReviewNote[], reason: string): string {
	return [
		...(reason === '' ? [] : [reason]),
		...notes.map(({ path, line, line_text, text }) => `${path}:${line} (${line_text.trim()}): ${text}`),
	].join('\n');
}

export const noteData = ({ author: _author, at: _at, ...note }: ReviewNote): JsonObject => ({ ...note });
