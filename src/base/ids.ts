// Owns identifiers. They are random, never max + 1, so that two clones of a repository cannot meet on one.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Asking the system for a few bytes costs as much as asking for many. */
const pool = new Uint8Array(1024);
let used = pool.length;

/** Random lower-case Crockford base32 text; 8 characters hold 40 bits. */
export function randomText(length: number): string {
	let text = '';
	while (text.length < length) {
		if (used === pool.length) {
			crypto.getRandomValues(pool);
			used = 0;
		}
		text += alphabet[(pool[used] ?? 0) % alphabet.length];
		used += 1;
	}
	return text;
}

/** Id of one attempt at a task. Sorts by creation: milliseconds in base 36, then random text. */
export function newRunId(nowMilliseconds: number): string {
	return `run-${nowMilliseconds.toString(36)}-${randomText(6)}`;
}

/** Id of anything that lives as long as a process or a command. */
export function newId(prefix: string): string {
	return `${prefix}-${randomText(10)}`;
}
