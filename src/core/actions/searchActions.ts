// Owns searching tasks by word, phrase and filter: input and answer. What matches is core/search's.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { FilterKey, SearchFilter } from '../search/searchFilters.ts';
import { readFilterValues, readTime } from '../search/searchFilters.ts';
import type { SearchQuery } from '../search/searchQuery.ts';
import { parseSearch } from '../search/searchQuery.ts';
import { searchBoards, searchLedger } from '../search/searchTasks.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const filterInputs = {
	status: z.enum(taskStatuses).optional().describe('Only tasks with this status'),
	board: z.enum(boardNames).optional().describe('Only tasks on this board'),
	agent: z.string().optional().describe('Only tasks claimed by or assigned to this agent'),
	tag: z.string().optional().describe('Only tasks with this tag'),
	type: z.string().optional().describe('Only tasks of this kind of work'),
	priority: z.enum(taskPriorities).optional().describe('Only tasks of this priority'),
} as const satisfies Readonly<Record<FilterKey, z.ZodType>>;

const search = defineAction({
	id: 'task.search',
	title: 'Search Tasks',
	description:
		'Finds tasks by words of any field or of their history; "phrases", -excluded words and filters such as status:blocked or since:7d narrow it.',
	effect: 'read',
	input: z.object({
		query: z
			.string()
			.max(1000)
			.default('')
			.describe('Words, "phrases", -excluded, board: status: agent: tag: type: priority: since: until:'),
		...filterInputs,
		since: z.string().optional().describe('Changed since: 2026-01-31, or 7d, 2h, 30m ago'),
		until: z.string().optional().describe('Changed until: 2026-01-31, or 7d, 2h, 30m ago'),
		limit: z.number().int().min(1).max(500).default(50).describe('How many are shown'),
		offset: z.number().int().nonnegative().default(0).describe('How many are left out before'),
	}),
	terminal: { positionals: ['query'], takesAllWords: true },
	async run(context, { query: text, since, until, limit, offset, ...filters }) {
		const now = context.clock.now();
		const typed = parseSearch(text, now);
		const query: SearchQuery = {
			...typed,
			filters: [...typed.filters, ...filtersOf(filters)],
			...(since === undefined ? {} : { since: requireTime(since, now, 'since') }),
			...(until === undefined ? {} : { until: requireTime(until, now, 'until') }),
		};
		return context.workspace.state() === 'foreign'
			? searchBoards((await context.workspace.foreignView()).tasks, query, { limit, offset })
			: searchLedger(context.ledger, query, { limit, offset });
	},
});

function filtersOf(given: Readonly<Partial<Record<FilterKey, string | undefined>>>): SearchFilter[] {
	return Object.entries(given).flatMap(([key, value]) =>
		value === undefined
			? []
			: [{ key: key as FilterKey, values: readFilterValues(key as FilterKey, value) ?? [], isExcluded: false }],
	);
}

function requireTime(text: string, now: number, edge: 'since' | 'until'): number {
	const time = readTime(text, now, edge);
	if (time === undefined) {
		throw new DreamError('action.badInput', `Search Tasks cannot use ${edge} "${text}": it is not a time.`, {
			details: { action: 'task.search', [edge]: text },
			advice: 'Give a date (2026-01-31), a time (2026-01-31T12:00), or an age (7d, 2h, 30m).',
		});
	}
	return time;
}

export const searchActions: readonly DefinedAction[] = [search];
