// Owns the contract of the editor's language models: what one is, what is said to it and what it answers. Where the models are, and
// how a question gets to them, is the business of whoever implements the port.

import type { JsonObject } from '../../base/json.ts';
import type { ModelWish } from './modelSelector.ts';

/** A model that an open window has. */
export interface OfferedModel {
	readonly vendor: string;
	readonly family: string;
	readonly id: string;
	readonly version: string;
	/** For people. */
	readonly name: string;
	/** Tokens that fit into one request. */
	readonly max_input_tokens: number;
}

export interface TextPart {
	readonly kind: 'text';
	readonly text: string;
}
export interface ToolCallPart {
	readonly kind: 'call';
	/** The model's own id of the call; its result names it. */
	readonly id: string;
	readonly name: string;
	readonly input: JsonObject;
}
export interface ToolResultPart {
	readonly kind: 'result';
	readonly id: string;
	readonly text: string;
}

export type ModelMessage =
	| { readonly role: 'user'; readonly parts: readonly (TextPart | ToolResultPart)[] }
	| { readonly role: 'assistant'; readonly parts: readonly (TextPart | ToolCallPart)[] };

export interface ModelTool {
	readonly name: string;
	readonly description: string;
	/** JSON Schema of its input. */
	readonly inputSchema: JsonObject;
}

export interface ModelUsage {
	readonly input_tokens: number;
	readonly output_tokens: number;
}

export interface ModelAnswer {
	/** Which one answered. */
	readonly model: Pick<OfferedModel, 'vendor' | 'family' | 'id' | 'name'>;
	readonly parts: readonly (TextPart | ToolCallPart)[];
	/** undefined where the model does not tell it, which is usual. */
	readonly usage?: ModelUsage | undefined;
}

export interface AnswerListener {
	/** Aborted when nobody waits for the answer any more; `ask` then rejects with the signal's reason. */
	readonly signal: AbortSignal;
	/** Milliseconds to wait for a window that has the model, before it is given up with `model.noWindow`. */
	readonly patience: number;
	/** The next piece of the answer's text. */
	onText(text: string): void;
	/** Somebody is at it: the question was taken, or more of the answer is there. */
	onSign(): void;
}

export interface ConversationRequest {
	/** Name of the conversation; the name of an earlier one goes on with it. */
	readonly conversation_id: string;
	readonly run_id: string;
	readonly agent_id: string;
	/** Which model is wanted; any when left out. */
	readonly model: ModelWish | undefined;
	readonly tools: readonly ModelTool[];
}

export interface Conversation {
	/** What was said in it before, also what got no answer; such a message is said again by itself. */
	readonly earlier: readonly ModelMessage[];
	/**
	 * Says messages after all that was said before, and resolves with the answer. What got no answer is said again before it.
	 * Rejects with `model.*` where nobody answers, in words for a person and with the next step.
	 */
	ask(messages: readonly ModelMessage[], listener: AnswerListener): Promise<ModelAnswer>;
}

export interface LanguageModelPort {
	/** Models of all windows that are open at this moment. */
	offered(): Promise<readonly OfferedModel[]>;
	open(request: ConversationRequest): Promise<Conversation>;
}
