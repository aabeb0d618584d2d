// Owns what a checkpoint is: a hidden commit of a run's worktree, whose message says how far the run was. Being one git object it is
// there as a whole or not at all, and git's own id of it is the checksum of both.

import * as z from 'zod';
import { parseJsonOrUndefined } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { ReferenceText } from '../ports.ts';

const storySchema = z.object({
	task_id: z.string(),
	worker: z.string(),
	attempt: z.number(),
	/** Commit the worktree began with. */
	base: z.string(),
	/** When it was made, ISO 8601. */
	at: z.string(),
	/** The session of the agent, where it has one. */
	session_id: z.string().nullable(),
	/** The last the agent said. */
	summary: z.string(),
	/** What it reported in so many words, and what people said to it; never shortened away by what came later. */
	pinned: z.array(z.string()),
	/** The agent's plan with what is done of it; empty without one. */
	plan: z.string(),
	/** Usage as the agent reported it last; empty when it reports none. */
	usage: z.string(),
});
export type CheckpointStory = z.output<typeof storySchema>;

export interface Checkpoint {
	/** `<run>/<number>`. */
	readonly id: string;
	readonly run_id: string;
	readonly number: number;
	readonly commit: string;
	/** undefined for work that was set aside by a restore, or a story that cannot be read; the files are there all the same. */
	readonly story: CheckpointStory | undefined;
	/** First line of the commit's message. */
	readonly title: string;
}

export const checkpointPrefix = 'refs/dreamos/checkpoints/';
export const checkpointReference = (runId: string, number: number): string => `${checkpointPrefix}${runId}/${number}`;
const named = /^refs\/dreamos\/checkpoints\/([^/]+)\/(\d+)$/u;

/** The run a reference is a checkpoint of; undefined for any other reference. */
export const checkpointedRun = (name: string): string | undefined => named.exec(name)?.[1];

/** The message of the commit. */
export function checkpointMessage(runId: string, number: number, story: CheckpointStory): string {
	return `Dream.OS: checkpoint ${number} of ${runId} (${displayLine(story.task_id)})\n\n${JSON.stringify(story)}`;
}

/** Checkpoints among references, by run, the oldest first. */
export function readCheckpoints(references: readonly ReferenceText[]): Checkpoint[] {
	return references
		.flatMap(({ name, commit, message }) => {
			const [, run, digits] = named.exec(name) ?? [];
			if (run === undefined || digits === undefined) {
				return [];
			}
			const [title = '', , ...rest] = message.trim().split('\n');
			const parsed = storySchema.safeParse(parseJsonOrUndefined(rest.join('\n')));
			const story = parsed.success ? parsed.data : undefined;
			return [{ id: `${run}/${digits}`, run_id: run, number: Number(digits), commit, title, story }];
		})
		.toSorted((left, right) => left.run_id.localeCompare(right.run_id) || left.number - right.number);
}

/** Plan, pinned facts and summary of a story as text; empty for what is none. */
export function describeStory(story: unknown): string {
	const parsed = storySchema.safeParse(story);
	if (!parsed.success) {
		return '';
	}
	const { plan, pinned, summary } = parsed.data;
	return [
		...(plan === '' ? [] : [`Plan:\n${plan}`]),
		...(pinned.length === 0 ? [] : [`Reported:\n${pinned.join('\n')}`]),
		...(summary === '' ? [] : [`Said last:\n${summary}`]),
	].join('\n\n');
}
