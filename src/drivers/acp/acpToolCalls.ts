// Owns what is known of an agent's tool calls. Announcements come in any order and from three places, so each is laid over
// what was there; a call that is still open when the turn ends is closed here, because agents do not.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { ShownDiff } from '../../core/run/shownDiff.ts';
import { shownDiff } from '../../core/run/shownDiff.ts';
import type { Foreign } from './acpRead.ts';
import { objectsAt, textAt } from './acpRead.ts';
import type { NamedOutside } from './namedOutside.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

export interface ToolCalls {
	/** Lays an announcement over what is known of that call, tells what is new about it, and returns the whole. */
	seen(announced: Foreign): Foreign;
	/** Tells each call that is still open as not finished. */
	closeOpen(): void;
	/** Whether one is announced that has not ended. */
	readonly hasOpen: boolean;
}

/** So many finished calls are remembered, and so many that are open: an agent that opens more never ends the oldest. */
const maximumKept = 2_000;
const finalStatuses = ['completed', 'failed'];
/** Kept from announcement to announcement; the rest, such as raw output, can be huge and is nobody's business later. */
const keptKeys = ['toolCallId', 'title', 'kind', 'status', 'locations', 'rawInput', 'content'];

export function createToolCalls(
	fence: WorktreeFence,
	tell: (update: DriverUpdate) => void,
	outside?: Pick<NamedOutside, 'look'>,
): ToolCalls {
	// Apart, so that what has to go is the first of its kind, however many of the other there are.
	const open = new Map<string, Foreign>();
	const finished = new Map<string, Foreign>();
	const told = new Map<string, string>();

	const tellCall = (id: string, call: Foreign) => {
		const update = describe(call, fence);
		const key = `${update.text}\n${JSON.stringify(update.data?.['diffs']) ?? ''}`;
		if (told.get(id) !== key) {
			told.set(id, key);
			tell(update);
		}
	};
	const close = (id: string, call: Foreign) => {
		tellCall(id, { ...call, status: 'unfinished' });
		open.delete(id);
		told.delete(id);
	};
	const forget = () => {
		const [oldest] = finished.size > maximumKept ? finished.keys() : [];
		if (oldest !== undefined) {
			finished.delete(oldest);
			told.delete(oldest);
		}
		const [first] = open.size > maximumKept ? open : [];
		if (first !== undefined) {
			close(...first);
		}
	};
	return {
		get hasOpen() {
			return open.size > 0;
		},
		seen(announced) {
			const id = textAt(announced, 'toolCallId') ?? '';
			const known = open.get(id) ?? finished.get(id);
			const given = keptKeys.flatMap((key) =>
				announced[key] === undefined || announced[key] === null ? [] : [[key, announced[key]] as const],
			);
			const call: Foreign = { ...known, ...Object.fromEntries(given) };
			open.delete(id);
			finished.delete(id);
			(finalStatuses.includes(textAt(call, 'status') ?? '') ? finished : open).set(id, call);
			tellCall(id, call);
			outside?.look(announced, call);
			forget();
			return call;
		},
		closeOpen() {
			for (const [id, call] of [...open]) {
				close(id, call);
			}
			finished.clear();
			told.clear();
		},
	};
}

function describe(call: Foreign, fence: WorktreeFence): DriverUpdate {
	const id = displayLine(textAt(call, 'toolCallId') ?? '');
	const title = displayLine(fence.shorten(textAt(call, 'title') ?? '')) || `Tool call ${id}`.trim();
	const kind = displayLine(textAt(call, 'kind') ?? '', 40);
	const status = displayLine(textAt(call, 'status') ?? 'pending', 40);
	const locations = objectsAt(call, 'locations')
		.slice(0, 20)
		.flatMap((location) => {
			const path = textAt(location, 'path');
			return path === undefined ? [] : [displayLine(fence.show(path))];
		});
	const notInTitle = locations.filter((location) => location !== '.' && !title.includes(location)).slice(0, 3);
	const diffs = diffsOf(call, fence);
	return {
		kind: 'tool',
		text: [title, kind, status.replaceAll('_', ' '), notInTitle.join(', ')]
			.filter((part) => part !== '')
			.join(' · '),
		data: { toolCallId: id, title, kind, status, locations, ...(diffs.length === 0 ? {} : { diffs }) },
	};
}

/** Changes of one call beyond this many are not shown. */
const mostDiffs = 5;

/** What the call changes, as the agent tells it: shown to the person, never trusted. */
function diffsOf(call: Foreign, fence: WorktreeFence) {
	return objectsAt(call, 'content')
		.filter((item) => item['type'] === 'diff')
		.slice(0, mostDiffs)
		.map((item) => ({ path: displayLine(fence.show(textAt(item, 'path') ?? '')), ...comparedOnce(item) }));
}

const compared = new WeakMap<Foreign, ShownDiff>();

/** A call is told each time its status changes; its content is kept and compared once. */
function comparedOnce(item: Foreign): ShownDiff {
	const diff = compared.get(item) ?? shownDiff(textAt(item, 'oldText') ?? '', textAt(item, 'newText') ?? '');
	compared.set(item, diff);
	return diff;
}
