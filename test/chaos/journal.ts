// Owns what a process of the chaos run writes down about itself, outside of the workspace: what it is about to do, and what it was
// told came of it. A line is handed to the system before the next step begins, so it outlives the SIGKILL of its writer.

import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One operation on the ledger. `token` is a text that nothing else in the run contains. */
export interface Intent {
	readonly kind: 'intent';
	readonly token: string;
	readonly action: string;
	readonly task: string;
	/** Epoch of the run the caller says it works for; left out when it says nothing. */
	readonly epoch?: number;
}

/** The operation was acknowledged: from here on it must never be lost. */
export interface Acknowledged {
	readonly kind: 'acknowledged';
	readonly token: string;
	readonly run?: string;
	readonly epoch?: number;
}

/** The operation was refused: it must have left nothing behind. */
export interface Refused {
	readonly kind: 'refused';
	readonly token: string;
	readonly code: string;
}

/** A hand edit stood in a board file, and nobody but Dream.OS wrote to the boards until the line after it. */
export interface Edit {
	readonly kind: 'edit';
	readonly token: string;
	readonly board: string;
	readonly task: string;
	/** The last event at that time, to find one's way in the history. */
	readonly sequence: number;
}

/** What became of it. `vanished`: it is neither in the file nor told by the ledger. `waiting`: nobody has read it yet. */
export interface EditOutcome {
	readonly kind: 'outcome';
	readonly token: string;
	readonly outcome: 'taken' | 'waiting' | 'vanished';
	readonly sequence: number;
}

/** Work that is counted, and no more: a board rewritten by a careless program, a checkout. */
export interface Note {
	readonly kind: 'note';
	readonly what: string;
}

export type JournalLine = Intent | Acknowledged | Refused | Edit | EditOutcome | Note;

export class Journal {
	private readonly file: number;

	/** @param name of the life that writes: role, number, and how often it was begun anew, as in `writer-2.14`. */
	constructor(folder: string, name: string) {
		this.file = openSync(join(folder, `${name}.jsonl`), 'a');
	}

	write(line: JournalLine): void {
		writeSync(this.file, `${JSON.stringify(line)}\n`);
	}

	close(): void {
		closeSync(this.file);
	}
}

/** Name of a life and its lines in order. A last line that was cut short by a kill is left out: it was not said. */
export function* readJournals(folder: string): Iterable<readonly [string, readonly JournalLine[]]> {
	for (const name of readdirSync(folder).sort()) {
		if (name.endsWith('.jsonl')) {
			const whole = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
			yield [name.slice(0, -'.jsonl'.length), whole.map((line) => JSON.parse(line) as JournalLine)];
		}
	}
}
