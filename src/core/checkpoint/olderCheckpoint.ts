// Owns reading checkpoint files of older Dream.OS generations: one JSON document with the agent, a time, a type and its state. It knows
// no files and never throws for what stands in one; what it cannot use is said. Nothing in it is ever taken for a path.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { displayText } from '../../base/text.ts';
import { normaliseTime } from '../board/normaliseTime.ts';
import { contentHash } from '../board/quarantine.ts';
import type { YamlReader } from '../import/tolerantReader.ts';
import { readTolerantly } from '../import/tolerantReader.ts';

export interface OlderCheckpoint {
	readonly agent_id: string;
	/** ISO 8601; null where neither the file nor its name says it. */
	readonly at: string | null;
	/** `routine`, `pre_operation` and so on, as it stands there. */
	readonly type: string;
	/** Empty where it belongs to no task. */
	readonly task_id: string;
	/** Status of the task in the older vocabulary; empty when not said. */
	readonly status: string;
	/** What it tells of the work, with titles, for whoever goes on. */
	readonly told: string;
	/** What stands in it and means nothing here. */
	readonly dropped: readonly string[];
}

export interface OlderReading {
	readonly checkpoints: readonly OlderCheckpoint[];
	/** Sentences on what could not be read or does not fit together. */
	readonly problems: readonly string[];
}

/** A larger file is no checkpoint. */
export const largestCheckpoint = 4 * 1024 * 1024;
export const olderEnding = '.checkpoint';
const mostTold = 12_000;
const mostPart = 4_000;
const fileName = /^(?<agent>.+)_(?<time>\d{14})_(?<type>[^_].*)\.checkpoint$/u;

/** Reads one file. `name` is its name without folders. */
export function readOlderCheckpoint(bytes: Uint8Array, name: string, yaml: YamlReader): OlderReading {
	const { values, repairs, reason } = readTolerantly(bytes, 'json', yaml);
	const problems = repairs.map(({ message }) => `Repaired: ${message}.`);
	if (reason !== undefined) {
		return { checkpoints: [], problems: [...problems, `It cannot be read: ${reason}.`] };
	}
	const records = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
	const checkpoints: OlderCheckpoint[] = [];
	for (const record of records) {
		const found = readRecord(record, name);
		problems.push(...found.problems);
		checkpoints.push(...found.checkpoints);
	}
	return { checkpoints, problems };
}

function readRecord(given: JsonValue, name: string): OlderReading {
	const wrapped = isJsonObject(given) && isJsonObject(given['checkpoint']) ? given['checkpoint'] : given;
	if (!isJsonObject(wrapped) || !isJsonObject(wrapped['state'])) {
		return { checkpoints: [], problems: ['It is no checkpoint: it has no state.'] };
	}
	const { state } = wrapped;
	const named = fileName.exec(name)?.groups;
	const problems: string[] = [];
	const agent = textOf(wrapped['agent_id']) || (named?.['agent'] ?? '');
	if (agent === '') {
		return { checkpoints: [], problems: ['It does not say whose checkpoint it is.'] };
	}
	if (named !== undefined && sameName(named['agent'] ?? '') !== sameName(agent)) {
		problems.push(`Its name says ${named['agent'] ?? ''}, it says ${agent} itself: that counts.`);
	}
	const version = textOf(wrapped['version']);
	if (version !== '1.0') {
		problems.push(`Its version is ${version === '' ? 'not said' : version}, not 1.0; it is read as that.`);
	}
	if (hasOtherChecksum(wrapped)) {
		return {
			checkpoints: [],
			problems: [...problems, 'It was changed or cut since it was written: its checksum is another.'],
		};
	}
	const at = normaliseTime(wrapped['timestamp']) ?? timeOfName(named?.['time']);
	if (at === null) {
		problems.push('Nobody can tell when it was made.');
	}
	const task = isJsonObject(state['current_task']) ? state['current_task'] : { id: state['current_task'] ?? '' };
	const checkpoint: OlderCheckpoint = {
		agent_id: agent,
		at,
		type: textOf(wrapped['checkpoint_type']) || (named?.['type'] ?? 'unknown'),
		task_id: textOf(task['id']) || textOf(task['task_id']),
		status: textOf(task['status']),
		told: describeState(state, task),
		dropped: droppedOf(state, task),
	};
	return { checkpoints: [checkpoint], problems };
}

