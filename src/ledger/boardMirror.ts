// Owns the mirror between ledger and board files: when to look, when to write, and the list of problems. It runs in any number of
// processes at once; taking edits over is guarded by the text they were made on, writing by a lease.

import { coalesce, Sequencer, sleep } from '../base/async.ts';
import type { Coalescer } from '../base/async.ts';
import { DisposableStore } from '../base/disposable.ts';
import { DreamError } from '../base/errors.ts';
import type { Event } from '../base/event.ts';
import { Emitter } from '../base/event.ts';
import { newId } from '../base/ids.ts';
import type { JsonValue } from '../base/json.ts';
import { jsonEquals } from '../base/json.ts';
import type { Logger } from '../base/log.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import { HooksFile } from '../core/hooks/hooksFile.ts';
import type { Ledger } from '../core/ledger.ts';
import { policyPath, runtimePaths } from '../core/paths.ts';
import { PolicyFile } from '../core/policy/policyFile.ts';
import type { Clock, FileSystem, Watcher } from '../core/ports.ts';
import type { Actor } from '../core/actor.ts';
import { leaseLifetimes } from '../core/swarmFacts.ts';
import type { ArchivePolicy, BoardFileName } from '../core/task/archive.ts';
import { isArchive } from '../core/task/archive.ts';
import { LiveTasks, wholeTasks } from '../core/task/liveTasks.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import { isSetUp } from '../core/workspace/setUp.ts';
import { AgentsFile } from './agentsFile.ts';
import { findArchives } from './archiveFiles.ts';
import type { ExportReport, LateWrite } from './boardExport.ts';
import { exportBoards } from './boardExport.ts';
import { BoardFiles } from './boardFiles.ts';
import { importBoards } from './boardImport.ts';
import { BoardInspector } from './boardInspector.ts';
import type { Forced } from './dueBoards.ts';
import { followReplaced } from './lateWrites.ts';
import type { MirrorDoor } from './mirrorDoor.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { sooner } from './mirrorTools.ts';
import { rollArchives } from './rollArchives.ts';

export interface BoardMirrorOptions {
	readonly ledger: Ledger;
	readonly files: FileSystem;
	readonly clock: Clock;
	readonly log: Logger;
	/** Without one, edits of files are noticed by looking every few seconds. */
	readonly watcher?: Watcher;
	/** Absolute path of the workspace. */
	readonly folder: string;
	/** When finished tasks go to the archives; without one they stay. */
	readonly archive?: () => ArchivePolicy;
	/** Hears of every pass that failed; it is tried again in any case. */
	readonly onFailure?: (error: unknown) => void;
}

/** Bursts of changes become one pass; well within the 250 ms a board may lag behind. */
const passWindow = 50;
const problemsWindow = 150;
/** In case nobody told us: a watcher may miss a change, a full disk may have room again. */
const pollMilliseconds = 3000;
const failureRetryMilliseconds = 2000;

export class BoardMirror implements MirrorDoor {
	private readonly tools: MirrorTools;
	private readonly options: BoardMirrorOptions;
	private readonly agentsFile: AgentsFile;
	private readonly hooksFile: HooksFile;
	private readonly policyFile: PolicyFile;
	private readonly inspector: BoardInspector;
	private readonly passes: Coalescer;
	private readonly inspections: Coalescer;
	private readonly turns = new Sequencer();
	private readonly store = new DisposableStore();
	private readonly stopping = new AbortController();
	private readonly following = new Set<Promise<unknown>>();
	private readonly changed: Emitter<readonly BoardProblem[]>;
	private failures: ReadonlyMap<BoardFileName, DreamError> = new Map();
	private current: readonly BoardProblem[] = [];
	/** Stamps and sequence of the last pass after which nothing was left to do; undefined when something was. */
	private scene: string | undefined;
	private isStarted = false;
	private isDisposed = false;

	constructor(options: BoardMirrorOptions) {
		const { ledger, files, clock, log, folder } = options;
		this.options = options;
		this.tools = {
			ledger,
			files,
			clock,
			log,
			folder,
			holder: newId('mirror'),
			boards: new BoardFiles(files, clock, folder),
			tasks: new LiveTasks(wholeTasks),
		};
		this.agentsFile = new AgentsFile(this.tools);
		this.hooksFile = new HooksFile(files, files.join(folder, runtimePaths.hooks));
		this.policyFile = new PolicyFile(files, folder);
		this.inspector = new BoardInspector(this.tools);
		this.changed = new Emitter((error) => log.error('A listener to board problems failed.', error));
		const onError = (error: unknown) => this.onPassFailed(error);
		this.passes = coalesce(passWindow, async () => this.afterPass(await this.pass()), onError);
		this.inspections = coalesce(problemsWindow, () => this.inspect(), onError);
	}

