// Owns the verdict over a chaos run. It shares no rule with the product: it reads the ledger with plain SQL, the boards with a plain
// parse, and the journals of those who worked, and says where the three do not fit together.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { checkBoards } from './checkBoards.ts';
import { checkJournals } from './checkJournals.ts';
import { readHistory } from './history.ts';

export const rules = {
	process: 'Nobody ends otherwise than killed or in order',
	integrity: 'The database is whole, durable as promised, and its events are dense',
	history: 'The events of each task follow the table of moves and end in what the ledger says',
	doubleClaim: 'A task has one run at a time, each with a higher epoch',
	fence: 'What a worker wrote was written while its run held the task',
	lostWrite: 'What was acknowledged is in the history, once',
	ghostWrite: 'What was refused, or never asked for, is not in the history',
	order: 'What one process did one after the other stands in that order in the history',
	board: 'Every board can be read',
	mirror: 'Every board shows what the ledger says',
	quarantine: 'Nothing that could be read is in quarantine, but what a person let be replaced',
	handEdit: 'What stood in a board file while nobody else wrote to it was taken over or told',
} as const;
export type Rule = keyof typeof rules;

export interface Finding {
	readonly rule: Rule;
	readonly message: string;
}

export interface CheckInput {
	/** The workspace. */
	readonly folder: string;
	/** The database; another than the workspace's where a test wants to. */
	readonly ledger: string;
	readonly journals: string;
}

export interface Verdict {
	readonly findings: readonly Finding[];
	/** Operations that were acknowledged, refused, and never answered because somebody was killed; by role. */
	readonly operations: Readonly<Record<string, { acknowledged: number; refused: number; unanswered: number }>>;
	/** Refusals by code. */
	readonly refusals: Readonly<Record<string, number>>;
	/** Work on files by kind: edits, rewrites, checkouts. */
	readonly fileWork: Readonly<Record<string, number>>;
	/** Hand edits that were watched, by what became of them. */
	readonly edits: Readonly<Record<string, number>>;
	readonly events: number;
	readonly tasks: number;
	readonly quarantined: number;
}

/** Findings of one rule beyond this many are told by their number only. */
const toldOfEach = 20;

export function check({ folder, ledger, journals }: CheckInput): Verdict {
	const found: Finding[] = [];
	const counts = new Map<Rule, number>();
	const tell = (rule: Rule, message: string): void => {
		const count = (counts.get(rule) ?? 0) + 1;
		counts.set(rule, count);
		if (count <= toldOfEach) {
			found.push({ rule, message });
		}
	};
	const database = new DatabaseSync(ledger, { readOnly: true });
	try {
		for (const row of database.prepare('pragma integrity_check(10)').all()) {
			if (row['integrity_check'] !== 'ok') {
				tell('integrity', String(row['integrity_check']));
			}
		}
		const history = readHistory(database, tell);
		const work = checkJournals(journals, history, tell);
		checkBoards(folder, database, history, tell);
		const quarantined = checkQuarantine(folder, history.accepted, tell);
		for (const [rule, count] of counts) {
			if (count > toldOfEach) {
				found.push({ rule, message: `and ${count - toldOfEach} more` });
			}
		}
		return { findings: found, ...work, events: history.events, tasks: history.tasks.size, quarantined };
	} finally {
		database.close();
	}
}

export type Tell = (rule: Rule, message: string) => void;

/** A copy that can be read was made of something that was no fault, unless a person had the board replaced. */
function checkQuarantine(folder: string, accepted: ReadonlySet<string>, tell: Tell): number {
	const quarantine = join(folder, 'runtime', 'quarantine');
	const names = existsSync(quarantine) ? readdirSync(quarantine) : [];
	for (const name of names) {
		if (accepted.has(`runtime/quarantine/${name}`)) {
			continue;
		}
		let value: unknown;
		try {
			value = JSON.parse(readFileSync(join(quarantine, name), 'utf8'));
		} catch {
			continue;
		}
		if (Array.isArray(value)) {
			tell('quarantine', `${name} is a list of ${value.length} records that can be read.`);
		}
	}
	return names.length;
}
