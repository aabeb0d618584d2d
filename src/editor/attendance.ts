// Owns what a window does for a swarm as long as it is open: it is there for landings, models and problems, and keeps the host alive.
// A file of its own in the package, loaded with the first workspace.

import type { Logger } from '../base/log.ts';
import { DisposableStore } from '../base/disposable.ts';
import { HostKeeper } from './hostKeeper.ts';
import type { Notifier } from './notify.ts';
import { WindowPresence } from './windowPresence.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Attends until what it returns is disposed. */
export function attend(session: WorkspaceSession, notifier: Notifier, log: Logger): DisposableStore {
	const lifetime = new DisposableStore();
	const presence = lifetime.add(new WindowPresence(session, log));
	lifetime.add(new HostKeeper(session, presence.name, notifier, log));
	return lifetime;
}
