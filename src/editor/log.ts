// Owns the log of the extension: the output channel "Dream.OS". Its level is the editor's own setting.

import type { LogOutputChannel } from 'vscode';
import { window } from 'vscode';
import { isDreamError, toError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';

export interface EditorLog extends Logger {
	/** Brings the channel to the front without taking the focus from what the person does. */
	show(): void;
	/** The last lines, oldest first. */
	recent(): readonly string[];
	dispose(): void;
}

/** Text of a thrown value for the log: with its code, its details and its stack. */
function describeForLog(thrown: unknown): string {
	const error = toError(thrown);
	const head = isDreamError(error) ? `${error.code} ${JSON.stringify(error.details)} ` : '';
	const cause = error.cause === undefined ? '' : `\ncaused by ${describeForLog(error.cause)}`;
	return `${head}${error.stack ?? error.message}${cause}`;
}

const mostRecent = 200;

export function createLog(): EditorLog {
	const channel: LogOutputChannel = window.createOutputChannel('Dream.OS', { log: true });
	const recent: string[] = [];
	const keep = (level: string, message: string) => {
		recent.push(`${new Date().toISOString()} [${level}] ${message}`);
		recent.splice(0, recent.length - mostRecent);
		return message;
	};
	return {
		debug: (message) => channel.debug(message),
		info: (message) => channel.info(keep('info', message)),
		warn: (message) => channel.warn(keep('warn', message)),
		error: (message, error) =>
			channel.error(keep('error', error === undefined ? message : `${message}\n${describeForLog(error)}`)),
		show: () => channel.show(true),
		recent: () => [...recent],
		dispose: () => channel.dispose(),
	};
}
