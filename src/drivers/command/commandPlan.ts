// Owns what a task asks of the command driver: the fields of `params` it reads, and one line for what cannot be used. Fields it
// does not know are left to their author.

import * as z from 'zod';
import type { Task } from '../../core/task/task.ts';
import { bindFile } from './filePlaceholder.ts';

/** A board may come from anybody: this many at a time are enough for any machine. */
const mostAtATime = 32;

const pattern = z
	.string()
	.min(1, 'must not be empty')
	.refine((text) => !/^[/~]|^[A-Za-z]:|(?:^|\/)\.\.(?:\/|$)|\0/u.test(text), 'must stay inside the worktree');
const oneOrMore = z
	.union([pattern.transform((text) => [text]), z.array(pattern).min(1, 'must name a file')])
	.describe('Paths and globs, as in permission rules');

const matrixSchema = z.strictObject({
	files: oneOrMore,
	/** What others put there is no work of this repository; who wants it says `"exclude": []`. */
	exclude: z.union([pattern.transform((text) => [text]), z.array(pattern)]).default(['node_modules']),
	parallel: z.int().min(1).max(mostAtATime).default(1),
	continue_on_error: z.boolean().default(false),
});
export type Matrix = z.infer<typeof matrixSchema>;

const planSchema = z.looseObject({
	run: z.array(z.string()),
	env: z
		.record(
			z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'must be the name of a variable'),
			z.union([
				z.string().refine((text) => !text.includes('\0'), 'must not hold a NUL character'),
				z.union([z.number(), z.boolean()]).transform(String),
			]),
		)
		.default({}),
	step_timeout_seconds: z.number().positive().optional(),
	matrix: matrixSchema.optional(),
});
export type CommandPlan = z.infer<typeof planSchema>;

/** The steps of a task with their limits, or why there are none, as one line a person reads. */
export function readPlan(task: Task): { readonly plan: CommandPlan } | { readonly refusal: string } {
	// A record that was edited by hand may hold anything, whatever its type says.
	const steps: unknown = task.params.run;
	if (steps === undefined) {
		return {
			refusal: `${task.task_id} has no steps to run: give it "params": {"run": ["shell command", …]}, or an agent with a model.`,
		};
	}
	const isUsable = Array.isArray(steps) && steps.every((step) => typeof step === 'string' && step.trim() !== '');
	if (!isUsable || steps.length === 0) {
		return {
			refusal: `"params.run" of ${task.task_id} must be a list of shell commands, at least one, none of them empty.`,
		};
	}
	const parsed = planSchema.safeParse(task.params);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const name = ['params', ...(issue?.path ?? [])].join('.');
		return { refusal: `"${name}" of ${task.task_id} cannot be used: ${deepestMessage(issue)}.` };
	}
	const plan = parsed.data;
	const problem = plan.matrix === undefined ? undefined : plan.run.map(problemOf).find((text) => text !== undefined);
	return problem === undefined ? { plan } : { refusal: `"params.run" of ${task.task_id} cannot be used: ${problem}` };
}

function problemOf(step: string): string | undefined {
	const bound = bindFile(step, process.platform);
	return 'problem' in bound ? bound.problem : undefined;
}

/** Of a choice between shapes, the word about the shape that came nearest says more than "Invalid input". */
function deepestMessage(issue: z.core.$ZodIssue | undefined): string {
	const nested = issue?.code === 'invalid_union' ? issue.errors.flat() : [];
	return nested.find(({ code }) => code === 'custom' || code === 'too_small')?.message ?? issue?.message ?? '';
}
