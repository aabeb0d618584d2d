// Owns who the person at this editor is. The name goes to `claimed_by` and to every event, the same as in a terminal.

import { userInfo } from 'node:os';
import type { Actor } from '../core/actor.ts';

function accountName(): string {
	try {
		return userInfo().username;
	} catch {
		// An account without a name (a container's bare uid) is no reason to stop.
		return 'me';
	}
}

export const person: Actor = { kind: 'human', id: accountName() };
