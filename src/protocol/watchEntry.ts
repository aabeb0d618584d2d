// Owns what the watch view is told of a run: one entry per line of its log or event of the ledger, as plain values. Foreign text is
// made harmless here and cut to what a card can hold. A line that is no JSON is shown as it is.

import type { JsonObject, JsonValue } from '../base/json.ts';
import { isJsonObject, parseJsonOrUndefined, textOr } from '../base/json.ts';
import { displayLine, displayText } from '../base/text.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { LogLine } from '../core/run/logPage.ts';

/** A change of one file as lines that begin with `+`, `-`, a space, or `@` where something was left out. */
export interface DiffCard {
	readonly path: string;
	readonly text: string;
	readonly added: number;
	readonly removed: number;
	readonly isCut: boolean;
}

export interface ToolFacts {
	readonly title: string;
	readonly toolKind: string;
	readonly status: string;
	readonly locations: readonly string[];
	readonly diffs: readonly DiffCard[];
}

export interface PlanStep {
	readonly content: string;
	readonly status: string;
}

/** How an entry ended, in a word the view has a sign for. */
export type Tone = 'good' | 'bad' | 'wait' | 'plain';

export interface WatchEntry {
	/** Place of its line in the log, in bytes; an event has the negative of its sequence. */
	readonly offset: number;
	/** Wall time in milliseconds; 0 when the line does not tell. */
	readonly at: number;
	readonly kind: 'message' | 'thought' | 'tool' | 'output' | 'plan' | 'permission' | 'usage' | 'note' | 'event';
	readonly text: string;
	readonly tone: Tone;
	/** The card a tool's updates and its output belong to. */
	readonly card?: string;
	readonly tool?: ToolFacts;
	readonly plan?: readonly PlanStep[];
	/** A question that can be answered. */
	readonly questionId?: string;
}

const longestText = 16_000;
const kinds = ['message', 'thought', 'tool', 'output', 'plan', 'permission', 'usage', 'note'] as const;

const numberOf = (value: JsonValue | undefined): number => (typeof value === 'number' ? value : 0);
const objectsOf = (value: JsonValue | undefined): JsonObject[] =>
	Array.isArray(value) ? value.filter(isJsonObject) : [];
const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/** The entry a line of the log tells. */
export function toWatchEntry({ offset, text: line }: LogLine): WatchEntry {
	const record = parseJsonOrUndefined(line);
	if (!isJsonObject(record)) {
		return { offset, at: 0, kind: 'note', text: cut(displayText(line)), tone: 'plain' };
	}
	const data = isJsonObject(record['data']) ? record['data'] : {};
	// A step of a task without a model is what a tool call is elsewhere: it has a name and an output.
	const isStep = record['kind'] === 'note' && typeof data['step'] === 'number';
	const kind = isStep ? 'tool' : (kinds.find((each) => each === record['kind']) ?? 'note');
	const card = cardOf(kind, data);
	return {
		offset,
		at: Date.parse(textOr(record['at'])) || 0,
		kind,
		text: cut(displayText(textOr(record['text']))),
		tone: kind === 'permission' ? permissionTone(textOr(data['answer'])) : 'plain',
		...(card === undefined ? {} : { card }),
		...(kind === 'tool' ? { tool: toolFacts(data, textOr(record['text'])) } : {}),
		...(kind === 'plan' ? { plan: planSteps(data) } : {}),
	};
}

function cardOf(kind: string, data: JsonObject): string | undefined {
	if (kind !== 'tool' && kind !== 'output') {
		return undefined;
	}
	if (typeof data['step'] === 'number') {
		return `step ${data['step']}`;
	}
	const id = textOr(data['toolCallId']);
	const command = displayLine(textOr(data['command']));
	return id !== '' ? `tool ${displayLine(id)}` : command === '' ? undefined : `command ${command}`;
}

function permissionTone(answer: string): Tone {
	return answer === 'allowed' ? 'good' : answer === 'rejected' ? 'bad' : answer === '' ? 'wait' : 'plain';
}

function toolFacts(data: JsonObject, text: string): ToolFacts {
	const locations = data['locations'];
	return {
		title: displayLine(textOr(data['title']) || text, 300),
		toolKind: displayLine(textOr(data['kind']) || (data['command'] === undefined ? '' : 'execute'), 40),
		status: displayLine(textOr(data['status']), 40),
		locations: Array.isArray(locations) ? locations.slice(0, 20).map((path) => displayLine(textOr(path))) : [],
		diffs: objectsOf(data['diffs'])
			.slice(0, 5)
			.map((diff) => ({
				path: displayLine(textOr(diff['path'])),
				text: cut(displayText(textOr(diff['text']))),
				added: numberOf(diff['added']),
				removed: numberOf(diff['removed']),
				isCut: diff['isCut'] === true,
			})),
	};
}

const planSteps = (data: JsonObject): PlanStep[] =>
	objectsOf(data['entries'])
		.slice(0, 100)
		.map((step) => ({
			content: displayLine(textOr(step['content']), 300),
			status: displayLine(textOr(step['status']), 40),
		}));

/** Told by something else in the view, or so often that they would hide the rest. */
const quietTypes: readonly string[] = [
	'run.toolsMissing',
	'run.touched',
	'run.changed',
	'task.edited',
	'run.tried',
	// The log says when the agent hears of it.
	'run.messageDelivered',
	'run.paused',
	'run.resumed',
];

/** The entry an event of the ledger tells; undefined for one that would only be noise in the run's line of time. */
export function toEventEntry(event: LedgerEvent): WatchEntry | undefined {
	if (quietTypes.includes(event.type)) {
		return undefined;
	}
	const [kind, name = ''] = event.actor.split(':');
	const who = kind === 'human' ? `${displayLine(name, 60)}: ` : '';
	const questionId = event.type === 'question.asked' ? textOr(event.data?.['question']) : '';
	return {
		offset: -event.sequence,
		at: Date.parse(event.at) || 0,
		kind: 'event',
		text: cut(`${who}${displayText(event.message)}`),
		tone: eventTone(event),
		...(questionId === '' ? {} : { questionId }),
	};
}

function eventTone({ type, data }: LedgerEvent): Tone {
	if (type === 'gate.finished') {
		return data?.['exit_code'] === 0 ? 'good' : data?.['ending'] === 'notRead' ? 'wait' : 'bad';
	}
	const [, word = ''] = type.split('.');
	const tones: Readonly<Record<string, Tone>> = {
		asked: 'wait',
		fenced: 'bad',
		refused: 'bad',
		returned: 'bad',
		finished: 'good',
	};
	return tones[word] ?? 'plain';
}
