// Owns the log file of one run: one JSON line per update, written in batches, with a limit. A log that cannot be written never
// stops the run.

import type { Logger } from '../../base/log.ts';
import { describeError } from '../../base/errors.ts';
import type { DriverUpdate } from '../driver/driver.ts';
import { runtimePaths } from '../paths.ts';
import type { Clock, FileSystem } from '../ports.ts';
import { timestamp } from '../ports.ts';

export interface RunLogParts {
	readonly files: Pick<FileSystem, 'appendText' | 'join' | 'makeFolder'>;
	readonly clock: Clock;
	readonly log: Logger;
	/** Absolute path of the folder of all logs; made when it is not there. */
	readonly folder: string;
	readonly name: string;
	/** Characters of the whole file. */
	readonly limit?: number;
}

const defaultLimit = 16 * 1024 * 1024;
const windowMilliseconds = 200;

export class RunLog {
	private readonly parts: RunLogParts;
	private readonly limit: number;
	private pending: string[] = [];
	private used = 0;
	private isFull = false;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private writing: Promise<void>;

	constructor(parts: RunLogParts) {
		this.parts = parts;
		this.limit = parts.limit ?? defaultLimit;
		this.writing = parts.files.makeFolder(parts.folder).catch((error: unknown) => this.complain(error));
	}

	add(update: DriverUpdate): void {
		if (this.isFull) {
			return;
		}
		const line = this.lineOf(update);
		if (this.used + line.length > this.limit) {
			this.isFull = true;
			this.pending.push(
				this.lineOf({ kind: 'note', text: 'The log of this run is full; what follows is not in it.' }),
			);
		} else {
			this.used += line.length;
			this.pending.push(line);
		}
		this.timer ??= setTimeout(() => this.flush(), windowMilliseconds);
	}

	/** Resolves when everything added so far is in the file, or could not be written. */
	async close(): Promise<void> {
		this.flush();
		await this.writing;
	}

	private lineOf({ kind, text, data }: DriverUpdate): string {
		return `${JSON.stringify({ at: timestamp(this.parts.clock), kind, text, ...(data === undefined ? {} : { data }) })}\n`;
	}

	private flush(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		const text = this.pending.join('');
		this.pending = [];
		if (text !== '') {
			const { files, folder, name } = this.parts;
			this.writing = this.writing
				.then(() => files.appendText(files.join(folder, name), text))
				.catch((error: unknown) => this.complain(error));
		}
	}

	private complain(error: unknown): void {
		this.parts.log.warn(`The run's log was not written: ${describeError(error)}`);
	}
}

export const runLogName = (runId: string): string => `${runId}.jsonl`;
/** Path of a run's log below the workspace folder. */
export const runLogPath = (runId: string): string => `${runtimePaths.runLogs}/${runLogName(runId)}`;
