// Owns a real workspace in a temp folder: a ledger file, four board files, a mirror. For tests of what happens between them.

import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { nullLogger } from '../../src/base/log.ts';
import type { LedgerEvent } from '../../src/core/events.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { boardPath, runtimePaths } from '../../src/core/paths.ts';
import type { Clock } from '../../src/core/ports.ts';
import { staleTogetherMilliseconds } from '../../src/core/board/replacedRecords.ts';
import { advanceTask, claimTask } from '../../src/core/task/advanceTask.ts';
import type { TaskDraft } from '../../src/core/task/createTask.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import type { StoredTask } from '../../src/core/task/task.ts';
import type { ArchiveName, BoardFileName } from '../../src/core/task/archive.ts';
import { isArchive } from '../../src/core/task/archive.ts';
import type { BoardName, MoveName } from '../../src/core/task/taskStatus.ts';
import { boardNames } from '../../src/core/task/taskStatus.ts';
import type { InitializeTools } from '../../src/core/workspace/initializeWorkspace.ts';
import { initializeWorkspace } from '../../src/core/workspace/initializeWorkspace.ts';
import { BoardMirror } from '../../src/ledger/boardMirror.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { ann } from './temporaryLedger.ts';

/** Boards of a real older project; undefined where the folder is not beside the repository. */
export const victorFixture: string | undefined = [
	resolve(import.meta.dirname, '../../../shared/fixtures/victor-os'),
	// Of a worktree that lies in a folder beside the repository.
	resolve(import.meta.dirname, '../../../../shared/fixtures/victor-os'),
].find((folder) => existsSync(folder));

/** Copies the runtime folder of the fixture into a folder, writable. */
export function copyVictor(target: string): void {
	if (victorFixture === undefined) {
		throw new Error('the fixture is not there');
	}
	cpSync(join(victorFixture, 'runtime'), join(target, 'runtime'), { recursive: true });
	makeWritable(join(target, 'runtime'));
}

function makeWritable(path: string): void {
	const isFolder = lstatSync(path).isDirectory();
	chmodSync(path, isFolder ? 0o755 : 0o644);
	for (const name of isFolder ? readdirSync(path) : []) {
		makeWritable(join(path, name));
	}
}

/** Every file below a folder with its content, to show that nothing was changed. */
export function contentsOf(folder: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
		const path = join(folder, name);
		found.set(name, lstatSync(path).isDirectory() ? 'folder' : readFileSync(path, 'latin1'));
	}
	return found;
}

export class BoardWorkspace {
	readonly folder: string;
	/** The system's clock, moved on by `later`. */
	readonly clock: Clock = { now: () => systemClock.now() + this.shift, monotonic: () => systemClock.monotonic() };
	private shift = 0;
	private opened: Ledger | undefined;
	private readonly mirrors: BoardMirror[] = [];

	constructor(folder: string) {
		this.folder = folder;
	}

	/** Lets time pass, so that an edit cannot be the save of somebody who read the file before our last change. */
	later(milliseconds = staleTogetherMilliseconds): void {
		this.shift += milliseconds;
	}

	static async make(folder: string): Promise<BoardWorkspace> {
		const workspace = new BoardWorkspace(folder);
		await initializeWorkspace(workspace.tools, ann);
		return workspace;
	}

	get ledger(): Ledger {
		if (this.opened === undefined) {
			throw new Error('the ledger is not open');
		}
		return this.opened;
	}

	readonly openLedger = async (): Promise<Ledger> => {
		this.opened ??= await openLedger({
			path: join(this.folder, 'runtime/dreamos.db'),
			clock: this.clock,
			log: nullLogger,
		});
		return this.opened;
	};

	get tools(): InitializeTools {
		return { files: nodeFileSystem, clock: this.clock, folder: this.folder, openLedger: this.openLedger };
	}

