// Owns the transactions: one at a time on our connection, retried while others hold the lock, acknowledged after the commit.

import { AsyncLocalStorage } from 'node:async_hooks';
import { statSync } from 'node:fs';
import { Kysely } from 'kysely';
import { Sequencer } from '../base/async.ts';
import { DreamError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import type { FoundTasks, Ledger, LedgerReader, LedgerTransaction } from '../core/ledger.ts';
import type { Clock, LedgerChanged, Watcher } from '../core/ports.ts';
import { timestamp } from '../core/ports.ts';
import type { Claimed, ClaimRequest } from '../core/task/advanceTask.ts';
import { Bell } from './bell.ts';
import { Checkpoints } from './checkpoints.ts';
import type { PageRequest, SearchQuery } from '../core/search/searchQuery.ts';
import { retryInLine, retryWhileBusy } from './busyRetry.ts';
import { CombinedClaims } from './combinedClaims.ts';
import type { ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import { KnownBases } from './knownBases.ts';
import { KnownTasks } from './knownTasks.ts';
import type { LogSync } from './logSync.ts';
import { isBusy, toLedgerError, unsyncedError } from './ledgerErrors.ts';
import { LedgerWatch } from './ledgerWatch.ts';
import type { NodeSqlite } from './nodeSqlite.ts';
import { PreparedQueries } from './preparedQueries.ts';
import { claimQueries } from './queries.ts';
import { RequestSlots } from './requestSlots.ts';
import type { LedgerTables } from './schema.ts';
import { serveOrder } from './serveOrder.ts';
import type { DetectFullText } from './search/indexFile.ts';
import { LedgerSearch } from './search/ledgerSearch.ts';
import { SearchSource } from './search/searchSource.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { sqliteDialect } from './sqliteDialect.ts';
import type { LedgerSource } from './sqliteReader.ts';
import { SqliteReader } from './sqliteReader.ts';
import { SqliteTransaction } from './sqliteTransaction.ts';
import { WaitingLine } from './waitingLine.ts';

export interface SqliteLedgerParts {
	readonly path: string;
	readonly connection: SqliteConnection;
	/** Brings commits to the disk; undefined where SQLite does so by itself. */
	readonly logSync: LogSync | undefined;
	readonly clock: Clock;
	readonly log: Logger;
	readonly watcher: Watcher | undefined;
	readonly pollMilliseconds: number;
	/** How long to wait for a lock before `ledger.busy`. */
	readonly deadlineMilliseconds: number;
	/** Why this ledger takes no writes; undefined when it does. */
	readonly refusal: DreamError | undefined;
	readonly sqlite: NodeSqlite;
	readonly detectFullText: DetectFullText;
}

export class SqliteLedger implements Ledger {
	readonly onDidChange: LedgerChanged;
	private readonly parts: SqliteLedgerParts;
	private readonly source: LedgerSource;
	private readonly watch: LedgerWatch;
	private readonly changed: Emitter<{ readonly sequence: number }>;
	private readonly turns = new Sequencer();
	/** The transaction whose work is running; tells a call from inside of it from one beside it. */
	private readonly inside = new AsyncLocalStorage<SqliteReader>();
	private readonly damaged = new Set<string>();
	private readonly line: WaitingLine;
	private readonly slots: RequestSlots;
	private readonly bell: Bell;
	private readonly claims: CombinedClaims;
	private readonly checkpoints: Checkpoints;
	private readonly tasksSearch: LedgerSearch;
	/** The file we have open: it may be deleted, and another made in its place. */
	private readonly inode: number | undefined;
	private seenVersion: unknown;
	private hasOwnChange = false;
	private pending = 0;
	private isDisposed = false;

	constructor(parts: SqliteLedgerParts) {
		this.parts = parts;
		const { connection, log, path } = parts;
		const database = new Kysely<LedgerTables>({ dialect: sqliteDialect(connection) });
		this.source = {
			database,
			prepared: new PreparedQueries(database, connection),
			report: (row, what) => this.reportDamage(row, what),
			bases: new KnownBases(),
			tasks: new KnownTasks(),
		};
		this.inode = inodeOf(path);
		this.line = new WaitingLine(`${path}-line`);
		this.slots = new RequestSlots(`${path}-claims`);
		this.bell = new Bell(`${path}-bell`);
		this.claims = new CombinedClaims({
			path,
			deadlineMilliseconds: parts.deadlineMilliseconds,
			line: this.line,
			slots: this.slots,
			bell: this.bell,
			serve: (orders, isWanted) => this.serve(orders, isWanted),
			during: (job) => this.during(job),
		});
		this.checkpoints = new Checkpoints(parts.connection, (job) =>
			this.isDisposed ? Promise.resolve() : this.during(() => this.turns.run('turn', job)),
		);
		this.tasksSearch = new LedgerSearch({
			...parts,
			isWritable: parts.refusal === undefined,
			read: (work) => this.readWith(() => new SearchSource(this.source), work),
		});
		this.changed = new Emitter((error) => log.error('A listener to the ledger failed.', error));
		this.onDidChange = this.changed.event;
		this.seenVersion = connection.value('pragma data_version');
		this.watch = new LedgerWatch(
			parts,
			() => this.look(),
			(error) => log.warn(`The ledger could not be looked at: ${String(error)}`),
		);
	}

	get refusal(): DreamError | undefined {
		return this.parts.refusal;
	}

	async read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T> {
		return this.admitted(() => this.readWith(() => new SqliteReader(this.source), work));
	}

	search(query: SearchQuery, page: PageRequest, signal?: AbortSignal): Promise<FoundTasks> {
		return this.admitted(() => this.tasksSearch.find(query, page, signal));
	}

	refreshSearch(signal?: AbortSignal): Promise<void> {
		return this.admitted(() => this.tasksSearch.refresh(signal));
	}

	async write<T>(actor: Actor, work: (transaction: LedgerTransaction) => Promise<T>): Promise<T> {
		if (this.parts.refusal !== undefined) {
			throw this.parts.refusal;
		}
		return this.admitted(async () => {
			// Writers of this process wait in line, so that only one of them competes with other processes.
			const value = await this.turns.run('write', async () => {
				this.source.prepared.warm(claimQueries);
				const { result, isNews } = await this.whenFree('immediate', () => {
					const transaction = new SqliteTransaction(this.source, actor, timestamp(this.parts.clock));
					return this.transact(transaction, async () => {
						const done = await work(transaction);
						await transaction.complete();
						const { changedRows } = this.parts.connection;
						return { result: done, isNews: changedRows !== transaction.renewedRows };
					});
				});
				this.checkpoints.committed(1);
				this.claims.release();
				// A lease that goes on is told to nobody here: whoever waits for its end reads when it would end.
				if (isNews) {
					this.hasOwnChange = true;
					this.announce();
				}
				return result;
			});
			// Outside of the line: the next one may commit meanwhile, and share the sync after that.
			await this.sync();
			return value;
		});
	}

	async claim(actor: Actor, request: ClaimRequest): Promise<Claimed> {
		if (this.parts.refusal !== undefined) {
			throw this.parts.refusal;
		}
		return this.admitted(async () => {
			try {
				return await this.claims.claim(actor, request);
			} finally {
				// Also when it was served by another process.
				this.announce();
			}
		});
	}

	dispose(): void {
		if (!this.isDisposed) {
			this.isDisposed = true;
			this.watch.dispose();
			this.changed.dispose();
			this.claims.stop();
			this.closeWhenIdle();
		}
	}

	private async admitted<T>(job: () => Promise<T>): Promise<T> {
		this.assertOpen();
		if (this.inside.getStore()?.isOver === false) {
			throw new DreamError(
				'ledger.nested',
				'A transaction was begun inside another one; it would wait for itself.',
				{
					advice: 'Use the transaction that is already there.',
				},
			);
		}
		return this.during(job);
	}

	/** The connection stays open as long as a job runs. */
	private async during<T>(job: () => Promise<T>): Promise<T> {
		this.pending += 1;
		try {
			return await job();
		} finally {
			this.pending -= 1;
			this.closeWhenIdle();
		}
	}

	/** One transaction for many claims; throws SQLite's own error while the lock is not free. */
	private async serve(
		orders: () => readonly ClaimOrder[],
		isWanted: () => boolean,
	): Promise<readonly ClaimOutcome[]> {
		const { connection, clock } = this.parts;
		this.source.prepared.warm(claimQueries);
		const outcomes = await this.turns.run('turn', async () => {
			this.assertOpen();
			this.begin('immediate');
			this.line.leave();
			if (inodeOf(this.parts.path) !== this.inode) {
				// Whoever waits beside the file that is there now must not be served in ours.
				this.slots.dispose();
			}
			try {
				const served: ClaimOutcome[] = [];
				for (const order of orders()) {
					served.push(await serveOrder(this.source, order, timestamp(clock), this.inside));
				}
				if (!isWanted()) {
					throw new DreamError(
						'internal.withdrawn',
						'Somebody whose claim is served here no longer waits for it.',
					);
				}
				connection.commit();
				return served;
			} catch (error) {
				connection.rollback();
				throw error;
			}
		});
		this.hasOwnChange = true;
		this.checkpoints.committed(outcomes.length);
		this.announce();
		await this.sync();
		return outcomes;
	}

	/** Resolves when everything committed so far would outlive a power cut. */
	private async sync(): Promise<void> {
		try {
			await this.parts.logSync?.sync();
		} catch (error) {
			throw unsyncedError(error, this.parts.path);
		}
	}

	private readWith<Reader extends SqliteReader, T>(
		makeReader: () => Reader,
		work: (reader: Reader) => Promise<T>,
	): Promise<T> {
		return this.whenFree('deferred', () => {
			const reader = makeReader();
			return this.transact(reader, () => work(reader));
		});
	}

	/** Begins a transaction as soon as it can and runs the body in it; others of this process may read while it waits. */
	private async whenFree<T>(kind: 'deferred' | 'immediate', body: () => Promise<T>): Promise<T> {
		const { path, deadlineMilliseconds } = this.parts;
		const options = { path, deadlineMilliseconds };
		const attempt = () =>
			this.turns.run('turn', async () => {
				this.assertOpen();
				this.begin(kind);
				this.line.leave();
				// The outcome is handed out, not thrown: what the body throws must never be taken for a busy lock.
				try {
					const value = await body();
					return () => value;
				} catch (error) {
					return () => {
						throw toLedgerError(error, path);
					};
				}
			});
		const begun =
			kind === 'immediate' ? retryInLine(options, this.line, attempt) : retryWhileBusy(options, attempt);
		const finish = await begun.catch((error: unknown) => {
			throw toLedgerError(error, path);
		});
		return finish();
	}

	private begin(kind: 'deferred' | 'immediate'): void {
		const { connection } = this.parts;
		connection.begin(kind);
		if (kind === 'deferred') {
			try {
				// SQLite takes the snapshot with the first read, and only that one can be busy.
				connection.value('select name from boards limit 1');
			} catch (error) {
				connection.rollback();
				throw error;
			}
		}
	}

	private async transact<T>(reader: SqliteReader, body: () => Promise<T>): Promise<T> {
		const { connection } = this.parts;
		try {
			const value = await this.inside.run(reader, body);
			connection.commit();
			return value;
		} catch (error) {
			connection.rollback();
			throw error;
		} finally {
			reader.end();
		}
	}

	private announce(): void {
		if (!this.isDisposed && this.changed.listenerCount > 0) {
			this.watch.trigger();
		}
	}

	private async look(): Promise<void> {
		if (this.changed.listenerCount === 0) {
			return;
		}
		const sequence = await this.turns.run('turn', async () => {
			if (this.isDisposed) {
				return undefined;
			}
			const { connection } = this.parts;
			try {
				const version = connection.value('pragma data_version');
				if (version === this.seenVersion && !this.hasOwnChange) {
					return undefined;
				}
				const newest = await new SqliteReader(this.source).sequence();
				this.seenVersion = version;
				this.hasOwnChange = false;
				return newest;
			} catch (error) {
				if (isBusy(error)) {
					this.announce();
					return undefined;
				}
				throw toLedgerError(error, this.parts.path);
			}
		});
		if (sequence !== undefined) {
			this.changed.fire({ sequence });
		}
	}

	private assertOpen(): void {
		if (this.isDisposed) {
			throw new DreamError('ledger.closed', `The ledger ${this.parts.path} is closed.`, {
				details: { file: this.parts.path },
			});
		}
	}

	private closeWhenIdle(): void {
		if (this.isDisposed && this.pending === 0) {
			this.line.dispose();
			this.slots.dispose();
			this.bell.dispose();
			this.tasksSearch.close();
			this.parts.logSync?.close();
			this.parts.connection.close();
		}
	}

	/** Once per row: the same row is read again and again. */
	private reportDamage(row: string, what: string): void {
		if (!this.damaged.has(row)) {
			this.damaged.add(row);
			this.parts.log.error(`Ledger ${this.parts.path}, ${row}: ${what}.`);
		}
	}
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;