	readonly onDidChangeProblems: Event<readonly BoardProblem[]> = (listener) => this.changed.event(listener);

	start(): void {
		if (this.isStarted || this.isDisposed) {
			return;
		}
		this.isStarted = true;
		const { files, folder, ledger, watcher } = this.options;
		const look = () => this.passes.trigger();
		const paths = [runtimePaths.boards, runtimePaths.agents, runtimePaths.hooks, policyPath].map((path) =>
			files.join(folder, path),
		);
		if (watcher !== undefined) {
			this.store.add(watcher.watch(paths, look));
		}
		let seen = -1;
		this.store.add(
			ledger.onDidChange(({ sequence }) => {
				// Renewed leases are changes of the ledger too, every second, and nothing of them is on a board.
				if (sequence !== seen) {
					seen = sequence;
					look();
				}
			}),
		);
		const timer = setInterval(() => void this.lookForNews(), pollMilliseconds);
		timer.unref();
		this.store.add({ dispose: () => clearInterval(timer) });
		look();
	}

	async flush(): Promise<void> {
		const deadline = this.tools.clock.monotonic() + leaseLifetimes.mirror + 3000;
		for (;;) {
			const report = await this.pass();
			const [failure] = report.failures.values();
			if (failure !== undefined) {
				throw failure;
			}
			if (report.retryMilliseconds === undefined || this.tools.clock.monotonic() > deadline) {
				return;
			}
			await sleep(report.retryMilliseconds);
		}
	}

	async check(): Promise<readonly BoardProblem[]> {
		return this.turns.run('pass', async () => this.findProblems());
	}

	async acceptLedger(board: BoardFileName, actor: Actor): Promise<void> {
		const { tools } = this;
		await this.turns.run('pass', async () => {
			if (!(await isSetUp(tools.ledger))) {
				throw new DreamError('workspace.notInitialized', 'The boards here are not taken over yet.', {
					advice: 'Initialize the workspace or adopt its boards first.',
				});
			}
			const archives = await tools.ledger.read((reader) => reader.archives());
			if (isArchive(board) && !archives.some(({ name }) => name === board)) {
				throw new DreamError('board.unknown', `The ledger has no task on ${board}.json.`, {
					advice: 'Name one of the files in the folder archive of the boards.',
				});
			}
			const stamp = await tools.boards.stamp(board);
			const copy =
				stamp === undefined
					? null
					: await copyToQuarantine(tools, board, await tools.files.readBytes(tools.boards.path(board)));
			const looks = (await importBoards(tools)).looks;
			const report = await this.export({ looks }, new Map([[board, stamp]]));
			const failure = report.failures.get(board);
			if (failure !== undefined) {
				throw failure;
			}
			if (!report.written.includes(board)) {
				throw new DreamError(
					'board.busy',
					`${board}.json is being changed at this moment; it was not replaced.`,
					{
						advice: 'Try again.',
					},
				);
			}
			await tools.ledger.write(actor, (transaction) =>
				transaction.append({
					type: 'board.accepted',
					message: `${board}.json was replaced by the ledger's version`,
					data: { board, copy },
				}),
			);
		});
		this.passes.trigger();
	}

	async close(): Promise<void> {
		this.dispose();
		await this.turns.run('pass', () => Promise.resolve());
		await Promise.allSettled(this.following);
	}

	dispose(): void {
		if (!this.isDisposed) {
			this.isDisposed = true;
			this.stopping.abort();
			this.passes.dispose();
			this.inspections.dispose();
			this.store.dispose();
			this.changed.dispose();
		}
	}

	/** The slow look: a full pass, which reads whole boards, only where a stamp or the ledger says that something is new. */
	private async lookForNews(): Promise<void> {
		const before = this.scene;
		try {
			if (before === undefined || before !== (await this.describeScene())) {
				this.passes.trigger();
			}
		} catch (error) {
			this.onPassFailed(error);
		}
	}

