// Owns the host's log file: one line per message with its time, kept small by putting the full file aside once.

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { displayText } from '../base/text.ts';

export interface HostLogOptions {
	readonly path: string;
	/** Size in bytes at which the file becomes `<path>.1`. */
	readonly limit?: number;
	/** Also told every line, such as stderr while the host starts. */
	readonly echo?: (line: string) => void;
}

const defaultLimit = 4 * 1024 * 1024;
const lineLimit = 8000;

/** Lines are written at once: what a host said before it was killed is there to read. A full disk only costs the log. */
export function createHostLog({ path, limit = defaultLimit, echo }: HostLogOptions): Logger {
	mkdirSync(dirname(path), { recursive: true });
	let size = sizeOf(path);
	const write = (level: string, message: string) => {
		const text = displayText(message);
		const line = `${new Date().toISOString()} ${level} ${text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text}\n`;
		echo?.(line);
		try {
			if (size + line.length > limit) {
				renameSync(path, `${path}.1`);
				size = 0;
			}
			appendFileSync(path, line);
			size += Buffer.byteLength(line);
		} catch {
			size = sizeOf(path);
		}
	};
	return {
		debug: () => undefined,
		info: (message) => write('info ', message),
		warn: (message) => write('warn ', message),
		error: (message, error) =>
			write('error', error === undefined ? message : `${message} ${describeError(error)}${stackOf(error)}`),
	};
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function stackOf(error: unknown): string {
	return error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : '';
}
