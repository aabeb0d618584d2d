// Owns one line of a Markdown task list: mark, title, and the words at its end that say more. A word of the title that looks like
// such a word is written with a backslash.

import type { JsonObject } from '../../base/json.ts';
import { parseJsonOrUndefined } from '../../base/json.ts';
import { normaliseTime } from '../board/normaliseTime.ts';
import { taskPriorities } from '../task/taskPriority.ts';

/** Marks that say a status; an empty one says nothing. */
const statusOfMark: Readonly<Record<string, string>> = {
	x: 'COMPLETED',
	X: 'COMPLETED',
	'-': 'CANCELLED',
	'/': 'IN_PROGRESS',
};
const markOfStatus: Readonly<Record<string, string>> = { COMPLETED: 'x', CANCELLED: '-', IN_PROGRESS: '/' };
/** Statuses an open task has by itself. */
const silent: readonly unknown[] = ['READY', 'PENDING', undefined];

const keyOfWord: Readonly<Record<string, string>> = {
	id: 'task_id',
	due: 'due',
	after: 'dependencies',
	parent: 'parent',
	status: 'status',
	type: 'task_type',
	category: 'category',
	estimate: 'estimate',
};
const item = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s",]+)`;
const keyed = new RegExp(`^(${Object.keys(keyOfWord).join('|')}):(${item}(?:,${item})*)$`, 'u');
const words = new RegExp(String.raw`[a-z]+:${item}(?:,${item})*(?=\s|$)|\S+`, 'gu');
const priority = new RegExp(String.raw`^\((${taskPriorities.join('|')})\)$`, 'iu');
const tag = /^#([\p{L}_][^\s#]*)$/u;
const agent = /^@([^\s@]+)$/u;

const isWord = (text: string): boolean => [keyed, priority, tag, agent].some((pattern) => pattern.test(text));
const plain = /^[^\s",\p{C}]+$/u;
/** A value as one word: what would break the line, or not be seen on it, is written as an escape. */
const quote = (text: string): string =>
	plain.test(text)
		? text
		: JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) =>
				Array.from({ length: sign.length }, (_, index) => sign.charCodeAt(index).toString(16).padStart(4, '0'))
					.map((unit) => `\\u${unit}`)
					.join(''),
			);

function items(text: string): string[] {
	return (text.match(new RegExp(item, 'gu')) ?? []).map((each) => {
		const value = each.startsWith('"') ? parseJsonOrUndefined(each) : each;
		return typeof value === 'string' ? value : each;
	});
}

export interface ReadLine {
	/** What the line says, by field; what it does not say is not there. */
	readonly said: JsonObject;
	/** What cannot be understood, as a sentence, with its field. */
	readonly faults: readonly { readonly field: string; readonly message: string }[];
}

/** Reads the text of a list item after its bullet; `mark` is what stands in the box. */
export function readTaskLine(text: string, mark: string): ReadLine {
	const found = [...text.matchAll(words)];
	const said: JsonObject = {};
	const tags: string[] = [];
	const faults: { field: string; message: string }[] = [];
	let end = text.length;
	for (let last = found.pop(); last !== undefined && isWord(last[0]); last = found.pop()) {
		end = last.index;
		readWord(last[0], said, tags, faults);
	}
	if (tags.length > 0) {
		said['tags'] = tags.reverse();
	}
	said['name'] = text
		.slice(0, end)
		.trim()
		.replace(/(?<=^|\s)\\(\S+)/gu, (whole, rest: string) => (isWord(rest) || rest.startsWith('\\') ? rest : whole));
	const status = statusOfMark[mark];
	if (status !== undefined) {
		said['status'] = status;
	} else if (mark.trim() !== '') {
		faults.push({ field: 'status', message: `The mark [${mark}] is not known; use [ ], [x], [/] or [-].` });
	}
	return { said, faults };
}

function readWord(word: string, said: JsonObject, tags: string[], faults: { field: string; message: string }[]): void {
	const [, key = '', value = ''] = keyed.exec(word) ?? [];
	const field = keyOfWord[key];
	if (field === undefined) {
		const level = priority.exec(word)?.[1];
		const name = agent.exec(word)?.[1];
		if (level !== undefined) {
			said['priority'] = level.toUpperCase();
		} else if (name !== undefined) {
			said['assigned_agent'] = name;
		} else {
			tags.push(word.slice(1));
		}
		return;
	}
	const values = items(value);
	const [first = ''] = values;
	if (field === 'dependencies') {
		said[field] = values;
	} else if (field === 'estimate') {
		const minutes = Number(first);
		if (Number.isFinite(minutes) && minutes >= 0) {
			said[field] = minutes;
		} else {
			faults.push({ field, message: `The estimate ${first} is not a number of minutes.` });
		}
	} else {
		said[field] = first;
		if (field === 'due' && typeof normaliseTime(first) !== 'string') {
			faults.push({ field, message: `${first} is not a day or time; write it as 2026-12-31.` });
		}
	}
}

/** The line that says these fields, without its bullet; `readTaskLine` reads it back, apart from white space in the title. */
export function writeTaskLine(shown: JsonObject): string {
	const text = (field: string): string => {
		const value = shown[field];
		return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
	};
	const list = (field: string): string[] => {
		const value = shown[field];
		return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
	};
	const status = text('status');
	const mark = markOfStatus[status] ?? ' ';
	const title = text('name')
		.split(' ')
		.map((word) => (isWord(word) || word.startsWith('\\') ? `\\${word}` : word))
		.join(' ');
	const word = (key: string, value: string) => (value === '' ? '' : `${key}:${quote(value)}`);
	const after = list('dependencies').map(quote).join(',');
	const assigned = text('assigned_agent');
	const more = [
		title,
		text('priority') === '' ? '' : `(${text('priority')})`,
		...list('tags').map((each) => (isWord(`#${each}`) ? `#${each}` : '')),
		isWord(`@${assigned}`) ? `@${assigned}` : '',
		mark === ' ' && !silent.includes(status) ? word('status', status) : '',
		...['type', 'category', 'estimate'].map((key) => word(key, text(keyOfWord[key] ?? key))),
		// A day is written as people write it.
		word('due', text('due').replace(/T00:00:00(?:\.000)?Z$/u, '')),
		word('parent', text('parent')),
		after === '' ? '' : `after:${after}`,
		word('id', text('task_id')),
	];
	return `[${mark}] ${more.filter((each) => each !== '').join(' ')}`;
}
