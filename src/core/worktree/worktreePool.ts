// Owns the worktrees of a host: a few made ahead, each used once, and how much of the disk all of them take. A run gets one from here
// and gives it back when it is gone; what the pool cannot give is made on the spot.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { countOf, formatBytes } from '../../base/words.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { Clock, FileSystem, Git } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { chooseBase } from './worktreeBase.ts';
import { isPoolName, nameOfFolder, newPoolName } from './worktreeNames.ts';

export interface WorktreePoolParts {
	readonly git: Git;
	readonly files: Pick<FileSystem, 'join' | 'list' | 'measure'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly settings: () => Settings;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
	/** Told after each look at the disk, by folder; must not reject. */
	readonly onMeasured: (sizes: ReadonlyMap<string, number>) => Promise<void>;
	/** Told, as a sentence for a person, when worktrees took more of the disk than they may; must not reject. */
	readonly onFull: (message: string) => Promise<void>;
}

/** Runs that begin together come first, and ask for one look. */
const upkeepMilliseconds = 500;
/** What an agent works in grows; looking at it costs as much as it has files. */
const measureAgainMilliseconds = 60_000;
const gigabyte = 1024 ** 3;

export class WorktreePool {
	private readonly parts: WorktreePoolParts;
	private readonly upkeep: Coalescer;
	/** Made ahead and not taken, the oldest first. */
	private ready: string[] = [];
	private readonly lent = new Set<string>();
	private readonly waiting = new Set<() => void>();
	private sizes: ReadonlyMap<string, number> = new Map();
	/** When a lent one was last measured, in monotonic milliseconds. */
	private readonly measuredAt = new Map<string, number>();
	/** What a new one takes, going by the smallest there was: an agent's own files do not count. */
	private newSize = 0;
	/** Runs that wait for a worktree right now. */
	private pending = 0;
	/** The worktree that is being made for the pool. */
	private making: Promise<void> | undefined;
	/** What the last run began from: the next one will differ least from it. */
	private base: string | undefined;
	private readonly stopping = new AbortController();
	private isFullTold = false;

	private constructor(parts: WorktreePoolParts) {
		this.parts = parts;
		this.upkeep = coalesce(
			upkeepMilliseconds,
			() => this.look(),
			(error) => {
				if (!this.isStopping) {
					parts.log.warn(`The pool of worktrees was not filled: ${describeError(error)}`);
				}
			},
		);
	}

	/** Takes over what an earlier host left in the pool; what it did not finish is removed. */
	static async open(parts: WorktreePoolParts): Promise<WorktreePool> {
		const pool = new WorktreePool(parts);
		await pool
			.takeOver()
			.catch((error: unknown) => parts.log.warn(`The pool of worktrees begins empty: ${describeError(error)}`));
		pool.upkeep.trigger();
		return pool;
	}

	private async takeOver(): Promise<void> {
		const { git, files, worktreesFolder } = this.parts;
		const place = (name: string) => files.join(worktreesFolder, name);
		const known = await git.listWorktrees();
		const finished = new Set(known.filter(({ isOurs }) => isOurs).map(({ folder }) => folder));
		const there = (await files.list(worktreesFolder)).filter(isPoolName).map(place);
		const registered = known
			.map(({ folder }) => folder)
			.filter((folder) => isPoolName(nameOfFolder(folder)) && place(nameOfFolder(folder)) === folder);
		for (const folder of new Set([...there, ...registered])) {
			if (there.includes(folder) && finished.has(folder)) {
				this.ready.push(folder);
			} else {
				await this.remove(folder);
			}
		}
	}

	/**
	 * Gives a run its worktree at a commit. Waits while the disk's share is used up and other runs hold some of it; fails with
	 * `worktrees.full` when nobody will give any back.
	 */
	async provide(folder: string, commit: string, signal: AbortSignal): Promise<void> {
		this.pending += 1;
		try {
			await this.awaitRoom(signal);
			this.base = commit;
			this.lent.add(folder);
			if (!(await this.take(folder, commit, signal))) {
				await this.parts.git.addWorktree(folder, commit, signal);
			}
		} catch (error) {
			this.giveBack(folder);
			throw error;
		} finally {
			this.pending -= 1;
			this.upkeep.trigger();
		}
	}

	/** The run's worktree is gone, or is nobody's any more. */
	giveBack(folder: string): void {
		this.lent.delete(folder);
		this.forget(folder);
		for (const wake of this.waiting) {
			wake();
		}
		this.upkeep.trigger();
	}

	/** Makes nothing more for the pool; what is being made is ended, so that nobody waits for it. */
	cease(): void {
		this.stopping.abort();
		this.upkeep.dispose();
	}

	/** Ceases and, unless another host leads, removes what nobody took. */
	async stop(isKept: boolean): Promise<void> {
		this.cease();
		await this.upkeep.idle();
		if (!isKept) {
			await this.drop(this.ready.length);
		}
	}

	private get isStopping(): boolean {
		return this.stopping.signal.aborted;
	}

