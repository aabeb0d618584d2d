// Owns what actions may ask of the swarm host's process. Implemented in workspace/; the host itself answers for itself.

export interface HostStatus {
	readonly isRunning: boolean;
	readonly pid: number | undefined;
	readonly epoch: number | undefined;
}

export interface SwarmDoor {
	/** Where a swarm started here lives: it decides when the host ends by itself. */
	readonly startedFrom: 'editor' | 'terminal';
	/** Why agents may not be started here, as a sentence; undefined when they may (workspace trust). */
	refusal(): string | undefined;
	/** Checks what a host needs (git) and starts one when none leads. Fails with `git.*`, `host.*`. */
	ensureHost(): Promise<HostStatus>;
	status(): Promise<HostStatus>;
	/** Why nobody works on a task, as a phrase, from the code that decides; null when somebody does or when it is over. */
	whyWaiting(taskId: string): Promise<string | null>;
	/** The same for any task in any status, as one sentence. Fails with `task.unknown`. */
	explain(taskId: string): Promise<string>;
	/** Lands an accepted change in this very process, where no host leads and no window is open. Resolves when it is decided. */
	land(commandId: string): Promise<void>;
	/** Resolves when no host leads any more, or fails with `host.doesNotStop` after the time. */
	waitUntilStopped(timeoutMilliseconds: number): Promise<void>;
}
