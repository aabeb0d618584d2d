// Owns where tasks stand in the files of any older layout: lists, maps by id, boards keyed by agent, episodes, one task a file, inboxes
// of prompts, contracts. It says what stands where and under which key; it decides nothing about what it means.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardNames } from '../task/taskStatus.ts';
import { isMessage, taskInMessage } from './findMessages.ts';

export interface FoundTask {
	/** Path below the folder that is read, with forward slashes. */
	readonly file: string;
	/** JSON pointer inside the file; `#2/…` names the third document of several. */
	readonly pointer: string;
	readonly record: JsonObject;
	readonly id: string;
	/** The key the id stood under, or `(map key)`. */
	readonly idKey: string;
	/** The agent whose part of a board it stands in. */
	readonly container: string | undefined;
	/** The board its file is, by its name; says what a missing status means. */
	readonly board: BoardName | undefined;
}

const mapKey = '(map key)';

/** Keys of an id, the most telling first. */
const idKeys = ['task_id', 'id', 'contract_id', 'prompt_id'] as const;

/** Lists or maps of tasks inside an object: boards, episodes, directives, contracts. */
const taskKeys = ['tasks', 'task_board', 'agent_assignments', 'directives', 'sub_tasks', 'contracts'] as const;

/** Maps whose keys are agents and whose values hold what each has. */
const agentMapKeys = ['cursor_agents', 'agents', 'claimed_tasks'] as const;

/** Where an agent's part of a board keeps its tasks. */
const agentTaskKeys = ['current_task', 'task_history', 'tasks'] as const;

/** What only a task says; an object with an id and none of these is something else. */
const taskWords = [
	'status',
	'state',
	'priority',
	'task_type',
	'assigned_agent',
	'assigned_to',
	'agent_assigned',
	'owner',
	'dependencies',
	'depends_on',
	'deps',
] as const;
const bodyWords = [
	'name',
	'title',
	'task',
	'description',
	'desc',
	'details',
	'content',
	'objective',
	'params',
] as const;

const escapeStep = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');

const hasAny = (record: JsonObject, keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(record, key));

function idOf(record: JsonObject): { readonly id: string; readonly idKey: string } | undefined {
	for (const key of idKeys) {
		const raw = Object.hasOwn(record, key) ? record[key] : undefined;
		const id = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw.trim() : '';
		if (id !== '') {
			return { id, idKey: key };
		}
	}
	return undefined;
}

/** Whether an object in a list, or a whole file, can be nothing but a task. An entry of a log that names one is none. */
function isTask(record: JsonObject): boolean {
	const says = (keys: readonly string[]) => hasAny(record, keys);
	return (
		idOf(record) !== undefined &&
		(Object.hasOwn(record, 'task_id') ? says(taskWords) || says(bodyWords) : says(taskWords) && says(bodyWords)) &&
		!Object.hasOwn(record, 'event') &&
		!isMessage(record)
	);
}

interface Place {
	readonly file: string;
	readonly board: BoardName | undefined;
	readonly container?: string;
}

export interface TaskSearch {
	readonly tasks: readonly FoundTask[];
	/** Tasks that were seen and left alone, with the reason. */
	readonly leftAlone: readonly { readonly pointer: string; readonly reason: string }[];
}

export interface SearchedFile {
	readonly file: string;
	/** One for each document of the file. */
	readonly values: readonly JsonValue[];
	/** It lies in an archive, where boards keyed by agent are old copies of the live one. */
	readonly isArchived: boolean;
}

/** The board a file is by its name, wherever it lies. */
function boardOfFile(file: string): BoardName | undefined {
	const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.[a-z]+$/u, '');
	return boardNames.find((board) => board === name);
}

/** Every task of a file, in the order they stand. */
export function findTasks({ file, values, isArchived }: SearchedFile): TaskSearch {
	const tasks: FoundTask[] = [];
	const leftAlone: { pointer: string; reason: string }[] = [];
	const place: Place = { file, board: boardOfFile(file) };
	values.forEach((value, index) => {
		const start = values.length === 1 ? '' : `#${index}`;
		const wrapped = isJsonObject(value) ? wrapping(value) : undefined;
		if (isArchived && wrapped !== undefined) {
			leftAlone.push({ pointer: start, reason: `it is an archived copy of ${wrapped}` });
		} else {
			tasks.push(...tasksOf(value, start, place));
		}
	});
	return { tasks, leftAlone };
}

/** What a task would have to be taken out of. In an archive such a thing is only an old copy of what still stands elsewhere. */
function wrapping(value: JsonObject): string | undefined {
	return agentMaps(value).length > 0
		? 'a board keyed by agent'
		: isMessage(value) && taskInMessage(value) !== undefined
			? 'a task inside a message'
			: undefined;
}

const agentMaps = (value: JsonObject): string[] =>
	agentMapKeys.filter((key) => {
		const map = Object.hasOwn(value, key) ? value[key] : undefined;
		return (
			isJsonObject(map) &&
			Object.values(map).some(
				(part) => Array.isArray(part) || (isJsonObject(part) && hasAny(part, agentTaskKeys)),
			)
		);
	});

