// Owns the bytes between us and an agent: lines in, messages out. Only what is a message reaches the SDK, which would answer
// anything else with an error of its own; session updates are handed on here, raw and in order, because the SDK drops those
// it does not know and strips fields of the others.

import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { isJsonObject } from '../../base/json.ts';
import { createLineSplitter } from './acpLines.ts';

export interface WireEvents {
	/** Parameters of a `session/update`, not checked. */
	onUpdate(parameters: unknown): void;
	/** A line that is no message of the protocol. */
	onText(line: string): void;
	/** A line too long to be kept; it was left out. */
	onOversize(bytes: number): void;
	/** An answer to nothing we asked. */
	onStray(message: unknown): void;
	/** Each line of either direction as it is; not there where nobody records them. */
	onLine?: ((direction: 'sent' | 'received', line: string) => void) | undefined;
	/** Bytes came, whatever they are. */
	onActivity?(): void;
}

/** The SDK's own limit for one message. */
const maximumMessageBytes = 32 * 1024 * 1024;

/** A stream of messages over the two pipes of a process. */
export function createWire(
	input: WritableStream<Uint8Array>,
	output: ReadableStream<Uint8Array>,
	events: WireEvents,
	maximumBytes = maximumMessageBytes,
): Stream {
	const asked = new Set<unknown>();
	const encoder = new TextEncoder();
	const decoder = new TextDecoder();
	const lines = createLineSplitter(maximumBytes, (bytes) => events.onOversize(bytes));
	const reader = output.getReader();

	const readLine = (bytes: Uint8Array): AnyMessage | undefined => {
		const line = decoder.decode(bytes).trim();
		if (line === '') {
			return undefined;
		}
		events.onLine?.('received', line);
		const message = parseMessage(line);
		if (message === undefined) {
			events.onText(line);
			return undefined;
		}
		if (!('id' in message) && 'method' in message && message.method === 'session/update') {
			events.onUpdate(message.params);
			return undefined;
		}
		if (!('method' in message) && !asked.delete(message.id)) {
			events.onStray(message);
			return undefined;
		}
		return message;
	};
	return {
		readable: new ReadableStream<AnyMessage>({
			async pull(controller) {
				for (let isFound = false; !isFound;) {
					const { value, done } = await reader.read();
					events.onActivity?.();
					for (const line of done ? lines.flush() : lines.push(value)) {
						const message = readLine(line);
						if (message !== undefined) {
							controller.enqueue(message);
							isFound = true;
						}
					}
					if (done) {
						controller.close();
						return;
					}
				}
			},
			cancel: (reason) => reader.cancel(reason),
		}),
		writable: new WritableStream<AnyMessage>({
			async write(message) {
				if ('method' in message && 'id' in message) {
					asked.add(message.id);
				}
				const writer = input.getWriter();
				const line = JSON.stringify(message);
				events.onLine?.('sent', line);
				try {
					await writer.write(encoder.encode(`${line}\n`));
				} finally {
					writer.releaseLock();
				}
			},
		}),
	};
}

/** A JSON-RPC message, or undefined for any other text, JSON or not (agents log JSON lines, too). */
function parseMessage(line: string): AnyMessage | undefined {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return undefined;
	}
	if (!isJsonObject(value)) {
		return undefined;
	}
	const isCall = typeof value['method'] === 'string';
	const isAnswer = !('method' in value) && 'id' in value && ('result' in value || 'error' in value);
	return isCall || isAnswer ? ({ ...value, jsonrpc: '2.0' } as unknown as AnyMessage) : undefined;
}
