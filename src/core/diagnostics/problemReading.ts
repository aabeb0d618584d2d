// Owns the shape of a question to an attached window: which problems the editor has for some files on the disk, and its answer. The
// question is a command in the ledger, its answer the command's.

import * as z from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { ProblemSeverity } from '../gate/gateSet.ts';

export interface ProblemPlace {
	/** Absolute path of a worktree. */
	readonly folder: string;
	/** Paths in it. */
	readonly files: readonly string[];
}

export interface ProblemRequest {
	readonly run_id: string;
	/** `warning` wants errors, too. */
	readonly severity: ProblemSeverity;
	/** A folder that is thrown away, where files with a planted fault may be put to see who answers. */
	readonly probe_folder: string;
	readonly places: readonly ProblemPlace[];
	/** Wall time in milliseconds after which nobody waits for the answer. */
	readonly until: number;
}

const problemSchema = z.object({
	path: z.string(),
	/** From 1. */
	line: z.number(),
	severity: z.enum(['error', 'warning']),
	message: z.string(),
	/** Who says so, such as `ts`; empty where it does not tell. */
	source: z.string(),
});
export type EditorProblem = z.infer<typeof problemSchema>;

const placeReadingSchema = z.object({
	problems: z.array(problemSchema),
	/** How many files were looked at by something that answers. */
	read: z.number(),
	/** Files that nothing in the editor answers for, though a fault was planted beside them. */
	silent: z.array(z.string()),
	/** Files the editor could not open as text. */
	unopened: z.array(z.string()),
	/** Files there was no time for. */
	left: z.array(z.string()),
	/** Who answered, such as `ts` and `eslint`. */
	sources: z.array(z.string()),
});
export type PlaceReading = z.infer<typeof placeReadingSchema>;

const answerSchema = z.object({ places: z.array(placeReadingSchema) });

/** What a window answered, place by place; undefined for what is no such answer. */
export function readProblemAnswer(answer: JsonObject | null): readonly PlaceReading[] | undefined {
	const parsed = answerSchema.safeParse(answer);
	return parsed.success ? parsed.data.places : undefined;
}