function tasksOf(value: JsonValue, pointer: string, place: Place): FoundTask[] {
	if (Array.isArray(value)) {
		return value.flatMap((item, index) => {
			const here = `${pointer}/${index}`;
			if (!isJsonObject(item)) {
				return [];
			}
			return isTask(item) ||
				(isTaskFile(place.file) && idOf(item) !== undefined && hasAny(item, bodyWords) && !isMessage(item))
				? found(item, here, place)
				: held(item, here, place);
		});
	}
	if (!isJsonObject(value)) {
		return [];
	}
	const byAgent = agentMaps(value);
	if (byAgent.length > 0) {
		return byAgent.flatMap((key) => agentBoard(value[key] as JsonObject, `${pointer}/${key}`, place));
	}
	if (Object.hasOwn(value, 'task_id') && isTask(value)) {
		return found(value, pointer, place);
	}
	const sent = isMessage(value) ? taskInMessage(value) : undefined;
	if (sent !== undefined) {
		const key = ['body', 'content', 'payload'].find((each) => value[each] === sent) ?? 'body';
		return found(sent, `${pointer}/${key}`, place);
	}
	const inside = taskKeys.flatMap((key) => {
		const part = Object.hasOwn(value, key) ? value[key] : undefined;
		return part === undefined ? [] : container(part, `${pointer}/${key}`, place);
	});
	if (inside.length > 0) {
		return inside;
	}
	const entries = Object.entries(value);
	const isMap = place.board !== undefined || isTaskFile(place.file);
	return isMap &&
		entries.length > 0 &&
		entries.every(([, item]) => isJsonObject(item) && hasAny(item, [...taskWords, 'tasks']))
		? container(value, pointer, place)
		: [];
}

/** A file, or a folder, that is named after what it holds. */
const isTaskFile = (file: string): boolean => /(?:^|[/_-])(?:tasks?|contracts?)(?:[/_.-]|$)/iu.test(file);

/** A list or a map that is known to hold tasks: here an id, or a key, is enough. */
function container(part: JsonValue, pointer: string, place: Place): FoundTask[] {
	if (Array.isArray(part)) {
		return part.flatMap((item, index) => (isJsonObject(item) ? found(item, `${pointer}/${index}`, place) : []));
	}
	return isJsonObject(part)
		? Object.entries(part).flatMap(([key, item]) =>
				isJsonObject(item) ? found(item, `${pointer}/${escapeStep(key)}`, place, key) : [],
			)
		: [];
}

/** The record under its own id, else under the key of its map, and the tasks it holds itself, as a contract does. */
function found(record: JsonObject, pointer: string, place: Place, key?: string): FoundTask[] {
	const own = idOf(record) ?? (key === undefined ? undefined : { id: key, idKey: mapKey });
	const { file, board, container: agent } = place;
	return own === undefined
		? []
		: [{ file, board, container: agent, ...own, pointer, record }, ...held(record, pointer, place)];
}

/** Tasks inside a record. A list of words under such a key is a plan, not tasks. */
function held(record: JsonObject, pointer: string, place: Place): FoundTask[] {
	return ['tasks', 'sub_tasks'].flatMap((key) => {
		const list = Object.hasOwn(record, key) ? record[key] : undefined;
		return Array.isArray(list) ? container(list, `${pointer}/${key}`, place) : [];
	});
}

/** `{agent: {current_task, task_history, tasks}}` and `{agent: [task]}`. */
function agentBoard(map: JsonObject, pointer: string, place: Place): FoundTask[] {
	return Object.entries(map).flatMap(([agent, part]) => {
		const here = { ...place, container: agent };
		const start = `${pointer}/${escapeStep(agent)}`;
		if (Array.isArray(part)) {
			return container(part, start, here);
		}
		if (!isJsonObject(part)) {
			return [];
		}
		return agentTaskKeys.flatMap((key) => {
			const inner = Object.hasOwn(part, key) ? part[key] : undefined;
			if (inner === undefined) {
				return [];
			}
			if (key === 'current_task' && isJsonObject(inner)) {
				return found(inner, `${start}/${key}`, here);
			}
			return isJsonObject(inner) && Object.values(inner).some((list) => Array.isArray(list))
				? buckets(inner, `${start}/${key}`, here)
				: container(inner, `${start}/${key}`, here);
		});
	});
}

/** `{completed: [ids or tasks], failed: []}`: the name of the list is the status of what it holds. */
function buckets(lists: JsonObject, pointer: string, place: Place): FoundTask[] {
	return Object.entries(lists).flatMap(([status, list]) =>
		Array.isArray(list)
			? list.flatMap((item, index) => {
					const record: JsonValue = typeof item === 'string' ? { id: item } : item;
					return isJsonObject(record)
						? found(
								{ ...record, status: record['status'] ?? status },
								`${pointer}/${escapeStep(status)}/${index}`,
								place,
							)
						: [];
				})
			: [],
	);
}
