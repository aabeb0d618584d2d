// Owns everything the core needs from outside. Adapters live in node/ and editor/; the core does no I/O of its own.

import type { Disposable, Event } from '../base/event.ts';

export interface Clock {
	/** Wall time in milliseconds since 1970: for stamps and leases shared between processes. */
	now(): number;
	/** Milliseconds that never jump: for durations inside one process. */
	monotonic(): number;
}

/** ISO 8601 text in UTC of the clock's wall time. */
export function timestamp(clock: Clock): string {
	return new Date(clock.now()).toISOString();
}

/** Processor times count from some moment of the past: two looks make a figure. */
export interface MachineLoad {
	/** Memory a new program could have. */
	readonly freeMemoryBytes: number;
	/** Time of all processors together, and the part of it in which they had nothing to do. */
	readonly processorMilliseconds: number;
	readonly idleMilliseconds: number;
}

export interface Machine {
	load(): Promise<MachineLoad>;
}

export interface FileStamp {
	readonly size: number;
	readonly modified: number;
	/** Changes when another file was renamed over this one. */
	readonly inode: number;
}

export interface WriteOptions {
	/**
	 * Others save this file, too: what one of them saves between the confirmation and the rename is never replaced, and the call
	 * rejects with `file.changed`. The price is that for some microseconds there is no file. On Windows it changes nothing.
	 */
	readonly othersSave?: boolean;
}

/** Files by absolute path. Every method rejects with DreamError `file.*` whose details name the path. */
export interface FileSystem {
	readText(path: string): Promise<string>;
	readBytes(path: string): Promise<Uint8Array>;
	/** Bytes from `start` up to `end`, fewer where the file is shorter: of a long file only what is wanted. */
	readPart(path: string, start: number, end: number): Promise<Uint8Array>;
	/**
	 * Temp file in the same folder, fsync, rename, fsync of the folder. The old content stays until the new one is durable.
	 * `confirm` is asked right before the rename; when it says no, nothing is replaced and the call rejects with `file.changed`.
	 */
	writeAtomic(
		path: string,
		content: string | Uint8Array,
		confirm?: () => Promise<boolean>,
		options?: WriteOptions,
	): Promise<void>;
	/**
	 * Puts a file back into its place that a writer had moved aside and was killed over (see `othersSave`). False when there is none.
	 */
	putBack(path: string): Promise<boolean>;
	appendText(path: string, text: string): Promise<void>;
	/** undefined when there is nothing. */
	stat(
		path: string,
	): Promise<
		| (FileStamp & { readonly isFolder: boolean; readonly isSymbolicLink: boolean; readonly created: number })
		| undefined
	>;
	/** Bytes a folder takes on the disk, links not followed; 0 when it is not there. What cannot be looked at is left out. */
	measure(path: string): Promise<number>;
	/** Names in a folder; empty when the folder does not exist. */
	list(path: string): Promise<string[]>;
	makeFolder(path: string): Promise<void>;
	/** As makeFolder, but so slowly that an editor which watches the workspace follows what comes into the folder. */
	makeFollowedFolder(path: string): Promise<void>;
	/** Removes a file or a whole folder; nothing happens when it is not there. */
	remove(path: string): Promise<void>;
	rename(from: string, to: string): Promise<void>;
	join(...parts: string[]): string;
}

/** Tells that something under a folder may have changed; the listener reads for itself what. */
export interface Watcher {
	/** Watches files or folders (not recursive into ignored names); paths may not exist yet. */
	watch(paths: readonly string[], onChange: (path: string) => void): Disposable;
}

export interface ProcessRequest {
	/** A command line for the system's shell, or a program with its arguments. */
	readonly command: string | { readonly program: string; readonly arguments: readonly string[] };
	readonly folder: string;
	/** Added to the inherited environment; undefined removes a variable. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly timeoutMilliseconds?: number;
	readonly signal?: AbortSignal;
	/** Text for its stdin, which is closed after it; without it there is no stdin. */
	readonly input?: string;
	/** A program that runs the command inside of itself: the command and its arguments follow these words. */
	readonly inside?: readonly [program: string, ...rest: string[]];
	/** A mark `endRun` finds it by, with everything it starts, besides the run's. */
	readonly mark?: string;
	/** Called with output as it comes (both streams, in the order they were read). */
	readonly onOutput?: (text: string) => void;
	/** How many characters of the end of the output to keep. Default 64,000. */
	readonly outputLimit?: number;
	/** Told of the process as soon as it runs, so that a crash can be cleaned up by somebody else. */
	readonly onStart?: (process: ProcessIdentity) => void;
}

/** A pid alone is reused by the system; together with its start time it names one process. */
export interface ProcessIdentity {
	readonly pid: number;
	/** Opaque; compared for equality. Empty where the system does not tell. */
	readonly started: string;
}

