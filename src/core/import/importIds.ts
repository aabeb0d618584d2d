// Owns the id of a task that cannot keep its own: readable, the same each time, made from its file. `12` of pending_tasks.json becomes
// `pending_tasks-12`.

import { idLimit } from '../board/recordFields.ts';

const plain = (text: string): string =>
	text
		.replace(/[^\p{L}\p{N}._-]+/gu, '-')
		.replace(/-{2,}/gu, '-')
		.replace(/^-|-$/gu, '');

/** Takes in one folder after the other until nobody else has the id; numbers it when even the whole path does not help. */
export function chooseId(file: string, id: string, taken: ReadonlySet<string>): string {
	const end = plain(id) || 'task';
	const path = file.replace(/\.[A-Za-z]+$/u, '').split('/');
	// A file that is named after its task says nothing about where it lies.
	const steps =
		path.length > 1 && !/^\d*$/u.test(id) && path.at(-1)?.endsWith(id) === true ? path.slice(0, -1) : path;
	for (let count = 1; count <= steps.length; count++) {
		const candidate = joined(steps.slice(-count), end);
		if (!taken.has(candidate)) {
			return candidate;
		}
	}
	const whole = joined(steps, end);
	for (let number = 2; ; number++) {
		const candidate = `${whole.slice(0, idLimit - 8)}-${number}`;
		if (!taken.has(candidate)) {
			return candidate;
		}
	}
}

function joined(steps: readonly string[], end: string): string {
	const text = [...steps.map(plain).filter((step) => step !== ''), end].join('-');
	// The end tells tasks of one file apart, so the path gives way.
	return text.length <= idLimit
		? text
		: `${text.slice(0, Math.max(idLimit - end.length - 1, 0))}-${end}`.slice(-idLimit);
}
