// Owns that no secret is in the recorded messages of a protocol: neither in a line, however JSON writes it, nor spread over the pieces
// in which an agent says a message. Whatever holds none is handed on as it was.

import { isJsonObject, mapTexts, parseJsonOrUndefined } from '../../base/json.ts';
import type { DriverListener, ProtocolDirection } from '../../core/driver/driver.ts';
import { hideValues } from '../secretFilter.ts';
import { objectAt, textAt } from './acpRead.ts';

export interface ProtocolFilter {
	readonly add: (direction: ProtocolDirection, line: string) => void;
	/** Hands on what is still held back. */
	flush(): void;
}

/** A piece of a message, and its line with another text in its place. */
interface Piece {
	readonly stream: string;
	readonly text: string;
	readonly line: string;
	withText(text: string): string;
}

/** A filter for one run; undefined where nobody records. `secrets` are told by `jobSecrets`. */
export function createProtocolFilter(
	record: DriverListener['onProtocol'],
	secrets: readonly string[],
): ProtocolFilter | undefined {
	if (record === undefined) {
		return undefined;
	}
	const hide = hideValues(secrets);
	/** Pieces that follow each other and may end in the middle of a secret. */
	let held: readonly Piece[] = [];
	/** The record is full: to look through what is thrown away would hold up the agent. */
	let isFull = false;
	const tell = (direction: ProtocolDirection, line: string) => {
		isFull ||= !record(direction, line);
	};
	const flush = () => {
		held.forEach(({ line }) => tell('received', line));
		held = [];
	};
	return {
		flush,
		add(direction, rawLine) {
			if (isFull) {
				return;
			}
			const line = hideInLine(rawLine, hide);
			const piece = direction === 'received' ? pieceOf(line) : undefined;
			if (piece === undefined || piece.stream !== held[0]?.stream) {
				flush();
			}
			if (piece === undefined) {
				tell(direction, line);
				return;
			}
			held = hideInPieces([...held, piece], hide);
			if (!mayGoOn(textOf(held), secrets)) {
				flush();
			}
		},
	};
}

/** A line without secrets; the same characters where it holds none. */
function hideInLine(line: string, hide: (text: string) => string): string {
	const plain = hide(line);
	const message = parseJsonOrUndefined(plain);
	if (message === undefined) {
		return plain;
	}
	let isOther = false;
	const hidden = mapTexts(message, (text) => {
		const shown = hide(text);
		isOther ||= shown !== text;
		return shown;
	});
	return isOther ? JSON.stringify(hidden) : plain;
}

const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

/** The pieces without a secret that is spread over them; then the first says it all. */
function hideInPieces(pieces: readonly Piece[], hide: (text: string) => string): readonly Piece[] {
	const said = textOf(pieces);
	const shown = hide(said);
	return shown === said
		? pieces
		: pieces.map((piece, index) => {
				const text = index === 0 ? shown : '';
				return { ...piece, text, line: piece.withText(text) };
			});
}

/** Whether a text ends with the beginning of a secret. */
const mayGoOn = (text: string, secrets: readonly string[]): boolean =>
	secrets.some((secret) => {
		for (let length = Math.min(secret.length - 1, text.length); length > 0; length -= 1) {
			if (text.endsWith(secret.slice(0, length))) {
				return true;
			}
		}
		return false;
	});

/** The piece of a message, a thought or a prompt that is told again; undefined for every other line. */
function pieceOf(line: string): Piece | undefined {
	const message = parseJsonOrUndefined(line);
	if (!isJsonObject(message) || message['method'] !== 'session/update') {
		return undefined;
	}
	const params = objectAt(message, 'params');
	const update = objectAt(params, 'update');
	const content = objectAt(update, 'content');
	const [kind, text] = [textAt(update, 'sessionUpdate'), textAt(content, 'text')];
	if (kind?.endsWith('_chunk') !== true || text === undefined) {
		return undefined;
	}
	return {
		stream: `${textAt(params, 'sessionId') ?? ''} ${kind}`,
		text,
		line,
		withText: (next) =>
			JSON.stringify({
				...message,
				params: { ...params, update: { ...update, content: { ...content, text: next } } },
			}),
	};
}
