// Owns when two records under one id are one task. The same id is not enough: numbers are local to their file, and two people may have
// thought of one word. What proves it is what the records say they are about.

import type { JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { idLimit } from '../board/recordFields.ts';
import { isPlaceholder } from '../board/normaliseTime.ts';
import type { Task } from '../task/task.ts';
import { isNumericId } from './taskTotals.ts';

/** An id that means something only beside its file: a number, a placeholder nobody filled in, or more than an id can hold. */
export function isLocalId(id: string): boolean {
	return (
		isNumericId(id) ||
		id.length > idLimit ||
		(isPlaceholder(id) && /^(?:\{\{[^{}]*\}\}|\[[^[\]]*\]|<[^<>]*>)$/u.test(id))
	);
}

export type Sameness = { readonly proof: string } | { readonly doubt: string };

const words = (text: string): Set<string> =>
	new Set(
		text
			.slice(0, 20_000)
			.toLowerCase()
			.match(/[\p{L}\p{N}]{3,}/gu) ?? [],
	);

/** How much of the shorter text the longer one says too, from 0 to 1. */
function overlap(left: string, right: string): number {
	const [few, many] = [words(left), words(right)].sort((one, other) => one.size - other.size);
	if (few === undefined || many === undefined || few.size === 0) {
		return 0;
	}
	return [...few].filter((word) => many.has(word)).length / few.size;
}

/** Half of what the shorter record says stands in the longer one too. */
const alike = 0.5;

/** What tools write where there is nothing to say. */
const filler = /^(?:untitled task|no description provided\.?)$/iu;

const said = ({ task_id, name, description }: SaidTask): string =>
	[name, description]
		.filter((text) => text !== task_id && !filler.test(text.trim()))
		.join(' ')
		.trim();

type SaidTask = Pick<Task, 'task_id' | 'name' | 'description' | 'params'>;

/** Whether two records that share an id are the same task, and why. */
export function compareTasks(left: SaidTask, right: SaidTask): Sameness {
	if (Object.keys(left.params).length > 0 && jsonEquals(left.params as JsonValue, right.params as JsonValue)) {
		return { proof: 'they have the same parameters' };
	}
	const [one, other] = [said(left), said(right)];
	if (one === '' || other === '') {
		return { proof: 'one of them says nothing else' };
	}
	if (
		left.name.trim() !== '' &&
		!filler.test(left.name.trim()) &&
		left.name.trim().toLowerCase() === right.name.trim().toLowerCase()
	) {
		return { proof: 'they have the same name' };
	}
	return overlap(one, other) >= alike
		? { proof: 'they are about the same' }
		: { doubt: 'they are about different things' };
}
