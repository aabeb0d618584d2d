// Owns under which keys each field of a task was ever written, and how a raw value is read. Data, so that a new spelling is a
// word here. Status, block reason and result depend on more than one key and live in boardRecord.ts and recordResult.ts.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { budgetKinds, limitsSchema } from '../budget/budgetLimits.ts';
import type { Task } from '../task/task.ts';
import { validationSchema } from '../task/task.ts';
import { everybody, normaliseAgent } from './normaliseAgent.ts';
import { normalisePriority } from './normalisePriority.ts';
import { isPlaceholder, normaliseTime } from './normaliseTime.ts';

/** `ok` false: the value cannot be used, says why. Undefined: the value is not this field at all, but data of the author. */
export type FieldReading =
	| { readonly ok: true; readonly value: JsonValue }
	| { readonly ok: false; readonly message: string }
	| undefined;

export interface RecordField {
	/** Keys from the most telling to the least; the first is the one we write. */
	readonly keys: readonly string[];
	/** Keys that count where none of the others is there, and are never written: they say something else as well, or in another unit. */
	readonly borrowed?: readonly string[];
	/** @param isMain whether the value stands under the first key, where a wrong type is a mistake and not somebody's data. */
	read(raw: JsonValue, isMain: boolean, known: ReadonlySet<string>, key: string): FieldReading;
}

const good = (value: JsonValue): FieldReading => ({ ok: true, value });
const bad = (message: string): FieldReading => ({ ok: false, message });

export const idLimit = 200;

function readId(raw: JsonValue): FieldReading {
	const text = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw.trim() : undefined;
	if (text === undefined || text === '') {
		return raw === null || text === '' ? bad('is empty') : bad('must be text');
	}
	return text.length > idLimit ? bad(`has more than ${idLimit} characters`) : good(text);
}

function readText(raw: JsonValue, isMain: boolean): FieldReading {
	if (typeof raw === 'string') {
		return good(raw);
	}
	if (raw === null) {
		return good('');
	}
	return typeof raw === 'number' || typeof raw === 'boolean'
		? good(String(raw))
		: isMain
			? bad('must be text')
			: undefined;
}

/** Notes of another type than text are somebody's own log: they stay untouched. */
const readNotes = (raw: JsonValue): FieldReading =>
	typeof raw === 'string' ? good(raw) : raw === null ? good('') : undefined;

function readAgent(raw: JsonValue, isMain: boolean, known: ReadonlySet<string>): FieldReading {
	if (raw === null) {
		return good(null);
	}
	if (typeof raw !== 'string') {
		return isMain ? bad('must be the id of an agent') : undefined;
	}
	return good(normaliseAgent(raw, known));
}

function readAssigned(raw: JsonValue, isMain: boolean, known: ReadonlySet<string>): FieldReading {
	const reading = readAgent(raw, isMain, known);
	return reading?.ok === true && reading.value === everybody ? good(null) : reading;
}

/** Who made it: any text, never folded into an agent's id, because `human:ann` is as good as `Agent-3`. */
function readMaker(raw: JsonValue, isMain: boolean): FieldReading {
	if (raw === null) {
		return good(null);
	}
	return typeof raw === 'string'
		? good(raw === '' || isPlaceholder(raw) ? null : raw)
		: isMain
			? bad('must be text')
			: undefined;
}

function readList(
	what: string,
	raw: JsonValue,
	isMain: boolean,
	itemOf: (item: JsonValue) => string | undefined,
): FieldReading {
	if (raw === null) {
		return good([]);
	}
	const single = itemOf(raw);
	if (single !== undefined) {
		return good(single === '' ? [] : [single]);
	}
	if (!Array.isArray(raw)) {
		return isMain ? bad(`must be a list of ${what}`) : undefined;
	}
	const items = raw.map(itemOf);
	return items.every((item) => item !== undefined)
		? good([...new Set(items.filter((item) => item !== ''))])
		: bad(`must be a list of ${what} only`);
}

const textItem = (item: JsonValue): string | undefined => (typeof item === 'string' ? item.trim() : undefined);

/** A dependency is an id, or an object that carries one; empty text is none. */
export function idItem(item: JsonValue): string | undefined {
	const raw = isJsonObject(item) ? (item['task_id'] ?? item['id']) : item;
	if (raw === undefined || raw === null || raw === '') {
		return raw === '' ? '' : undefined;
	}
	const reading = readId(raw);
	return reading?.ok === true && typeof reading.value === 'string' ? reading.value : undefined;
}

function readPriority(raw: JsonValue): FieldReading {
	const priority = normalisePriority(raw);
	return priority === undefined ? bad('is not a priority') : good(priority ?? 'MEDIUM');
}

