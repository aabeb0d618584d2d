// Owns the talk with one webview: what comes in is checked before a handler sees it, what goes out has a declared type.

import type { Disposable, Webview } from 'vscode';
import type { z } from 'zod';
import type { Logger } from '../../base/log.ts';
import type { Handlers, Messages, Post } from '../../protocol/define.ts';
import { createPost, openEnvelope } from '../../protocol/define.ts';

export interface ChannelParts<Incoming extends Messages, Outgoing extends Messages> {
	readonly webview: Webview;
	readonly schemas: Promise<{ readonly [Name in keyof Incoming]: z.ZodType }>;
	readonly handlers: Handlers<Incoming>;
	readonly outgoing: Outgoing;
	readonly log: Logger;
}

export interface PanelChannel<Outgoing extends Messages> extends Disposable {
	readonly post: Post<Outgoing>;
}

export function openChannel<Incoming extends Messages, Outgoing extends Messages>(
	parts: ChannelParts<Incoming, Outgoing>,
): PanelChannel<Outgoing> {
	const { webview, outgoing, log } = parts;
	const subscription = webview.onDidReceiveMessage((received: unknown) => {
		receive(parts, received).catch((error: unknown) =>
			log.error('A message of a webview could not be taken.', error),
		);
	});
	return {
		post: createPost(outgoing, (envelope) => void webview.postMessage(envelope)),
		dispose() {
			subscription.dispose();
		},
	};
}

async function receive<Incoming extends Messages, Outgoing extends Messages>(
	{ schemas, handlers, log }: ChannelParts<Incoming, Outgoing>,
	received: unknown,
): Promise<void> {
	const envelope = openEnvelope(received);
	const known = await schemas;
	if (envelope === undefined || !Object.hasOwn(known, envelope.message)) {
		log.warn(`A webview sent something that is no message: ${(JSON.stringify(received) ?? '').slice(0, 200)}`);
		return;
	}
	const parsed = known[envelope.message]?.safeParse(envelope.data);
	if (parsed?.success !== true) {
		log.warn(`A webview sent "${envelope.message}" with data that cannot be used: ${parsed?.error.message ?? ''}`);
		return;
	}
	// The schema of this very name was satisfied; its type is the handler's.
	handlers[envelope.message]?.(parsed.data as never);
}
