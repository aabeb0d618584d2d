// Owns the fixes of single values: statuses that cannot be reached, words that are not known, values of the wrong type, times
// nobody filled in, and values that file and ledger disagree on.

import type { JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import { handTargets } from '../board/handMoves.ts';
import { statusKeys } from '../board/readFields.ts';
import type { PlainFieldName } from '../board/recordFields.ts';
import { recordFields } from '../board/recordFields.ts';
import { removeValue, replaceValue } from '../jsonEdit.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import { convertValue } from './convertValue.ts';
import type { BoardFix, FixInput, TextFix } from './fix.ts';
import { recordFix } from './fix.ts';
import { nearestWords } from './nearestWords.ts';

const short = (value: JsonValue): string => displayLine(typeof value === 'string' ? value : JSON.stringify(value), 60);

const keyOf = ({ place }: FixInput): string => String(place.path[0] ?? '');

function replace(input: FixInput, title: string, value: JsonValue, more?: Parameters<typeof recordFix>[3]): BoardFix[] {
	return recordFix(input, title, replaceValue(input.place.text, input.place.path, value), more);
}

function remove(input: FixInput, more?: Parameters<typeof recordFix>[3]): BoardFix[] {
	const { text, path } = input.place;
	return recordFix(input, `Remove ${keyOf(input)}`, removeValue(text, path), more);
}

/** What the ledger shows under this key; undefined when it shows nothing there. */
function ledgerValue(input: FixInput): JsonValue | undefined {
	const { problem, facts } = input;
	const record = problem.task_id === undefined ? undefined : facts.records.get(problem.task_id);
	const key = keyOf(input);
	return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function useLedger(input: FixInput, more?: Pick<TextFix, 'isPreferred'>): BoardFix[] {
	const value = ledgerValue(input);
	return value === undefined || jsonEquals(value, input.place.found?.value)
		? []
		: replace(input, `Use the ledger's ${keyOf(input)}: ${short(value)}`, value, more);
}

export function fixIllegalMove(input: FixInput): BoardFix[] {
	const { problem, facts } = input;
	const task = problem.task_id === undefined ? undefined : facts.tasks.get(problem.task_id)?.task;
	if (task === undefined) {
		return [];
	}
	return [
		...replace(input, `Put the status back to ${task.status}`, ledgerValue(input) ?? task.status, {
			isPreferred: true,
		}),
		...handTargets(task.status, taskStatuses).flatMap((status) => replace(input, `Make it ${status}`, status)),
	];
}

export function fixUnknownWord(input: FixInput): BoardFix[] {
	const { found } = input.place;
	const isStatus = (statusKeys as readonly string[]).includes(keyOf(input));
	const words: readonly string[] = isStatus ? taskStatuses : taskPriorities;
	const near = nearestWords(typeof found?.value === 'string' ? found.value : '', words, 3);
	const ledger = useLedger(input);
	// There are four priorities: all of them are offered, the nearest first.
	const offered = isStatus && near.length > 0 ? near : [...new Set([...near, ...words])];
	return [
		...offered.flatMap((word, index) =>
			replace(input, `Change it to ${word}`, word, { isPreferred: index === 0 && near.length > 0 }),
		),
		...ledger,
	];
}

function fieldOfKey(key: string): PlainFieldName | undefined {
	const fields = Object.keys(recordFields) as PlainFieldName[];
	return fields.find((field) => recordFields[field].keys.includes(key));
}

export function fixBadField(input: FixInput): BoardFix[] {
	const { place, facts } = input;
	const field = fieldOfKey(keyOf(input));
	const raw = place.found?.value;
	const agents = new Set(facts.agents.map(({ id }) => id));
	const value = field === undefined || raw === undefined ? undefined : convertValue(field, raw, agents);
	return [
		...(value === undefined
			? []
			: replace(input, `Write it as ${short(value)}`, value, { isPreferred: true, isSafe: true })),
		...useLedger(input),
		...remove(input),
	];
}

export function fixPlaceholderTime(input: FixInput): BoardFix[] {
	const { problem, facts } = input;
	const time = problem.task_id === undefined ? undefined : facts.timeOf(problem.task_id, keyOf(input));
	return [
		...(time === undefined ? [] : replace(input, `Use the ledger's time: ${time}`, time, { isPreferred: true })),
		...remove(input, { isSafe: true, isPreferred: time === undefined }),
	];
}

/** The file says something that was not taken over. */
export function fixDiffering(input: FixInput): BoardFix[] {
	return useLedger(input, { isPreferred: true });
}

/** Both changed it and the ledger's stands; the problem knows what was typed. */
export function fixConflict(input: FixInput): BoardFix[] {
	const mine = input.problem.refused;
	const isCut = typeof mine === 'string' && /^\[\d+ characters\]$/u.test(mine);
	return mine === undefined || isCut || jsonEquals(mine, input.place.found?.value)
		? []
		: replace(input, `Use ${short(mine)} after all`, mine);
}