/** Ours carry a checksum of their state; older ones never had one. */
function hasOtherChecksum({ dreamos, state }: JsonObject): boolean {
	const checksum = isJsonObject(dreamos) ? dreamos['checksum'] : undefined;
	return checksum !== undefined && checksum !== stateChecksum(state ?? null);
}

export const stateChecksum = (state: JsonValue): string => contentHash(new TextEncoder().encode(JSON.stringify(state)));

/** File names cannot hold every id. */
export const sameName = (id: string): string => id.replaceAll(/[^A-Za-z0-9.-]+/gu, '-');

function timeOfName(digits: string | undefined): string | null {
	const [, year, month, day, hour, minute, second] =
		/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/u.exec(digits ?? '') ?? [];
	const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return year === undefined || Number.isNaN(time) ? null : new Date(time).toISOString();
}

const textOf = (value: JsonValue | undefined): string =>
	typeof value === 'string' ? displayText(value).trim() : typeof value === 'number' ? String(value) : '';

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** Everything of the state that helps whoever goes on, as text in bounded length. */
function describeState(state: JsonObject, task: JsonObject): string {
	const { goals, constraints, decisions } = objectOf(state['operational_context']);
	const { short_term: shortTerm, session } = objectOf(state['memory']);
	const parts: readonly (readonly [title: string, value: JsonValue | undefined])[] = [
		['Goals', goals],
		['Constraints', constraints],
		['Decided', decisions],
		['Context of the task', task['context']],
		['Remembered last', shortTerm],
		['Remembered of the session', session],
	];
	return parts
		.map(([title, value]) => [title, readable(value)] as const)
		.filter(([, text]) => text !== '')
		.map(([title, text]) => `${title}:\n${cut(text, mostPart)}`)
		.join('\n\n')
		.slice(0, mostTold);
}

const cut = (text: string, limit: number): string =>
	text.length > limit ? `${text.slice(0, limit)}\n[… ${text.length - limit} characters cut …]` : text;

function readable(value: JsonValue | undefined): string {
	if (value === undefined || value === null || value === '') {
		return '';
	}
	if (Array.isArray(value)) {
		return value
			.map((item) => oneLine(item))
			.filter((line) => line !== '')
			.join('\n');
	}
	if (isJsonObject(value)) {
		return Object.entries(value)
			.map(([key, item]) => [displayText(key), oneLine(item)] as const)
			.filter(([, text]) => text !== '')
			.map(([key, text]) => `${key}: ${text}`)
			.join('\n');
	}
	return displayText(String(value));
}

const oneLine = (value: JsonValue): string =>
	value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
		? ''
		: displayText(typeof value === 'string' ? value : JSON.stringify(value));

/** What has no place here, so that it is not lost without a word. */
function droppedOf(state: JsonObject, task: JsonObject): string[] {
	const { last_processed_id: last, pending_count: pending } = objectOf(state['mailbox']);
	const progress = task['progress_percentage'];
	return [
		...(textOf(last) === '' && !(typeof pending === 'number' && pending > 0)
			? []
			: [`the place in the mailbox (last ${textOf(last) || 'none'}, ${textOf(pending) || '0'} waiting)`]),
		...(typeof progress === 'number' && progress > 0 ? [`the progress (${progress} %)`] : []),
		...Object.keys(state)
			.filter((key) => !['current_task', 'mailbox', 'operational_context', 'memory'].includes(key))
			.map((key) => `state.${displayText(key)}`),
	];
}
