// Owns what a checkpoint tells of the work beside its files, and how that reads in a prompt. Stories written by earlier versions
// lack what was added later; they stay readable.

import * as z from 'zod';

const lines = z.array(z.string()).default([]);

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
	/** What it reported in so many words, and what people said to it; never shortened away by what came later. Each says whose word it is. */
	pinned: z.array(z.string()),
	/** What was decided: answers of people and of the rules to its questions, sides chosen in conflicts. */
	decisions: lines,
	/** The last tool calls and how they ended, alike ones counted. */
	did: lines,
	/** The agent's plan with what is done of it; empty without one. */
	plan: z.string(),
	/** Where it is in the plan; null without one. */
	plan_position: z.object({ done: z.number(), total: z.number(), current: z.string() }).nullable().default(null),
	/** Usage as the agent reported it last; empty when it reports none. */
	usage: z.string(),
	/** Ignored files and folders that are not in it, with the reason. */
	left_out: lines,
});
export type CheckpointStory = z.output<typeof storySchema>;

/** undefined for what is no story. */
export function readStory(value: unknown): CheckpointStory | undefined {
	const parsed = storySchema.safeParse(value);
	return parsed.success ? parsed.data : undefined;
}

/** Plan, pinned facts, decisions, what was done and the last words of a story as text; empty for what is none. */
export function describeStory(value: unknown): string {
	const story = readStory(value);
	if (story === undefined) {
		return '';
	}
	const { plan, plan_position: position, pinned, decisions, did, summary } = story;
	const where = position === null ? '' : ` (${position.done} of ${position.total} done)`;
	const parts: readonly (readonly [title: string, text: string])[] = [
		[`Plan${where}`, plan],
		['Reported', pinned.join('\n')],
		['Decided', decisions.join('\n')],
		['Done last', did.join('\n')],
		['Said last', summary],
	];
	return parts
		.filter(([, text]) => text !== '')
		.map(([title, text]) => `${title}:\n${text}`)
		.join('\n\n');
}
