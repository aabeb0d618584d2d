// Owns what the exit codes of the host's process mean.

export const hostExitCodes = {
	/** Stopped in order: nothing of it runs any more, every task is back in its queue or has its verdict. */
	stopped: 0,
	/** Could not start, or broke; the message is in the log and on stderr. */
	failed: 1,
	/** Wrong arguments. */
	usage: 2,
	/** Another host leads, or the ledger is gone; everything was ended at once and nothing was written. */
	leaseLost: 4,
} as const;
export type HostExitCode = (typeof hostExitCodes)[keyof typeof hostExitCodes];
