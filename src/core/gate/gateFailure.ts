// Owns which kind of failure a gate command met, as a stable code: the work is not good enough, or the command itself cannot be used
// as a gate. What follows from a code is said in core/recovery.

import type { ProcessResult } from '../ports.ts';

/** A gate that printed more than this is ended: no build says so much, and reading it costs everybody else. */
export const mostGateOutput = 256_000_000;

export const gateFailureCodes = [
	'gate.failed',
	'gate.timeout',
	'gate.flooded',
	'gate.needsTerminal',
	'gate.notStarted',
	'gate.killed',
	'gate.deletedWorktree',
	'gate.deletedWork',
] as const;
export type GateFailureCode = (typeof gateFailureCodes)[number];

const terminalWords =
	/not a (?:tty|terminal)|\/dev\/tty|inappropriate ioctl for device|must be run (?:from|in) a terminal|requires? an? (?:interactive )?(?:tty|terminal)|cannot prompt|stdin is not/iu;

export interface GateTrouble {
	readonly isFlooded: boolean;
	/** Whether the folder it ran in is still there. */
	readonly isFolderThere: boolean;
}

/** The code of what went wrong; undefined when the gate passed. */
export function gateFailureCode(
	{ ending, exitCode, output }: Pick<ProcessResult, 'ending' | 'exitCode' | 'output'>,
	{ isFlooded, isFolderThere }: GateTrouble,
): GateFailureCode | undefined {
	if (!isFolderThere) {
		return 'gate.deletedWorktree';
	}
	if (isFlooded) {
		return 'gate.flooded';
	}
	switch (ending) {
		case 'timeout':
			return 'gate.timeout';
		case 'notFound':
			return 'gate.notStarted';
		case 'signal':
		case 'aborted':
			return 'gate.killed';
		case 'exited':
			return exitCode === 0 ? undefined : terminalWords.test(output) ? 'gate.needsTerminal' : 'gate.failed';
	}
}

const advice: Readonly<Partial<Record<GateFailureCode, string>>> = {
	'gate.deletedWorktree':
		'It deleted the worktree it ran in; the work was kept before and is safe. A gate must not delete its folder: correct the command.',
	'gate.flooded': `It printed more than ${mostGateOutput / 1_000_000} MB and was ended: let it print less.`,
	'gate.needsTerminal':
		'It wants a terminal, and gates have none: nobody can type an answer. Give the command an option that asks nothing, such as --yes or --ci.',
};

/** What to do about a command that cannot be used as a gate; empty where its output says enough. */
export const gateAdvice = (code: GateFailureCode): string => (advice[code] === undefined ? '' : ` ${advice[code]}`);
