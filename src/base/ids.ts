// Owns identifiers. They are random, never max + 1, so that two clones of a repository cannot meet on one.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Random lower-case Crockford base32 text; 8 characters hold 40 bits. */
export function randomText(length: number): string {
	const bytes = crypto.getRandomValues(new Uint8Array(length));
	return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Id of one attempt at a task. Sorts by creation: milliseconds in base 36, then random text. */
export function newRunId(nowMilliseconds: number): string {
	return `run-${nowMilliseconds.toString(36)}-${randomText(6)}`;
}

/** Id of anything that lives as long as a process or a command. */
export function newId(prefix: string): string {
	return `${prefix}-${randomText(10)}`;
}
