// Owns a language model for tests without an editor: it answers as a script says, remembers its conversations as the real port does,
// and can be slow, silent or refused.

import type {
	AnswerListener,
	Conversation,
	ConversationRequest,
	LanguageModelPort,
	ModelAnswer,
	ModelMessage,
	ModelUsage,
	OfferedModel,
	TextPart,
	ToolCallPart,
} from '../../src/core/models/languageModel.ts';

/** What the model answers to one request. */
export type LanguageModelStep =
	| {
			readonly say?: string;
			readonly call?: readonly (readonly [name: string, input: object])[];
			readonly usage?: ModelUsage;
	  }
	/** Begins to say this, and never ends. */
	| { readonly hang: string }
	| { readonly fail: Error };

/** What was said in the conversation so far, its newest message last. */
export type LanguageModelScript = (
	messages: readonly ModelMessage[],
	request: ConversationRequest,
) => LanguageModelStep;

export const testModel: OfferedModel = {
	vendor: 'test',
	family: 'scripted',
	id: 'scripted-1',
	version: '1',
	name: 'Scripted',
	max_input_tokens: 100_000,
};

/** Answers in this order, the last one for ever. */
export function inOrder(...steps: readonly LanguageModelStep[]): LanguageModelScript {
	return (messages) => {
		const index = messages.filter(({ role }) => role === 'assistant').length;
		return steps[Math.min(index, steps.length - 1)] ?? { say: 'Done.' };
	};
}

/** The answer's parts as a script's step says them. */
export function answerParts(step: LanguageModelStep): (TextPart | ToolCallPart)[] {
	if (!('say' in step || 'call' in step)) {
		return [];
	}
	calls += step.call?.length ?? 0;
	return [
		...(step.say === undefined ? [] : [{ kind: 'text', text: step.say } as const]),
		...(step.call ?? []).map(([name, input], index) => ({
			kind: 'call' as const,
			id: `call-${calls}-${index}`,
			name,
			input: JSON.parse(JSON.stringify(input)) as ToolCallPart['input'],
		})),
	];
}
let calls = 0;

export class ScriptedLanguageModel implements LanguageModelPort {
	script: LanguageModelScript;
	/** Every request as it was made, newest last. */
	readonly asked: (readonly ModelMessage[])[] = [];
	readonly opened: ConversationRequest[] = [];
	private readonly conversations = new Map<
		string,
		{ readonly said: ModelMessage[]; unsaid: readonly ModelMessage[] }
	>();

	constructor(script: LanguageModelScript = inOrder({ say: 'Nothing to do.' })) {
		this.script = script;
	}

	offered(): Promise<readonly OfferedModel[]> {
		return Promise.resolve([testModel]);
	}

	open(request: ConversationRequest): Promise<Conversation> {
		this.opened.push(request);
		const kept = this.conversations.get(request.conversation_id) ?? { said: [], unsaid: [] };
		this.conversations.set(request.conversation_id, kept);
		return Promise.resolve({
			earlier: [...kept.said, ...kept.unsaid],
			ask: async (messages, listener) => {
				kept.unsaid = [...kept.unsaid, ...messages];
				const whole = [...kept.said, ...kept.unsaid];
				this.asked.push(whole);
				const answer = await this.answer(whole, request, listener);
				kept.said.push(...kept.unsaid, { role: 'assistant', parts: answer.parts });
				kept.unsaid = [];
				return answer;
			},
		});
	}

	private async answer(
		messages: readonly ModelMessage[],
		request: ConversationRequest,
		{ signal, onText, onSign }: AnswerListener,
	): Promise<ModelAnswer> {
		signal.throwIfAborted();
		const step = this.script(messages, request);
		if ('fail' in step) {
			throw step.fail;
		}
		onSign();
		if ('hang' in step) {
			onText(step.hang);
			await new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
			});
		}
		const parts = answerParts(step);
		for (const part of parts) {
			if (part.kind === 'text') {
				onText(part.text);
			}
		}
		return { model: testModel, parts, ...('usage' in step ? { usage: step.usage } : {}) };
	}
}

/** Text of one message: what was said, called or came of a call. */
export function messageText({ parts }: ModelMessage): string {
	return parts
		.map((part) => (part.kind === 'call' ? `${part.name} ${JSON.stringify(part.input)}` : part.text))
		.join('\n');
}