/** Of a process tree. */
export interface ProcessResources {
	/** Resident; what several processes share counts in each. */
	readonly memoryBytes: number;
	/** Processor time so far, that of children that ended included. */
	readonly cpuMilliseconds: number;
	readonly processes: number;
}

export interface ProcessResult {
	/** undefined when the process was ended by a signal, by us or by the system. */
	readonly exitCode: number | undefined;
	readonly ending: 'exited' | 'timeout' | 'aborted' | 'signal' | 'notFound';
	/** Tail of both streams together. */
	readonly output: string;
	readonly durationMilliseconds: number;
}

/** A child whose stdin and stdout carry a protocol. stderr goes to `onErrorOutput`. */
export interface RunningProcess {
	readonly identity: ProcessIdentity;
	readonly input: WritableStream<Uint8Array>;
	readonly output: ReadableStream<Uint8Array>;
	readonly exited: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
	/** Ends stdin, waits `graceMilliseconds`, then ends the whole process tree. Resolves when nothing of it is left. */
	stop(graceMilliseconds: number): Promise<void>;
}

export interface ProcessRunner {
	/** Runs to the end. Never rejects for what the program does; an exit code is a result, not an error. */
	run(request: ProcessRequest): Promise<ProcessResult>;
	/** Rejects with `process.notFound` when the program does not exist. */
	spawn(
		request: Omit<ProcessRequest, 'onOutput' | 'outputLimit' | 'timeoutMilliseconds' | 'signal' | 'input'> & {
			readonly onErrorOutput: (text: string) => void;
		},
	): Promise<RunningProcess>;
	/**
	 * Ends a process and all its descendants if that very process still lives: politely first, unless it is urgent. Resolves when
	 * nothing is left.
	 */
	endTree(process: ProcessIdentity, manner?: { readonly isUrgent: boolean }): Promise<void>;
	/**
	 * Ends every process that was started for a run (`DREAMOS_RUN_ID` in the environment it was given, or `mark`), recorded or not: a host may
	 * die between starting a process and writing it down. Does nothing where environments cannot be seen.
	 */
	endRun(runId: string): Promise<void>;
	/**
	 * Ends what a living process started, directly or not, that works in a folder or below it, and leaves the process itself and
	 * everything else. Does nothing where the folders of processes cannot be seen.
	 */
	endInFolder(process: ProcessIdentity, folder: string): Promise<void>;
	/**
	 * What each of these processes takes with everything it started, by its pid; those that are gone are left out, and all where the
	 * system does not tell. One look at the machine for all of them.
	 */
	measure(processes: readonly ProcessIdentity[]): Promise<ReadonlyMap<number, ProcessResources>>;
	isAlive(process: ProcessIdentity): Promise<boolean>;
	/** Absolute path of a program, by its name as a command would be found; undefined where there is none. */
	find(program: string): Promise<string | undefined>;
}

export interface ChangedFile {
	readonly path: string;
	readonly kind: 'created' | 'edited' | 'deleted' | 'renamed';
	/** Where a renamed file came from. */
	readonly previousPath?: string;
	readonly isBinary: boolean;
	/** git mode of the result, such as `100755`; empty for a deletion. */
	readonly mode: string;
	/** git mode before; empty for a creation. */
	readonly previousMode: string;
}

/** A file as a hidden commit gets it. */
export interface CommittedFile {
	readonly path: string;
	/** Left out: there is no file at the path. */
	readonly content?: Uint8Array;
	/** `100644`, `100755` or `120000`; empty where there is no file. */
	readonly mode: string;
}

export interface MergeResult {
	readonly text: string;
	/** Number of places where both sides changed the same lines; the text then carries conflict marks. */
	readonly conflicts: number;
}

export interface KnownWorktree {
	readonly folder: string;
	readonly commit: string;
	/** Made by this program, and finished. */
	readonly isOurs: boolean;
}

export interface CommittedState {
	readonly base: string;
	/** The message, once it is known which ignored files are not kept and why. */
	readonly message: (leftOut: readonly string[]) => string;
	/** So much of the ignored files is kept beside the files of the commit; 0 for none. */
	readonly ignoredBytes: number;
}

export interface ReferenceText {
	readonly name: string;
	readonly commit: string;
	/** undefined where git cannot read the commit: it is damaged or gone. */
	readonly message: string | undefined;
}

