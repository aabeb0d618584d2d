// Owns that a conversation fits into a model: of what is too long the oldest results of tools are cut first, because a model can look
// again. What people said, and what the model itself said, stays.

import type { ModelMessage } from './languageModel.ts';

/** Characters a token has at least, on the whole; code has fewer than prose. */
const charactersPerToken = 3;
const keptCharacters = 200;
const cutNote = '\n[… cut, because it is long ago; look again where it matters]';

/** The messages, shortened where they have more than `tokens` together by a rough count; 0 for no limit. */
export function fitConversation(messages: readonly ModelMessage[], tokens: number): readonly ModelMessage[] {
	let excess = tokens <= 0 ? 0 : sizeOf(messages) - tokens * charactersPerToken;
	if (excess <= 0) {
		return messages;
	}
	return messages.map((message): ModelMessage => {
		if (message.role !== 'user') {
			return message;
		}
		const parts = message.parts.map((part) => {
			if (excess <= 0 || part.kind !== 'result' || part.text.length <= keptCharacters + cutNote.length) {
				return part;
			}
			const text = `${part.text.slice(0, keptCharacters)}${cutNote}`;
			excess -= part.text.length - text.length;
			return { ...part, text };
		});
		return { role: 'user', parts };
	});
}

const sizeOf = (messages: readonly ModelMessage[]): number => JSON.stringify(messages).length;