	private async describeScene(): Promise<string> {
		const { boards, ledger, files, folder } = this.tools;
		const stamps = await Promise.all(boardNames.map((board) => boards.stamp(board)));
		const archives = await findArchives(this.tools);
		const agents = await files.stat(files.join(folder, runtimePaths.agents));
		const hooks = await files.stat(files.join(folder, runtimePaths.hooks));
		const policy = await files.stat(files.join(folder, policyPath));
		const sequence = await ledger.read((reader) => reader.sequence());
		return JSON.stringify([
			sequence,
			stamps,
			[...archives],
			agents?.modified,
			agents?.size,
			agents?.inode,
			hooks?.modified,
			hooks?.size,
			policy?.modified,
			policy?.size,
		]);
	}

	/** One look at everything. `retryMilliseconds` undefined: files and ledger agree. */
	private async pass(): Promise<Pick<ExportReport, 'retryMilliseconds' | 'failures'>> {
		return this.turns.run('pass', async () => {
			if (!(await isSetUp(this.tools.ledger))) {
				// Somebody is adopting or initialising at this moment: files that are not taken over yet must not look like edits.
				return { retryMilliseconds: undefined, failures: new Map() };
			}
			const scene = await this.describeScene();
			const agents = await this.agentsFile.pass();
			const imported = await this.import();
			const exported = await this.export(imported);
			this.failures = exported.failures;
			// A host shows no problems to anybody; windows do.
			if (this.isStarted && this.changed.listenerCount > 0) {
				this.inspections.trigger();
			}
			const retryMilliseconds = sooner(
				sooner(imported.retryMilliseconds, exported.retryMilliseconds),
				agents.retryMilliseconds,
			);
			this.tools.boards.forgetArchives();
			const isSettled = retryMilliseconds === undefined && exported.failures.size === 0;
			this.scene = isSettled && scene === (await this.describeScene()) ? scene : undefined;
			return { retryMilliseconds, failures: exported.failures };
		});
	}

	/** Takes edits over; once nothing is left to take over, finished tasks may go to their archives. */
	private async import(): Promise<Awaited<ReturnType<typeof importBoards>>> {
		const imported = await importBoards(this.tools);
		const policy = this.options.archive?.();
		if (policy === undefined || imported.retryMilliseconds !== undefined) {
			return imported;
		}
		const moved = await rollArchives(this.tools, imported.looks, policy);
		return moved === 0 ? imported : importBoards(this.tools);
	}

	private export(
		imported: Pick<Awaited<ReturnType<typeof importBoards>>, 'looks'>,
		force?: Forced,
	): Promise<ExportReport> {
		return exportBoards(this.tools, imported, (late) => this.follow(late), force);
	}

	private follow(late: LateWrite): void {
		const followed = followReplaced(this.tools, late, this.stopping.signal)
			.then((hasChanged) => (hasChanged ? this.passes.trigger() : undefined))
			.catch((error: unknown) => this.tools.log.error('A replaced board file could not be followed.', error))
			.finally(() => this.following.delete(followed));
		this.following.add(followed);
	}

	private afterPass({ retryMilliseconds, failures }: Pick<ExportReport, 'retryMilliseconds' | 'failures'>): void {
		const wait = failures.size > 0 ? failureRetryMilliseconds : retryMilliseconds;
		if (wait !== undefined) {
			this.later(wait);
		}
	}

	private onPassFailed(error: unknown): void {
		if (!this.isDisposed) {
			this.tools.log.error('The boards could not be mirrored; it is tried again.', error);
			this.options.onFailure?.(error);
			this.later(failureRetryMilliseconds);
		}
	}

	private later(milliseconds: number): void {
		const timer = setTimeout(() => this.passes.trigger(), milliseconds);
		timer.unref();
	}

	private async inspect(): Promise<void> {
		const found = await this.turns.run('pass', () => this.findProblems());
		if (!this.isDisposed && !jsonEquals(found as unknown as JsonValue, this.current as unknown as JsonValue)) {
			this.current = found;
			this.changed.fire(found);
		}
	}

	private async findProblems(): Promise<readonly BoardProblem[]> {
		const { problems } = await this.hooksFile.read();
		const { problems: rules } = await this.policyFile.read();
		return this.inspector.inspect([...this.agentsFile.problems, ...problems, ...rules], this.failures);
	}
}
