// Owns the shape of a quick fix before an editor knows of it: a change of the text, or something to open or do.

import type { JsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { Agent } from '../agent/agent.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { TextChange } from '../jsonEdit.ts';
import type { Task } from '../task/task.ts';
import type { BoardSyntax } from './boardSyntax.ts';
import type { ProblemPlace } from './locateProblem.ts';

export interface TextFix {
	readonly title: string;
	readonly changes: readonly TextChange[];
	/** Most likely what is meant; the first of a problem's fixes only. */
	readonly isPreferred?: boolean;
	/** Loses nothing and leaves no choice: may be made for every problem of the kind. */
	readonly isSafe?: boolean;
}

export interface DeedFix {
	readonly title: string;
	/** What is done instead of a change: the editor knows how. */
	readonly deed: 'acceptLedger' | 'showRepair' | 'openCopy' | 'openAgents' | 'openRelated';
}

export type BoardFix = TextFix | DeedFix;

export const isTextFix = (fix: BoardFix): fix is TextFix => 'changes' in fix;

/** What the ledger knows, for fixes that name something of it. */
export interface FixFacts {
	readonly tasks: ReadonlyMap<string, { readonly task: Task }>;
	/** What the boards show of the tasks that have problems, by id. */
	readonly records: ReadonlyMap<string, JsonObject>;
	readonly agents: readonly Agent[];
	/** An id nobody has, for a task of this name. */
	readonly newId: (name: string) => string;
	/** The time the ledger knows for a stamp of a task, as ISO text. */
	readonly timeOf: (taskId: string, key: string) => string | undefined;
}

export interface FixInput {
	readonly problem: BoardProblem;
	readonly place: ProblemPlace;
	readonly syntax: BoardSyntax;
	readonly facts: FixFacts;
}

export type FixMaker = (input: FixInput) => BoardFix[];

/** A change inside the record of a problem as a fix; none when the change could not be made. */
export function recordFix(
	{ place }: FixInput,
	title: string,
	change: TextChange | undefined,
	more: Pick<TextFix, 'isPreferred' | 'isSafe'> = {},
): TextFix[] {
	if (change === undefined) {
		return [];
	}
	const { start } = place.record;
	return [
		{
			title: displayLine(title, 120),
			changes: [{ start: start + change.start, end: start + change.end, text: change.text }],
			...more,
		},
	];
}
