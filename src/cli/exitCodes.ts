// Owns what the exit codes mean. They are documented in the README and scripts rely on them.

export const exitCodes = {
	/** Done, and nothing needs attention. */
	done: 0,
	/** Refused or failed; nothing was changed by the refused action. */
	refused: 1,
	/** Wrong use: unknown command, missing or bad input. */
	usage: 2,
	/** Done, but something needs attention: problems on boards, a fault on the machine, tasks that failed. */
	attention: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
