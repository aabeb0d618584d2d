// Owns finding out which files outside of its worktree changed while the agent of a run worked that nothing contained. Certain is only
// what a tool call named; of the rest of the open tree it tells what changed, less what landed meanwhile.

import type { FileStamp, FileSystem, Git } from '../ports.ts';
import type { RunStray } from '../run/runStrays.ts';

export interface StrayWatchParts {
	readonly git: Pick<Git, 'topFolder' | 'openChanges'>;
	readonly files: Pick<FileSystem, 'stat' | 'join'>;
	/** Wall milliseconds, as files are stamped. */
	readonly now: () => number;
	/** Files below these folders are nobody's stray: the ledger and the boards, which we write ourselves. */
	readonly ignored: readonly string[];
	/** Absolute paths of what was landed or taken back since the watch began. */
	readonly landed: () => Promise<readonly string[]>;
}

type Stamps = ReadonlyMap<string, FileStamp | undefined>;

/** More names than this help nobody. */
const mostNamed = 500;
const mostPerhaps = 100;
/** In an open tree with more changes than this every look would take longer than it tells. */
const mostOpen = 5_000;
/** Systems stamp files with a clock that is this far behind at most, in milliseconds. */
const stampLag = 50;

export class StrayWatch {
	private readonly parts: StrayWatchParts;
	private readonly began: number;
	private readonly before: Stamps | undefined;
	private readonly named = new Map<string, Promise<FileStamp | undefined>>();

	private constructor(parts: StrayWatchParts, began: number, before: Stamps | undefined) {
		this.parts = parts;
		this.began = began;
		this.before = before;
	}

	/** Looks at the open tree as it is before anything of the run is started. */
	static async begin(parts: StrayWatchParts): Promise<StrayWatch> {
		const began = parts.now() - stampLag;
		return new StrayWatch(parts, began, await readOpen(parts).catch(() => undefined));
	}

	/** A tool call that may change a file names this one, by its absolute path. */
	note(path: string): void {
		if (!this.named.has(path) && this.named.size < mostNamed && !this.isIgnored(path)) {
			this.named.set(path, this.stamp(path));
		}
	}

	/** What changed since it began; what is certain comes first. */
	async end(): Promise<readonly RunStray[]> {
		const landed = new Set(await this.parts.landed());
		const found: RunStray[] = [];
		for (const [path, before] of this.named) {
			if (!landed.has(path) && (await this.hasChanged(path, await before))) {
				found.push({ path, evidence: 'named' });
			}
		}
		const certain = new Set(found.map(({ path }) => path));
		const perhaps = (await this.changedInOpen()).filter((path) => !landed.has(path) && !certain.has(path));
		return [...found, ...perhaps.slice(0, mostPerhaps).map((path): RunStray => ({ path, evidence: 'perhaps' }))];
	}

	private isIgnored(path: string): boolean {
		return this.parts.ignored.some((folder) => path === folder || path.startsWith(`${folder}/`));
	}

	/** undefined for what is no file. */
	private async stamp(path: string): Promise<FileStamp | undefined> {
		const found = await this.parts.files.stat(path).catch(() => undefined);
		return found?.isFolder === true ? undefined : found;
	}

	/** Also when it was first named after it had been written. */
	private async hasChanged(path: string, before: FileStamp | undefined): Promise<boolean> {
		const after = await this.stamp(path);
		return !isSame(before, after) || (after !== undefined && after.modified >= this.began);
	}

	private async changedInOpen(): Promise<string[]> {
		const { before } = this;
		const after = before === undefined ? undefined : await readOpen(this.parts).catch(() => undefined);
		if (before === undefined || after === undefined) {
			return [];
		}
		// What was like HEAD before has no stamp from then: it changed when it is gone, or was written since.
		const isNew = (path: string, stamp: FileStamp | undefined) =>
			!before.has(path) && (stamp === undefined || stamp.modified >= this.began);
		const news = [...after].filter(([path, stamp]) => isNew(path, stamp)).map(([path]) => path);
		const changed: string[] = [];
		for (const [path, stamp] of before) {
			if (!isSame(stamp, await this.stamp(path))) {
				changed.push(path);
			}
		}
		return [...news, ...changed].filter((path) => !this.isIgnored(path)).toSorted();
	}
}

async function readOpen({ git, files }: StrayWatchParts): Promise<Stamps | undefined> {
	const [top, paths] = await Promise.all([git.topFolder(), git.openChanges()]);
	if (paths.length > mostOpen) {
		return undefined;
	}
	const stamps = new Map<string, FileStamp | undefined>();
	for (const path of paths) {
		const whole = files.join(top, path);
		const found = await files.stat(whole).catch(() => undefined);
		stamps.set(whole, found);
	}
	return stamps;
}

function isSame(left: FileStamp | undefined, right: FileStamp | undefined): boolean {
	return left?.size === right?.size && left?.modified === right?.modified && left?.inode === right?.inode;
}
