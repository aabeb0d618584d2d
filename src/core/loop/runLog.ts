// Owns the log files of one run: one JSON line per update, or per message of its protocol, written in batches, with a limit. A log
// that cannot be written never stops the run.

import type { Logger } from '../../base/log.ts';
import { describeError } from '../../base/errors.ts';
import { parseJsonOrUndefined } from '../../base/json.ts';
import type { DriverUpdate, ProtocolDirection } from '../driver/driver.ts';
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
/** A protocol line that is longer is cut, and is text then. */
const longestProtocolLine = 256 * 1024;
/** Plan and usage are told again after this many characters, so that whoever reads the end of the log knows them. */
const repeatCharacters = 128 * 1024;
const repeatedKinds: readonly DriverUpdate['kind'][] = ['plan', 'usage'];

export class RunLog {
	private readonly parts: RunLogParts;
	private readonly limit: number;
	private pending: string[] = [];
	private used = 0;
	private isFull = false;
	/** The latest update of each kind that is told again, and where it stands. */
	private readonly latest = new Map<DriverUpdate['kind'], { readonly update: DriverUpdate; at: number }>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private writing: Promise<void>;

	constructor(parts: RunLogParts) {
		this.parts = parts;
		this.limit = parts.limit ?? defaultLimit;
		this.writing = parts.files.makeFolder(parts.folder).catch((error: unknown) => this.complain(error));
	}

	add(update: DriverUpdate): void {
		if (this.write(this.lineOf(update))) {
			this.repeat(update);
		}
	}

	/** One raw line of a protocol, as it is where it is JSON of a usual size. False when there is no room for more. */
	addProtocol(direction: ProtocolDirection, line: string): boolean {
		if (this.isFull) {
			return false;
		}
		const isWhole = line.length <= longestProtocolLine && parseJsonOrUndefined(line) !== undefined;
		const message = isWhole ? line : JSON.stringify(line.slice(0, longestProtocolLine));
		return this.write(`{"at":"${timestamp(this.parts.clock)}","direction":"${direction}","message":${message}}\n`);
	}

	/** Whether there was room for it. */
	private write(line: string): boolean {
		if (this.isFull) {
			return false;
		}
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
		return !this.isFull;
	}

	private repeat(update: DriverUpdate): void {
		if (repeatedKinds.includes(update.kind)) {
			this.latest.set(update.kind, { update, at: this.used });
		}
		for (const known of this.latest.values()) {
			if (this.used - known.at >= repeatCharacters) {
				const { kind, text, data } = known.update;
				const line = this.lineOf({ kind, text, data: { ...data, isRepeated: true } });
				this.used += line.length;
				known.at = this.used;
				this.pending.push(line);
			}
		}
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
