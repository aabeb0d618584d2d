// Owns a page of a search: ids from the ledger's index, or a look at every task where there is none, and for each a line that
// says why it is there.

import type { Ledger } from '../ledger.ts';
import type { ShownTask } from '../swarm/swarmSnapshot.ts';
import type { BoardName, TaskStatus } from '../task/taskStatus.ts';
import { explainMatch, matchDocument } from './matchDocument.ts';
import type { SearchDocument, SearchTier } from './searchDocument.ts';
import { documentOf, longestHistory } from './searchDocument.ts';
import type { PageRequest, SearchQuery } from './searchQuery.ts';

export interface SearchHit {
	readonly task_id: string;
	readonly name: string;
	readonly status: TaskStatus;
	readonly board: BoardName;
	/** `id`, `name`, `description`, `history` …, or the path of a value of the record. */
	readonly where: string;
	/** One line, harmless and without markup. */
	readonly snippet: string;
	/** 3 for id and name, 2 for the rest of the task, 1 for its history. */
	readonly score: number;
	/** When that line of history was written. */
	readonly at?: string;
}

export interface SearchPage {
	/** How many tasks answer the query, on all pages. */
	readonly total: number;
	/** Best first, and among equals what came last. */
	readonly hits: readonly SearchHit[];
	/** What of the query was not understood, for a person. */
	readonly notes: readonly string[];
}

/** A page of the tasks of a ledger that answer a query. Fails as reads of the ledger do. */
export async function searchLedger(ledger: Ledger, query: SearchQuery, page: PageRequest): Promise<SearchPage> {
	const { total, tasks } = await ledger.search(query, page);
	const ids = tasks.map(({ task_id }) => task_id);
	const documents = await ledger.read(async (reader) => {
		const byId = new Map<string, SearchDocument>();
		for (const stored of await reader.tasks({ ids })) {
			const { task_id } = stored.task;
			const history = await reader.events({ task_id, newestFirst: true, limit: longestHistory });
			byId.set(task_id, documentOf(stored, history));
		}
		return byId;
	});
	const hits = ids.flatMap((id) => {
		const document = documents.get(id);
		const tier = document === undefined ? undefined : matchDocument(document, query);
		// It may have changed or gone since it was found.
		return document === undefined || tier === undefined ? [] : [toHit(document, query, tier)];
	});
	return { total, hits, notes: query.notes };
}

/** The same for boards that are not ours: they have no history and no index. */
export function searchBoards(
	tasks: readonly ShownTask[],
	query: SearchQuery,
	{ limit, offset }: PageRequest,
): SearchPage {
	const found = tasks
		.map((shown) => documentOf(shown, []))
		.flatMap((document) => {
			const tier = matchDocument(document, query);
			return tier === undefined ? [] : [{ document, tier }];
		})
		.sort((left, right) => left.tier - right.tier);
	return {
		total: found.length,
		hits: found.slice(offset, offset + limit).map(({ document, tier }) => toHit(document, query, tier)),
		notes: query.notes,
	};
}

/** Keys of a picture's tasks that answer a query, for boards without a ledger. */
export function matchingKeys(tasks: ReadonlyMap<string, ShownTask>, query: SearchQuery): string[] {
	return [...tasks].flatMap(([key, shown]) =>
		matchDocument(documentOf(shown, []), query) === undefined ? [] : [key],
	);
}

function toHit(document: SearchDocument, query: SearchQuery, tier: SearchTier): SearchHit {
	const { task_id, name } = document.task;
	const { status, board } = document.facts;
	return { task_id, name, status, board, score: 3 - tier, ...explainMatch(document, query) };
}