/** The repository of a workspace. Never touches the person's index, HEAD or branches. */
export interface Git {
	/** Rejects with `git.missing`, `git.notARepository`; resolves to the top folder of the repository. */
	topFolder(): Promise<string>;
	/** Makes the folder a repository if it is none; with a message also commits all that is in it, where it made one. */
	initialize(firstCommit?: string): Promise<void>;
	/** Hidden commit of the open working tree: HEAD, uncommitted and untracked files, without ignored ones and `excluded`. */
	snapshot(message: string, excluded: readonly string[]): Promise<string>;
	/** Detached worktree at a commit in a folder that does not exist yet. Rejects with `git.stopped` when the signal ends it; nothing is left then. */
	addWorktree(folder: string, commit: string, signal?: AbortSignal): Promise<void>;
	/** Removes the worktree and its registration, also when the folder is already gone or was never finished. */
	removeWorktree(folder: string): Promise<void>;
	/**
	 * Moves a worktree that was made here and that nobody worked in to a folder that does not exist yet, and brings it to a commit,
	 * as clean as a new one. Fails with `git.worktreeStale` when a new one would look different; nothing has happened then.
	 */
	takeWorktree(from: string, to: string, commit: string, signal?: AbortSignal): Promise<void>;
	listWorktrees(): Promise<readonly KnownWorktree[]>;
	/** Absolute real paths of what git writes to for a worktree, found from git's side; undefined when git does not know it. */
	worktreePlaces(folder: string): Promise<{ readonly common: string; readonly registration: string } | undefined>;
	/** The commit a branch, tag or id means now; undefined when it means none. */
	resolveCommit(name: string): Promise<string | undefined>;
	/**
	 * Copies ignored files of the workspace (glob patterns from the workspace folder) into a worktree; files that are there stay.
	 * A file that the worktree does not ignore would become part of the change: it is not copied, but named.
	 */
	copyIgnored(
		patterns: readonly string[],
		folder: string,
	): Promise<{ readonly copied: readonly string[]; readonly notIgnored: readonly string[] }>;
	/** Files of the open working tree that differ from HEAD, untracked ones included, ignored ones not; by their path from the top. */
	openChanges(): Promise<readonly string[]>;
	/** Files of a worktree that differ from its checkout so far, cheaply; a look, not a result. */
	touchedFiles(folder: string): Promise<readonly string[]>;
	/**
	 * Commits everything in a worktree (not to a branch) but what `copyIgnored` put there, whether git ignores it by now or not, and
	 * returns the commit; equals `base` when nothing changed.
	 */
	commitWorktree(folder: string, base: string, message: string): Promise<string>;
	/** As `commitWorktree`, but always a commit of its own, for its message; ignored files are carried beside its content and are no change. */
	commitState(folder: string, state: CommittedState): Promise<string>;
	/** Puts ignored files a state carries into a worktree that ignores them, too, where nothing is yet. Their paths from the top. */
	restoreIgnored(commit: string, folder: string): Promise<readonly string[]>;
	/** Hidden commit on `base` that differs from it in these files only. */
	commitFiles(base: string, files: readonly CommittedFile[], message: string): Promise<string>;
	changes(base: string, result: string, excluded: readonly string[]): Promise<readonly ChangedFile[]>;
	/** Content of a file at a commit; undefined when it is not there. */
	fileAt(commit: string, path: string): Promise<Uint8Array | undefined>;
	/** git's mode of what stands at a path of a commit, such as `100644` or `040000` for a folder; empty for nothing. */
	modeAt(commit: string, path: string): Promise<string>;
	/** The commit HEAD points to; undefined while there is none. */
	head(): Promise<string | undefined>;
	/** Where a branch below `dreamos/` stands; undefined when there is none of that name. */
	branchAt(branch: string): Promise<string | undefined>;
	/** Makes a branch below `dreamos/`; false when there is one of that name. No other branch is ever written. */
	createBranch(branch: string, commit: string): Promise<boolean>;
	/** git's own three-way merge of three texts. */
	mergeText(base: string, ours: string, theirs: string): Promise<MergeResult>;
	/** Keeps a commit alive under a hidden name below `refs/dreamos/`, or forgets it with `commit` undefined. */
	setReference(name: string, commit: string | undefined): Promise<void>;
	listReferences(prefix: string): Promise<readonly { readonly name: string; readonly commit: string }[]>;
	/** As `listReferences`, each with the whole message of its commit. */
	readReferences(prefix: string): Promise<readonly ReferenceText[]>;
	/** Reads everything a commit has beyond the one it was made on. One line on what is damaged or missing; undefined when it is whole. */
	findDamage(commit: string): Promise<string | undefined>;
	/** Bytes on the disk that are kept for these commits and not for the commits they were made on; what cannot be read counts nothing. */
	sizeOfCommits(commits: readonly string[]): Promise<number>;
}

/** Tells that the ledger was written by this or another process. */
export type LedgerChanged = Event<{ readonly sequence: number }>;
