// Owns the search of one ledger: brings the index up to date with the ledger's events before it answers, and looks at every task
// where no index can be had. Whatever is wrong with the index is repaired or gone around, never told to who searches.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Sequencer } from '../../base/async.ts';
import { describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { FoundTask, FoundTasks } from '../../core/ledger.ts';
import { matchDocument } from '../../core/search/matchDocument.ts';
import type { PageRequest, SearchQuery } from '../../core/search/searchQuery.ts';
import { retryWhileBusy } from '../busyRetry.ts';
import { isSqliteError } from '../ledgerErrors.ts';
import type { NodeSqlite } from '../nodeSqlite.ts';
import type { DetectFullText } from './indexFile.ts';
import { indexPath, openIndexFile, removeIndexFile } from './indexFile.ts';
import { SearchIndex } from './searchIndex.ts';
import type { SearchSource } from './searchSource.ts';

export interface LedgerSearchParts {
	/** The ledger's file. */
	readonly path: string;
	readonly sqlite: NodeSqlite;
	readonly log: Logger;
	/** Whether a file may be made beside the ledger; without it the index lives in memory. */
	readonly isWritable: boolean;
	readonly detectFullText: DetectFullText;
	/** A consistent look at the ledger, short. */
	readonly read: <T>(work: (source: SearchSource) => Promise<T>) => Promise<T>;
}

/** Events looked at in one step, tasks read and written in one: some milliseconds each. */
const stretchLength = 2000;
const tasksPerStep = 30;
const busyMilliseconds = 5000;

/** Where the index is tried next: as it is, anew, in memory, not at all. */
const places = ['file', 'newFile', 'memory', 'none'] as const;

export class LedgerSearch {
	private readonly parts: LedgerSearchParts;
	private readonly turns = new Sequencer();
	private index: SearchIndex | undefined;
	private place: (typeof places)[number];

	constructor(parts: LedgerSearchParts) {
		this.parts = parts;
		this.place = parts.isWritable ? 'file' : 'memory';
	}

	/** As `Ledger.search`. */
	find(query: SearchQuery, page: PageRequest, signal: AbortSignal | undefined): Promise<FoundTasks> {
		return this.turns.run('search', async () => {
			signal?.throwIfAborted();
			const found = await this.withIndex(async (index) => {
				await this.catchUp(index, signal);
				return index.find(query, page, signal);
			});
			return found ?? this.scan(query, page, signal);
		});
	}

	/** As `Ledger.refreshSearch`. An index in memory is only kept up to date once somebody has searched. */
	refresh(signal: AbortSignal | undefined): Promise<void> {
		return this.turns.run('search', async () => {
			if (this.index !== undefined || this.parts.isWritable) {
				await this.withIndex((index) => this.catchUp(index, signal));
			}
		});
	}

	close(): void {
		this.index?.close();
		this.index = undefined;
	}

	/** Works with the index; undefined where there is none. One that fails is replaced by the next that can be had. */
	private async withIndex<T>(work: (index: SearchIndex) => Promise<T>): Promise<T | undefined> {
		while (this.place !== 'none') {
			try {
				this.index ??= await this.open();
				if (this.index !== undefined) {
					const result = await work(this.index);
					this.place = this.place === 'newFile' ? 'file' : this.place;
					return result;
				}
			} catch (error) {
				if (isDreamError(error, 'ledger.busy')) {
					// Others keep it locked: this time it goes without.
					return undefined;
				}
				if (!isSqliteError(error)) {
					throw error;
				}
				this.parts.log.warn(`The index of the search is of no use and is made anew: ${describeError(error)}`);
				this.close();
				this.place = places[places.indexOf(this.place) + 1] ?? 'none';
			}
		}
		return undefined;
	}

	private async open(): Promise<SearchIndex | undefined> {
		const { sqlite, path } = this.parts;
		const file = this.place === 'memory' ? undefined : indexPath(path);
		if (file !== undefined && this.place === 'newFile') {
			removeUnlessHeld(file);
		}
		return this.unlessBusy(() => {
			const connection = openIndexFile(sqlite, file);
			if (!this.parts.detectFullText(connection)) {
				connection.close();
				this.place = 'none';
				return undefined;
			}
			const index = new SearchIndex(connection);
			try {
				index.prepare();
			} catch (error) {
				index.close();
				throw error;
			}
			return index;
		});
	}

	/** Puts into the index what changed since it last saw the ledger, in steps between which others have their turn. */
	private async catchUp(index: SearchIndex, signal: AbortSignal | undefined): Promise<void> {
		for (;;) {
			const state = index.state();
			const stretch = await this.parts.read(async (source) => {
				const newest = await source.sequence();
				if (state.sequence > newest || (await source.mark(state.sequence)) !== state.mark) {
					return 'anotherLedger';
				}
				const until = Math.min(newest, state.sequence + stretchLength);
				return until === state.sequence
					? undefined
					: {
							until,
							mark: await source.mark(until),
							ids: await source.changedBetween(state.sequence, until),
						};
			});
			if (stretch === undefined) {
				return;
			}
			if (stretch === 'anotherLedger') {
				await this.unlessBusy(() => index.clear());
				continue;
			}
			await this.putStretch(index, stretch, signal);
			await this.unlessBusy(() => index.advance({ sequence: stretch.until, mark: stretch.mark }));
		}
	}

	private async putStretch(
		index: SearchIndex,
		{ ids, until }: { readonly ids: readonly string[]; readonly until: number },
		signal: AbortSignal | undefined,
	): Promise<void> {
		const behind = index.behind(ids, until);
		for (let start = 0; start < behind.length; start += tasksPerStep) {
			await nextTurn();
			signal?.throwIfAborted();
			const some = behind.slice(start, start + tasksPerStep);
			const { documents, seen } = await this.parts.read(async (source) => ({
				documents: await source.documents(some),
				seen: await source.sequence(),
			}));
			await nextTurn();
			await this.unlessBusy(() => index.put(some, documents, seen));
		}
	}

	/** Looks at every task: slower, with the same answers. */
	private async scan(
		query: SearchQuery,
		{ limit, offset }: PageRequest,
		signal: AbortSignal | undefined,
	): Promise<FoundTasks> {
		const found: (FoundTask & { readonly ordinal: number })[] = [];
		let after = 0;
		for (;;) {
			signal?.throwIfAborted();
			const start = after;
			const documents = await this.parts.read((source) => source.page(start, tasksPerStep));
			if (documents.length === 0) {
				break;
			}
			for (const { document, ordinal } of documents) {
				const tier = matchDocument(document, query);
				if (tier !== undefined) {
					found.push({ task_id: document.task.task_id, tier, ordinal });
				}
				after = ordinal;
			}
			await nextTurn();
		}
		found.sort((left, right) => left.tier - right.tier || right.ordinal - left.ordinal);
		const page = found.slice(offset, offset + limit);
		return { total: found.length, tasks: page.map(({ task_id, tier }) => ({ task_id, tier })) };
	}

	private unlessBusy<T>(attempt: () => T): Promise<T> {
		return retryWhileBusy({ path: indexPath(this.parts.path), deadlineMilliseconds: busyMilliseconds }, attempt);
	}
}

/** On Windows a file that another program has open stays; then this one gets an index in memory. */
function removeUnlessHeld(file: string): void {
	try {
		removeIndexFile(file);
	} catch {
		// Opening it again says what is wrong with it.
	}
}
