// Owns the log of a command: warnings and errors on stderr, everything with --verbose. stdout stays for answers.

import { describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { displayText } from '../base/text.ts';

export function stderrLog(isVerbose: boolean): Logger {
	const write = (level: string, message: string) => process.stderr.write(`${level}: ${displayText(message)}\n`);
	return {
		debug: (message) => isVerbose && write('debug', message),
		info: (message) => isVerbose && write('info', message),
		warn: (message) => write('warning', message),
		error: (message, error) => write('error', error === undefined ? message : `${message} ${describeError(error)}`),
	};
}