	private async take(folder: string, commit: string, signal: AbortSignal): Promise<boolean> {
		if (this.ready.length === 0) {
			// One that is nearly there is sooner than one that is begun now. Why it could not be made is told where it is made.
			await this.making?.catch(() => undefined);
		}
		signal.throwIfAborted();
		for (let pooled = this.ready.shift(); pooled !== undefined; pooled = this.ready.shift()) {
			try {
				await this.parts.git.takeWorktree(pooled, folder, commit, signal);
				this.forget(pooled);
				return true;
			} catch (error) {
				if (!isDreamError(error, 'git.worktreeStale')) {
					this.parts.log.warn(`A worktree of the pool could not be taken: ${describeError(error)}`);
				}
				await this.remove(pooled);
			}
		}
		return false;
	}

	/** Measures, keeps the share of the disk, fills the pool: one worktree at a time, so that runs come between. */
	private async look(): Promise<void> {
		if (this.isStopping) {
			return;
		}
		await this.measure();
		const { 'worktrees.poolSize': size } = this.parts.settings();
		await this.drop(this.ready.length - size);
		await this.keepShare();
		while (!this.isStopping && this.pending === 0 && this.lacks && this.hasRoom(1)) {
			this.making = this.makeOne();
			try {
				await this.making;
			} finally {
				this.making = undefined;
			}
			await this.measure();
			await this.keepShare();
		}
	}

	private get lacks(): boolean {
		return this.ready.length < this.parts.settings()['worktrees.poolSize'];
	}

	private async makeOne(): Promise<void> {
		const { git, files, worktreesFolder } = this.parts;
		const folder = files.join(worktreesFolder, newPoolName());
		await git.addWorktree(folder, await this.nextBase(), this.stopping.signal);
		this.ready.push(folder);
	}

	private async nextBase(): Promise<string> {
		const { git, settings } = this.parts;
		if (this.base !== undefined) {
			return this.base;
		}
		return (
			(await chooseBase(git, settings())) ??
			(await git.resolveCommit('HEAD')) ??
			(await git.snapshot('Dream.OS: the working tree for the pool of worktrees', excludedPaths))
		);
	}

	/** Looks how much each takes; what nobody works in is looked at once. */
	private async measure(): Promise<void> {
		const { files, clock, onMeasured } = this.parts;
		let isNews = false;
		for (const folder of [...this.ready, ...this.lent]) {
			if (this.isStopping) {
				return;
			}
			const since = this.measuredAt.get(folder);
			const isDue = since === undefined || clock.monotonic() - since > measureAgainMilliseconds;
			if (!this.sizes.has(folder) || (this.lent.has(folder) && isDue)) {
				const size = await files.measure(folder);
				isNews ||= this.sizes.get(folder) !== size;
				this.measuredAt.set(folder, clock.monotonic());
				this.sizes = new Map([...this.sizes, [folder, size]]);
			}
		}
		if (this.sizes.size > 0) {
			this.newSize = Math.min(...this.sizes.values());
		}
		if (isNews) {
			await onMeasured(this.sizes);
		}
	}

	private forget(folder: string): void {
		this.measuredAt.delete(folder);
		this.sizes = new Map([...this.sizes].filter(([place]) => place !== folder));
	}

	private get limit(): number {
		const gigabytes = this.parts.settings()['worktrees.maxGigabytes'];
		return gigabytes === 0 ? Infinity : gigabytes * gigabyte;
	}

	private get used(): number {
		return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
	}

	/** Whether so many more worktrees fit. */
	private hasRoom(count: number): boolean {
		return this.used + count * this.newSize <= this.limit;
	}

	/** Gives up what is made ahead, the oldest first, while all together take too much. */
	private async keepShare(): Promise<void> {
		let dropped = 0;
		while (this.used > this.limit && this.ready.length > 0) {
			await this.drop(1);
			dropped += 1;
		}
		const isFull = this.used > this.limit;
		if (dropped > 0 || (isFull && !this.isFullTold)) {
			await this.parts.onFull(
				`Worktrees took more than dreamos.worktrees.maxGigabytes (${formatBytes(this.limit)}): ${countOf(dropped, 'worktree')} of the pool removed, ${formatBytes(this.used)} in use.`,
			);
		}
		this.isFullTold = isFull;
	}

	private async drop(count: number): Promise<void> {
		for (let index = 0; index < count; index += 1) {
			const folder = this.ready.shift();
			if (folder !== undefined) {
				await this.remove(folder);
			}
		}
	}

	private async remove(folder: string): Promise<void> {
		this.forget(folder);
		await this.parts.git
			.removeWorktree(folder)
			.catch((error: unknown) =>
				this.parts.log.warn(`The worktree ${folder} was not removed: ${describeError(error)}`),
			);
	}

	private async awaitRoom(signal: AbortSignal): Promise<void> {
		while (!this.hasRoom(this.ready.length > 0 ? 0 : 1)) {
			signal.throwIfAborted();
			if (this.ready.length > 0) {
				await this.drop(1);
			} else if (this.lent.size > 0) {
				this.parts.log.info('A run waits for room: dreamos.worktrees.maxGigabytes is used up.');
				await this.nextGiveBack(signal);
			} else {
				throw new DreamError(
					'worktrees.full',
					`A worktree would take more than dreamos.worktrees.maxGigabytes (${formatBytes(this.limit)}).`,
					{ advice: 'Raise the setting, or set it to 0 for no limit.' },
				);
			}
		}
	}

	private nextGiveBack(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				this.waiting.delete(done);
				signal.removeEventListener('abort', done);
				resolve();
			};
			this.waiting.add(done);
			signal.addEventListener('abort', done, { once: true });
		});
	}
}
