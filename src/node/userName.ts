// Owns the name of the account that runs this program.

import { userInfo } from 'node:os';

/** The person at the terminal; a container without a user entry still has a number. */
export function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return `user-${process.getuid?.() ?? 0}`;
	}
}
