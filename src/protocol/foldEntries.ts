// Owns how entries of a run become what is read: words become messages, a tool's updates one card, outputs one screen. Folding pages
// that were joined is folding the whole: where a message is cut depends on places in the log, never on where a page began. Pure.

import type { PlanStep, ToolFacts, Tone, WatchEntry } from './watchEntry.ts';

/** One thing to look at. */
export interface WatchItem {
	/** Names it as long as its first entry is loaded. */
	readonly key: string;
	/** Place of its first entry. */
	readonly offset: number;
	readonly at: number;
	readonly kind: 'message' | 'thought' | 'tool' | 'output' | 'permission' | 'note' | 'event';
	readonly text: string;
	readonly tone: Tone;
	readonly tool?: ToolFacts;
	readonly output?: string;
	readonly isOutputCut?: boolean;
	readonly questionId?: string;
	/** It goes on with the item before it. */
	readonly isContinued: boolean;
}

export interface FoldedRun {
	readonly items: readonly WatchItem[];
	/** The latest there is in the entries. */
	readonly plan: readonly PlanStep[] | undefined;
	readonly usage: string | undefined;
}

/** A message that is longer goes on as another item, so that no item is larger than a screen or two. */
const messageBytes = 8 * 1024;
/** Characters of output one card keeps, from its end. */
const outputCharacters = 12_000;

type Draft = { -readonly [Key in keyof WatchItem]: WatchItem[Key] };

/** Entries by time; both lists are in their own order already, and keep it. */
export function joinEntries(lines: readonly WatchEntry[], events: readonly WatchEntry[]): WatchEntry[] {
	const joined: WatchEntry[] = [];
	let next = 0;
	let now = 0;
	for (const line of lines) {
		now = Math.max(now, line.at);
		for (let event = events[next]; event !== undefined && event.at < now; event = events[next]) {
			joined.push(event);
			next += 1;
		}
		joined.push(line);
	}
	return [...joined, ...events.slice(next)];
}

export function foldEntries(entries: readonly WatchEntry[]): FoldedRun {
	const items: Draft[] = [];
	const cards = new Map<string, Draft>();
	let plan: readonly PlanStep[] | undefined;
	let usage: string | undefined;

	const add = (entry: WatchEntry, kind: WatchItem['kind'], isContinued = false): Draft => {
		const { offset, at, text, tone, tool, questionId } = entry;
		const item: Draft = {
			key: `${kind} ${entry.card ?? offset}`,
			offset,
			at,
			kind,
			text,
			tone,
			isContinued,
			...(tool === undefined ? {} : { tool }),
			...(questionId === undefined ? {} : { questionId }),
		};
		items.push(item);
		return item;
	};
	const addText = (entry: WatchEntry, kind: 'message' | 'thought') => {
		const last = items.at(-1);
		const isSame = last?.kind === kind;
		if (isSame && Math.floor(last.offset / messageBytes) === Math.floor(entry.offset / messageBytes)) {
			last.text += `\n${entry.text}`;
		} else {
			add(entry, kind, isSame);
		}
	};
	const addTool = (entry: WatchEntry) => {
		const known = entry.card === undefined ? undefined : cards.get(entry.card);
		// The same command run again is another card; a call's further updates are not.
		if (known?.kind === 'tool' && (entry.tool?.status ?? '') !== '') {
			known.text = entry.text;
			known.tool = entry.tool;
			return;
		}
		const item = add(entry, 'tool');
		if (entry.card !== undefined) {
			if (known !== undefined) {
				item.key += ` ${entry.offset}`;
			}
			cards.set(entry.card, item);
		}
	};
	const addOutput = (entry: WatchEntry) => {
		const last = items.at(-1);
		const card = entry.card === undefined ? undefined : cards.get(entry.card);
		const target = card ?? (last?.kind === 'output' && entry.card === undefined ? last : undefined);
		if (target === undefined) {
			const item = add(entry, 'output');
			item.output = entry.text;
			if (entry.card !== undefined) {
				cards.set(entry.card, item);
			}
			return;
		}
		const whole = target.output === undefined ? entry.text : `${target.output}\n${entry.text}`;
		target.output = whole.slice(-outputCharacters);
		target.isOutputCut = target.isOutputCut === true || whole.length > outputCharacters;
	};
	for (const entry of entries) {
		switch (entry.kind) {
			case 'message':
			case 'thought':
				addText(entry, entry.kind);
				break;
			case 'tool':
				addTool(entry);
				break;
			case 'output':
				addOutput(entry);
				break;
			case 'plan':
				plan = entry.plan;
				break;
			case 'usage':
				usage = entry.text;
				break;
			default:
				add(entry, entry.kind);
		}
	}
	return { items, plan, usage };
}
