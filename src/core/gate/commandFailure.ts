// Owns how a command that did not do its work is told: what, how it ended, the end of what it printed.

import { displayLine, displayText, tailText } from '../../base/text.ts';
import type { ProcessResult } from '../ports.ts';

const quotedCharacters = 2000;

export interface FailedCommand {
	/** What the command is to a person: `Gate`. */
	readonly title: string;
	readonly command: string;
	readonly result: ProcessResult;
	readonly timeoutMilliseconds: number;
	/** The setting that holds the time limit. */
	readonly timeoutSetting: string;
}

export function describeCommandFailure({ title, command, result, ...limit }: FailedCommand): string {
	const output = tailText(displayText(result.output.trimEnd()), quotedCharacters);
	const quoted = output === '' ? ' It printed nothing.' : ` Its output ended with:\n${output}`;
	return `${title} ${displayLine(command)} ${describeEnding(result, limit)}.${quoted}`;
}

function describeEnding(
	{ ending, exitCode }: ProcessResult,
	{ timeoutMilliseconds, timeoutSetting }: Pick<FailedCommand, 'timeoutMilliseconds' | 'timeoutSetting'>,
): string {
	switch (ending) {
		case 'timeout':
			return `was not done after ${Math.round(timeoutMilliseconds / 1000)} s (setting ${timeoutSetting}) and was ended`;
		case 'notFound':
			return 'could not start';
		case 'signal':
			return 'was ended by a signal';
		case 'exited':
		case 'aborted':
			return `ended with exit code ${exitCode ?? 'unknown'}`;
	}
}