function readTime(raw: JsonValue, isMain: boolean): FieldReading {
	const time = normaliseTime(raw);
	return time === undefined ? (isMain ? bad('is not a time') : undefined) : good(time);
}

/** Steps for a shell: a list of commands, or one command. `key` is the list inside the object. */
function readSteps(key: string, raw: JsonValue, flags: readonly string[] = []): FieldReading {
	if (raw === null) {
		return good({});
	}
	if (!isJsonObject(raw)) {
		return undefined;
	}
	const wrong = flags.find((flag) => Object.hasOwn(raw, flag) && typeof raw[flag] !== 'boolean');
	if (wrong !== undefined) {
		return bad(`needs true or false under "${wrong}"`);
	}
	const steps = raw[key];
	if (!Object.hasOwn(raw, key) || (Array.isArray(steps) && steps.every((step) => typeof step === 'string'))) {
		return good(raw);
	}
	return typeof steps === 'string'
		? good({ ...raw, [key]: [steps] })
		: bad(`needs a list of commands under "${key}"`);
}

const reviewWords: readonly unknown[] = [undefined, true, false, 'person', 'agent'];

function readValidation(raw: JsonValue): FieldReading {
	if (isJsonObject(raw) && !reviewWords.includes(raw['review'])) {
		return bad('needs true, false, "person" or "agent" under "review"');
	}
	return isJsonObject(raw) && !validationSchema.shape.diagnostics.safeParse(raw['diagnostics']).success
		? bad('needs true, false, "error", "warning", or { "severity", "commands" } under "diagnostics"')
		: readSteps('commands', raw, ['diff', 'touches']);
}

const readCount = (raw: JsonValue): FieldReading =>
	typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0
		? good(raw)
		: raw === null
			? good(0)
			: bad('must be a whole number');

const readMaximum = (raw: JsonValue): FieldReading =>
	raw === null || (typeof raw === 'number' && Number.isSafeInteger(raw) && raw > 0)
		? good(raw)
		: bad('must be a whole number above 0');

/** A limit that is not understood is said: a slip must not let work cost more than was meant. */
function readBudget(raw: JsonValue, isMain: boolean): FieldReading {
	const read = limitsSchema.safeParse(raw ?? {});
	if (read.success) {
		return good(read.data);
	}
	return isMain ? bad(`must be an object with any of ${budgetKinds.join(', ')}, each a number from 0 on`) : undefined;
}

/** Text where there may be none; anything else under the key is its author's. */
const readWord = (raw: JsonValue): FieldReading =>
	typeof raw === 'string' ? good(raw.trim() === '' ? null : raw) : raw === null ? good(null) : undefined;

function readParent(raw: JsonValue, isMain: boolean): FieldReading {
	if (raw === null || raw === '') {
		return good(null);
	}
	const id = idItem(raw);
	return id === undefined ? (isMain ? bad('must be the id of a task') : undefined) : good(id);
}

const unitMinutes: Readonly<Record<string, number>> = { m: 1, h: 60 };
const duration = /^(\d+(?:\.\d+)?)\s*(m|h)(?:in|ins|inutes?|r|rs|ours?)?$/iu;

/** Minutes. A bare number says them only under a key that names its unit; a day is eight hours or twenty-four, so it stays text. */
function readEstimate(raw: JsonValue, isMain: boolean, _known: ReadonlySet<string>, key: string): FieldReading {
	if (raw === null) {
		return good(null);
	}
	if (typeof raw === 'number' && raw >= 0) {
		return key.endsWith('_hours') ? good(raw * 60) : isMain || key.endsWith('_minutes') ? good(raw) : undefined;
	}
	const [, amount, unit] = (typeof raw === 'string' ? duration.exec(raw.trim()) : null) ?? [];
	const minutes = unitMinutes[unit?.toLowerCase() ?? ''];
	return minutes === undefined
		? isMain && typeof raw === 'number'
			? bad('must not be negative')
			: undefined
		: good(Number(amount) * minutes);
}

/** `true` is a pin as good as any. */
const readPin = (raw: JsonValue): FieldReading =>
	raw === null || raw === false
		? good(null)
		: raw === true
			? good(1)
			: typeof raw === 'number'
				? good(raw)
				: undefined;

const readObject = (raw: JsonValue): FieldReading => (raw === null || isJsonObject(raw) ? good(raw) : undefined);

/** A list of words; an object or a number under such a key is its author's. */
const readWords = (raw: JsonValue): FieldReading =>
	raw === null || typeof raw === 'string' || Array.isArray(raw) ? readList('words', raw, false, textItem) : undefined;

