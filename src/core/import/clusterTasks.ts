// Owns which of the found records are one task, and which of those counts. Records under one id that are not proved to be the same task
// stay apart, with the doubt as a reason.

import { boardNames, furthestFirst } from '../task/taskStatus.ts';
import type { ImportedTask } from './importedTask.ts';
import { isArchived } from './readSource.ts';
import { compareTasks, isLocalId } from './sameTask.ts';

export interface Cluster {
	readonly main: ImportedTask;
	readonly others: readonly ImportedTask[];
	/** Why it is not the same task as an earlier one under its id. */
	readonly doubt: string | undefined;
}

/** Different tasks under one id that are told apart; whatever comes after them is a task of its own without being compared. */
const mostGroups = 20;

/** Records that are one task, each group once; the record that counts first. */
export function clusterTasks(imported: readonly ImportedTask[]): Cluster[] {
	const byKey = new Map<string, ImportedTask[]>();
	for (const each of imported) {
		const key = isLocalId(each.found.id) ? `${each.file}\n${each.found.id}` : each.found.id;
		const list = byKey.get(key);
		if (list === undefined) {
			byKey.set(key, [each]);
		} else {
			list.push(each);
		}
	}
	return [...byKey.values()].flatMap((records) => {
		const groups: ImportedTask[][] = [];
		for (const record of [...records].sort(compareRank)) {
			const group = groups
				.slice(0, mostGroups)
				.find(([first]) => first !== undefined && 'proof' in compareTasks(first.task, record.task));
			if (group === undefined) {
				groups.push([record]);
			} else {
				group.push(record);
			}
		}
		return groups.flatMap(([main, ...others], index) =>
			main === undefined
				? []
				: [
						{
							main,
							others,
							doubt:
								index === 0
									? undefined
									: 'another record has its id, and they are about different things',
						},
					],
		);
	});
}

export const archivedLast = (left: ImportedTask, right: ImportedTask): number =>
	Number(isArchived(left.found.file)) - Number(isArchived(right.found.file));

/** What is not archived first; then furthest along; then the board later in a task's life. The order they were found in decides the rest. */
function compareRank(left: ImportedTask, right: ImportedTask): number {
	const rank = ({ found: { board } }: ImportedTask) => (board === undefined ? -1 : boardNames.indexOf(board));
	return (
		archivedLast(left, right) ||
		furthestFirst.indexOf(left.task.status) - furthestFirst.indexOf(right.task.status) ||
		rank(right) - rank(left)
	);
}
