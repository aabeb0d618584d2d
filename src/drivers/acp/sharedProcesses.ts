// Owns the processes that serve several runs, each found by its key: it starts one when the first run comes, ends it soon after the
// last one went, and gives no new run to one in which something went wrong.

import type { ProcessRunner } from '../../core/ports.ts';
import type { AgentProcess } from './agentProcess.ts';

/** A place in a process, to be given back exactly once. */
export interface ProcessPlace {
	readonly process: AgentProcess;
	/**
	 * Gives it back. `isClean`: the session ended as it should, so that others may come after it. Resolves when nothing of the session
	 * is left that can be told from others; the process itself ends with its last session.
	 */
	release(graceMilliseconds: number, isClean: boolean): Promise<void>;
}

export interface SharedProcesses {
	/** A place in the process of this key, which is started where there is none; `folder` is what the session works in. */
	enter(key: string, folder: string, start: () => Promise<AgentProcess>): Promise<ProcessPlace>;
	/** Ends those that wait for another run. */
	dispose(): Promise<void>;
}

export interface SharingLimits {
	/** How long a process waits for another run after its last one, in milliseconds. */
	readonly idle: number;
	/** Sessions in the life of one process: some agents forget none. */
	readonly sessions: number;
}

export const defaultSharingLimits: SharingLimits = { idle: 5_000, sessions: 32 };
/** Between the end of stdin and the end of the process tree, for one that waits for nothing. */
const idleGrace = 1_000;

interface Entry {
	readonly opening: Promise<AgentProcess>;
	users: number;
	sessions: number;
	timer: ReturnType<typeof setTimeout> | undefined;
}

export function createSharedProcesses(
	processes: Pick<ProcessRunner, 'endInFolder'>,
	limits: SharingLimits = defaultSharingLimits,
): SharedProcesses {
	const entries = new Map<string, Entry>();
	const idle = new Map<Entry, () => Promise<void>>();

	const retire = (key: string, entry: Entry) => {
		if (entries.get(key) === entry) {
			entries.delete(key);
		}
	};
	const end = async ({ running, close }: AgentProcess, graceMilliseconds: number) => {
		try {
			await running.stop(graceMilliseconds);
		} finally {
			close();
		}
	};
	const rest = (key: string, entry: Entry, process: AgentProcess) => {
		const endNow = async () => {
			clearTimeout(entry.timer);
			idle.delete(entry);
			retire(key, entry);
			await end(process, idleGrace);
		};
		idle.set(entry, endNow);
		entry.timer = setTimeout(() => void endNow().catch(() => undefined), limits.idle);
	};
	const open = (key: string, start: () => Promise<AgentProcess>): Entry => {
		const entry: Entry = { opening: start(), users: 0, sessions: 0, timer: undefined };
		entries.set(key, entry);
		entry.opening.then(
			({ running }) => void running.exited.finally(() => retire(key, entry)),
			() => retire(key, entry),
		);
		return entry;
	};
	return {
		async enter(key, folder, start) {
			const entry = entries.get(key) ?? open(key, start);
			entry.users += 1;
			entry.sessions += 1;
			clearTimeout(entry.timer);
			idle.delete(entry);
			if (entry.sessions >= limits.sessions) {
				retire(key, entry);
			}
			const process = await entry.opening;
			let hasExited = false;
			void process.running.exited.then(() => (hasExited = true));
			return {
				process,
				async release(graceMilliseconds, isClean) {
					entry.users -= 1;
					if (!isClean) {
						retire(key, entry);
					}
					const isKept = entries.get(key) === entry && !hasExited;
					if (hasExited || (entry.users === 0 && !isKept)) {
						await end(process, graceMilliseconds);
						return;
					}
					if (entry.users === 0) {
						rest(key, entry, process);
					}
					await processes.endInFolder(process.running.identity, folder);
				},
			};
		},
		async dispose() {
			await Promise.allSettled([...idle.values()].map((endNow) => endNow()));
		},
	};
}
