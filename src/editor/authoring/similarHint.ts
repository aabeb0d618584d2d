// Owns the hint that a task like the one being named is there already. A search that fails is no reason to keep anybody from typing.

import { l10n } from 'vscode';
import { sleep } from '../../base/async.ts';
import type { SearchPage } from '../../core/search/searchTasks.ts';
import { similarQueries } from '../../core/search/similarTasks.ts';
import type { Performer } from '../performer.ts';
import { plainMessage } from '../plainText.ts';

/** How long the typing rests before it is searched for. */
const restMilliseconds = 200;
const shown = 2;

/** One line that names tasks like it; undefined when there are none or the name is another one by now. */
export async function similarHint(
	performer: Performer,
	name: string,
	isCurrent: () => boolean,
): Promise<string | undefined> {
	await sleep(restMilliseconds);
	for (const query of similarQueries(name)) {
		if (!isCurrent()) {
			return undefined;
		}
		const { hits, total } = await performer.perform<SearchPage>('task.search', { query, limit: shown });
		if (hits.length > 0) {
			const named = hits.map((hit) => `${plainMessage(hit.name, 80)} (${hit.task_id}, ${hit.status})`).join('; ');
			return total > shown
				? l10n.t('There is already: {0} and {1} more', named, total - shown)
				: l10n.t('There is already: {0}', named);
		}
	}
	return undefined;
}