	/** A mirror of this process; each has its own view of the files, like one in another process. */
	mirror(options: Partial<ConstructorParameters<typeof BoardMirror>[0]> = {}): BoardMirror {
		const mirror = new BoardMirror({
			ledger: this.ledger,
			files: nodeFileSystem,
			clock: this.clock,
			log: nullLogger,
			folder: this.folder,
			...options,
		});
		this.mirrors.push(mirror);
		return mirror;
	}

	async close(): Promise<void> {
		for (const mirror of this.mirrors.splice(0)) {
			await mirror.close();
		}
		this.opened?.dispose();
		this.opened = undefined;
	}

	path(board: BoardFileName): string {
		return join(this.folder, boardPath(board));
	}

	text(board: BoardFileName): string {
		return readFileSync(this.path(board), 'utf8');
	}

	/** Writes a file the way careless programs do: in place. */
	write(board: BoardFileName, content: string | Uint8Array): void {
		mkdirSync(dirname(this.path(board)), { recursive: true });
		writeFileSync(this.path(board), content);
	}

	records(board: BoardFileName): JsonObject[] {
		return JSON.parse(this.text(board)) as JsonObject[];
	}

	/** Edits a board the way a program does: parse, change, write the whole list. */
	edit(board: BoardFileName, change: (records: JsonObject[]) => JsonValue[]): void {
		this.write(board, `${JSON.stringify(change(this.records(board)), null, 2)}\n`);
	}

	/** Edits one record of a board. */
	editRecord(board: BoardFileName, id: string, fields: JsonObject): void {
		this.edit(board, (records) =>
			records.map((record) => (idOf(record) === id ? { ...record, ...fields } : record)),
		);
	}

	/** Ids on each board file, in file order. */
	ids(): Record<BoardName, string[]> {
		return Object.fromEntries(boardNames.map((board) => [board, this.records(board).map(idOf)])) as Record<
			BoardName,
			string[]
		>;
	}

	/** Archives that lie in their folder, by month. */
	archives(): ArchiveName[] {
		const folder = join(this.folder, runtimePaths.archive);
		return (existsSync(folder) ? readdirSync(folder) : [])
			.map((name) => `archive/${name.replace(/\.json$/u, '')}`)
			.filter(isArchive)
			.sort();
	}

	/** Every id with the files it stands on, archives included. */
	places(): Map<string, BoardFileName[]> {
		const found = new Map<string, BoardFileName[]>();
		for (const file of [...boardNames, ...this.archives()]) {
			for (const id of this.records(file).map(idOf)) {
				found.set(id, [...(found.get(id) ?? []), file]);
			}
		}
		return found;
	}

	async create(draft: TaskDraft): Promise<StoredTask> {
		return this.ledger.write(ann, (transaction) => createTask(transaction, draft));
	}

	async move(id: string, move: MoveName, reason = 'because'): Promise<void> {
		await this.ledger.write(ann, (transaction) => advanceTask(transaction, { taskId: id, move, reason }));
	}

	/** Claims as an agent that a host drives, or as a person. */
	async claim(id: string, worker: string, hostId: string | null): Promise<void> {
		await this.ledger.write(ann, (transaction) =>
			claimTask(transaction, {
				taskId: id,
				worker,
				driver: hostId === null ? 'human' : 'command',
				hostId,
				now: this.clock.now(),
			}),
		);
	}

	async task(id: string): Promise<StoredTask | undefined> {
		return this.ledger.read((reader) => reader.task(id));
	}

	async status(id: string): Promise<string | undefined> {
		return (await this.task(id))?.task.status;
	}

	async events(id?: string): Promise<LedgerEvent[]> {
		return this.ledger.read((reader) => reader.events(id === undefined ? {} : { task_id: id }));
	}

	quarantine(): string[] {
		const folder = join(this.folder, 'runtime/quarantine');
		return existsSync(folder) ? readdirSync(folder).sort() : [];
	}
}

/** The id of a record under whichever key. */
export function idOf(record: JsonObject): string {
	const id = record['task_id'] ?? record['id'];
	return typeof id === 'string' ? id : JSON.stringify(id ?? null);
}