/** Fields that stand under one key and are read from it alone. */
export type PlainFieldName = Exclude<keyof Task, 'status' | 'block_reason' | 'result'>;

export const recordFields: Readonly<Record<PlainFieldName, RecordField>> = {
	task_id: { keys: ['task_id', 'id'], read: readId },
	name: { keys: ['name', 'title', 'task'], read: readText },
	description: { keys: ['description', 'details', 'desc'], read: readText },
	priority: { keys: ['priority'], read: readPriority },
	task_type: { keys: ['task_type', 'type'], borrowed: ['action'], read: readText },
	category: { keys: ['category'], read: readWord },
	dependencies: {
		keys: ['dependencies', 'depends_on', 'deps'],
		read: (raw, isMain) => readList('task ids', raw, isMain, idItem),
	},
	parent: { keys: ['parent', 'parent_id', 'parent_task', 'parent_task_id', 'epic_id'], read: readParent },
	tags: { keys: ['tags'], read: (raw, isMain) => readList('words', raw, isMain, textItem) },
	required_capabilities: {
		keys: ['required_capabilities'],
		read: (raw, isMain) => readList('words', raw, isMain, textItem),
	},
	touches: { keys: ['touches'], read: readWords },
	due: { keys: ['due', 'due_date', 'due_at', 'deadline'], read: readTime },
	estimate: {
		keys: ['estimate'],
		borrowed: [
			'estimated_duration_minutes',
			'estimated_effort_hours',
			'estimated_duration',
			'estimated_time',
			'estimated_effort',
		],
		read: readEstimate,
	},
	pinned: { keys: ['pinned'], read: readPin },
	action: { keys: ['action'], read: readWord },
	context: { keys: ['context', 'context_references', 'context_refs'], read: readWords },
	source: { keys: ['source'], read: readObject },
	params: { keys: ['params'], read: (raw) => readSteps('run', raw) },
	validation: { keys: ['validation'], read: readValidation },
	assigned_agent: {
		keys: ['assigned_agent', 'assigned_to', 'assigned_agent_id', 'agent_assigned', 'assignee', 'owner'],
		read: readAssigned,
	},
	claimed_by: { keys: ['claimed_by'], read: readAgent },
	attempts: { keys: ['attempts'], read: readCount },
	max_attempts: { keys: ['max_attempts'], read: readMaximum },
	budget: { keys: ['budget'], read: readBudget },
	notes: { keys: ['notes'], read: readNotes },
	created_by: { keys: ['created_by', 'injected_by'], read: readMaker },
	created_at: {
		keys: ['created_at', 'timestamp_created_utc', 'timestamp_created', 'created_timestamp', 'injected_at'],
		read: readTime,
	},
	updated_by: { keys: ['updated_by', 'last_updated_by'], read: readMaker },
	completed_by: { keys: ['completed_by'], read: readMaker },
	updated_at: {
		keys: [
			'updated_at',
			'timestamp_updated',
			'timestamp_updated_utc',
			'last_updated',
			'last_updated_at',
			'last_updated_timestamp',
			'last_update',
		],
		read: readTime,
	},
	claimed_at: { keys: ['claimed_at', 'timestamp_claimed_utc', 'assigned_at'], read: readTime },
	started_at: { keys: ['started_at', 'timestamp_started_utc'], read: readTime },
	completed_at: {
		keys: [
			'completed_at',
			'timestamp_completed_utc',
			'timestamp_completed',
			'completion_timestamp',
			'completion_date',
			'completed_date',
		],
		read: readTime,
	},
};

/** Where a field goes when its own key holds data of the author that is not this field. */
export const spareKey = (field: keyof Task): string => `dreamos_${field}`;

const noKeys: readonly string[] = [];

export interface FoundField {
	readonly key: string;
	readonly reading: Exclude<FieldReading, undefined>;
}

/** The first key that says something; else the first that is there at all. */
export function findField(
	record: JsonObject,
	field: PlainFieldName,
	known: ReadonlySet<string>,
): FoundField | undefined {
	const { keys, borrowed = noKeys, read } = recordFields[field];
	let first: FoundField | undefined;
	for (const key of [...keys, spareKey(field), ...borrowed]) {
		const raw = Object.hasOwn(record, key) ? record[key] : undefined;
		if (raw === undefined || (first !== undefined && borrowed.includes(key))) {
			continue;
		}
		const reading = read(raw, key === keys[0], known, key);
		if (reading !== undefined) {
			const found = { key, reading };
			if (reading.ok && !isNothing(reading.value)) {
				return found;
			}
			first ??= found;
		}
	}
	return first;
}

const isNothing = (value: JsonValue): boolean =>
	value === null || value === '' || (Array.isArray(value) && value.length === 0);
