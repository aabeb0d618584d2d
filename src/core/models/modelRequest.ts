// Owns the shape of a question to a language model as it lies in the ledger: one row for each time a model is to speak. A row holds only
// what is new in its conversation, so that a long one is not written anew with each turn.

import type { ModelAnswer, ModelMessage, ModelTool } from './languageModel.ts';
import type { ModelWish } from './modelSelector.ts';

/** `withdrawn`: nobody waits for the answer any more. */
export type ModelRequestState = 'asked' | 'taken' | 'answered' | 'failed' | 'withdrawn';

export interface ModelFailure {
	readonly code: `${string}.${string}`;
	readonly message: string;
	/** One sentence: what to do next. */
	readonly advice: string | null;
	/** Whether another try can help without a person doing something first. */
	readonly is_transient: boolean;
}

/** What is known of a question without its text. */
export interface ModelRequestHead {
	readonly request_id: string;
	readonly conversation_id: string;
	readonly run_id: string;
	readonly agent_id: string;
	/** Place in its conversation. */
	readonly sequence: number;
	/** Host, window or terminal that waits for the answer. */
	readonly asked_by: string;
	readonly model: ModelWish | null;
	readonly state: ModelRequestState;
	/** Window that is at it, or was. */
	readonly taken_by: string | null;
	readonly asked_at: string;
	readonly ended_at: string | null;
}

export interface ModelRequest extends ModelRequestHead {
	/** Everything said since the last answer. */
	readonly messages: readonly ModelMessage[];
	/** Null: those of the question before. */
	readonly tools: readonly ModelTool[] | null;
	/** The text so far, while it is being answered. */
	readonly partial: string;
	readonly answer: ModelAnswer | null;
	readonly failure: ModelFailure | null;
}

/** How a question came to its end. */
export type ModelRequestEnd =
	| { readonly state: 'answered'; readonly answer: ModelAnswer }
	| { readonly state: 'failed'; readonly failure: ModelFailure }
	| { readonly state: 'withdrawn' };

/** All that was said in a conversation and answered, and after it what got no answer, from its rows in order. */
export function readConversation(rows: readonly ModelRequest[]): {
	readonly answered: readonly ModelMessage[];
	readonly unsaid: readonly ModelMessage[];
	readonly tools: readonly ModelTool[];
} {
	const answered: ModelMessage[] = [];
	let unsaid: readonly ModelMessage[] = [];
	let tools: readonly ModelTool[] = [];
	for (const row of rows) {
		tools = row.tools ?? tools;
		// Each row says again what the one before got no answer to.
		unsaid = row.messages;
		if (row.answer !== null) {
			answered.push(...row.messages, { role: 'assistant', parts: row.answer.parts });
			unsaid = [];
		}
	}
	return { answered, unsaid, tools };
}
