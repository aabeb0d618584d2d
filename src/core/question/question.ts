// Owns the shape of a question: what an agent wants to do and may not without the person's word. Only its run waits, or the start of
// its task.

import type { JsonObject } from '../../base/json.ts';

export const questionStates = ['open', 'answered', 'closed'] as const;
export const questionAnswers = ['allow', 'deny'] as const;
export type QuestionAnswer = (typeof questionAnswers)[number];

/** Stands where a question belongs to no run. */
export const noRun = '';

export interface Question {
	readonly question_id: string;
	/** `noRun` for the start of a task. */
	readonly run_id: string;
	readonly task_id: string;
	readonly agent_id: string;
	readonly kind: 'permission' | 'start';
	/** What the agent calls it, on one line; foreign text. */
	readonly title: string;
	/** Why the person is asked: the rule with its line, or the setting. */
	readonly why: string;
	/** The request as it was judged: kinds, commands, paths, kinds of the options offered. */
	readonly request: JsonObject;
	readonly state: (typeof questionStates)[number];
	/** null while it is open, and when it was closed without an answer. */
	readonly answer: QuestionAnswer | null;
	/** Whether the answer became a rule. */
	readonly is_remembered: boolean;
	/** Kind of the option the agent is given; null where it offers none that fits. */
	readonly option_kind: string | null;
	/** `human:ann`, or `policy` when a rule that came later decided. */
	readonly decided_by: string | null;
	/** Why it was closed, or which rule decided. */
	readonly note: string | null;
	readonly asked_at: string;
	readonly decided_at: string | null;
}
