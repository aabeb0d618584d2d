// Owns looking at the board files: what is there now, compared with what we last wrote or read. A file that is being written
// in several steps is given a moment before it counts as unreadable. It writes nothing.

import { describeError, isDreamError } from '../base/errors.ts';
import type { BoardReading } from '../core/board/boardReading.ts';
import { readBoard } from '../core/board/boardFile.ts';
import { decodeText } from '../core/board/decodeText.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { boardPath } from '../core/paths.ts';
import type { Clock, FileStamp, FileSystem } from '../core/ports.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { boardOfFile, isArchive } from '../core/task/archive.ts';

/** How long a file must stay as it is before unreadable content is taken for what somebody meant. */
const settleMilliseconds = 150;
/** A file that keeps changing without ever being readable is reported after this long. */
const patienceMilliseconds = 2000;
/** A stamp younger than this when it was read may hide another write: some file systems count time in steps of 4 ms and more. */
const stampStepMilliseconds = 60;

export type BoardLook =
	| { readonly kind: 'missing' }
	/** The content is exactly what we last wrote or took over. */
	| { readonly kind: 'same'; readonly stamp: FileStamp }
	| {
			readonly kind: 'changed';
			readonly stamp: FileStamp;
			readonly reading: BoardReading;
	  }
	/** Not readable, but perhaps not finished; look again then. */
	| { readonly kind: 'settling'; readonly retryMilliseconds: number }
	| {
			readonly kind: 'unreadable';
			readonly stamp: FileStamp | undefined;
			readonly problems: readonly BoardProblem[];
			readonly bytes: Uint8Array;
	  };

interface Seen {
	readonly stamp: FileStamp;
	/** Text where the bytes are text, else the bytes: a board of megabytes is kept once. */
	content: string | Uint8Array;
	/** Whether the stamp can vouch for the content. */
	readonly isTrusted: boolean;
	reading: BoardReading | undefined;
}

interface Trouble {
	readonly since: number;
	stamp: FileStamp | undefined;
	unchangedSince: number;
}

const sameStamp = (left: FileStamp | undefined, right: FileStamp | undefined): boolean =>
	left?.size === right?.size && left?.modified === right?.modified && left?.inode === right?.inode;

export class BoardFiles {
	private readonly files: FileSystem;
	private readonly clock: Clock;
	private readonly folder: string;
	private readonly seen = new Map<BoardFileName, Seen>();
	private readonly bases = new Map<BoardFileName, BoardReading>();
	private readonly troubles = new Map<BoardFileName, Trouble>();
	private agents: ReadonlySet<string> = new Set();

	constructor(files: FileSystem, clock: Clock, folder: string) {
		this.files = files;
		this.clock = clock;
		this.folder = folder;
	}

	path(board: BoardFileName): string {
		return this.files.join(this.folder, boardPath(board));
	}

	/** Ids of registered agents decide how names of agents are read; readings made with other ids are forgotten. */
	useAgents(agents: ReadonlySet<string>): void {
		if (agents.size !== this.agents.size || [...agents].some((id) => !this.agents.has(id))) {
			this.agents = agents;
			this.bases.clear();
			for (const seen of this.seen.values()) {
				seen.reading = undefined;
			}
		}
	}

	/** Looks at one file. `base` is the text we last wrote or took over; null when there is none. */
	async look(board: BoardFileName, base: string | null): Promise<BoardLook> {
		let seen: Seen | undefined;
		try {
			seen = await this.read(board);
		} catch (error) {
			if (isDreamError(error)) {
				return this.orSettling(board, undefined, {
					problems: [this.unopened(board, error)],
					bytes: new Uint8Array(),
				});
			}
			throw error;
		}
		if (seen === undefined) {
			this.troubles.delete(board);
			return { kind: 'missing' };
		}
		const { stamp, content } = seen;
		if (base !== null && content === base) {
			// The very same string from here on: comparing it once more takes no time, and it is kept once.
			seen.content = base;
			this.troubles.delete(board);
			return { kind: 'same', stamp };
		}
		const reading = (seen.reading ??= readBoard(content, this.source(board), this.bases.get(board)));
		if (!reading.isReadable) {
			const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
			return this.orSettling(board, stamp, { problems: reading.problems, bytes });
		}
		this.troubles.delete(board);
		return { kind: 'changed', stamp, reading };
	}

	/** What the text we last wrote or took over says. */
	base(board: BoardFileName, base: string | null): BoardReading {
		const content = base ?? '[]';
		const known = [this.bases.get(board), this.seen.get(board)?.reading].find(
			(reading) => reading?.content === content,
		);
		const reading = known ?? readBoard(content, this.source(board), this.bases.get(board));
		this.bases.set(board, reading);
		return reading;
	}

	/** The stamp a file has now; undefined when there is none. */
	async stamp(board: BoardFileName): Promise<FileStamp | undefined> {
		return this.files.stat(this.path(board));
	}

	/** Whether what was last read of a file cannot have been changed since without its stamp showing it. */
	isTrusted(board: BoardFileName): boolean {
		return this.seen.get(board)?.isTrusted === true;
	}

	/** Lets go of the texts of archives: they are looked at once in a while, and large. */
	forgetArchives(): void {
		for (const known of [this.seen, this.bases]) {
			for (const name of [...known.keys()].filter(isArchive)) {
				known.delete(name);
			}
		}
	}

	private source(board: BoardFileName) {
		return { file: boardPath(board), board: boardOfFile(board), agents: this.agents };
	}

	private async read(board: BoardFileName): Promise<Seen | undefined> {
		const path = this.path(board);
		let stamp = await this.files.stat(path);
		if (stamp === undefined && (await this.files.putBack(path))) {
			stamp = await this.files.stat(path);
		}
		const known = this.seen.get(board);
		if (stamp === undefined) {
			this.seen.delete(board);
			return undefined;
		}
		if (known?.isTrusted === true && sameStamp(stamp, known.stamp)) {
			return known;
		}
		const bytes = await this.files.readBytes(path);
		const decoded = decodeText(bytes);
		const mark = decoded.hasMark ? '\uFEFF' : '';
		const content = decoded.failure === undefined ? mark + decoded.text : bytes;
		const age = this.clock.now() - stamp.modified;
		const seen: Seen = {
			stamp,
			content,
			isTrusted: age > stampStepMilliseconds,
			reading: known !== undefined && known.content === content ? known.reading : undefined,
		};
		this.seen.set(board, seen);
		return seen;
	}

	private orSettling(
		board: BoardFileName,
		stamp: FileStamp | undefined,
		found: { readonly problems: readonly BoardProblem[]; readonly bytes: Uint8Array },
	): BoardLook {
		const now = this.clock.monotonic();
		const trouble = this.troubles.get(board) ?? { since: now, stamp, unchangedSince: now };
		this.troubles.set(board, trouble);
		if (!sameStamp(trouble.stamp, stamp)) {
			trouble.stamp = stamp;
			trouble.unchangedSince = now;
		}
		const remaining = settleMilliseconds - (now - trouble.unchangedSince);
		return remaining > 0 && now - trouble.since < patienceMilliseconds
			? { kind: 'settling', retryMilliseconds: remaining }
			: { kind: 'unreadable', stamp, ...found };
	}

	private unopened(board: BoardFileName, error: unknown): BoardProblem {
		return {
			code: 'board.unreadable',
			severity: 'error',
			message: describeError(error),
			file: boardPath(board),
			line: 1,
			column: 1,
			advice: 'Make the file readable for you. Until then it is not written.',
		};
	}
}
