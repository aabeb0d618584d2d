// Owns the page's end of the talk with the editor: typed messages out, a complete map of handlers in, and the little state the
// editor keeps for the page.

import type { Envelope, Handlers, Messages, Post } from '../../src/protocol/define.ts';
import { createPost, openEnvelope } from '../../src/protocol/define.ts';

interface EditorApi {
	postMessage(message: Envelope): void;
	getState(): unknown;
	setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

export interface EditorLink<Outgoing extends Messages> {
	readonly post: Post<Outgoing>;
	readonly state: Pick<EditorApi, 'getState' | 'setState'>;
}

/** Connects the page; call it once. Messages nobody declared are dropped. */
export function connectEditor<Outgoing extends Messages, Incoming extends Messages>(
	outgoing: Outgoing,
	handlers: Handlers<Incoming>,
): EditorLink<Outgoing> {
	const api = acquireVsCodeApi();
	addEventListener('message', ({ data }: MessageEvent<unknown>) => {
		const envelope = openEnvelope(data);
		if (envelope !== undefined && Object.hasOwn(handlers, envelope.message)) {
			// Only the editor can post into this page, and it sends what toWebview declares.
			handlers[envelope.message]?.(envelope.data as never);
		}
	});
	return { post: createPost(outgoing, (envelope) => api.postMessage(envelope)), state: api };
}
