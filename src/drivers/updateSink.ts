// Owns what a driver tells its listener: nothing after the end, nothing thrown back at an agent's output, and no more
// text than the log of a run can hold. Answers to requests have a room of their own there, which output cannot take. Activity stays visible when the log is full, because leases are renewed from it.

import { textOr } from '../base/json.ts';
import { countOf } from '../base/words.ts';
import type { DriverListener, DriverUpdate } from '../core/driver/driver.ts';
import type { Clock } from '../core/ports.ts';

export interface UpdateSink {
	push(update: DriverUpdate): void;
	/** Tells what was left out; nothing is told after this. */
	close(): void;
}

export interface SinkLimits {
	/** Characters of all updates of one run together. */
	readonly total: number;
	/** Characters of all answers to requests together, with what is kept beside their texts. */
	readonly permissions: number;
	/** Characters of one update. */
	readonly single: number;
	/** Milliseconds between two signs of life once the log is full. */
	readonly pulse: number;
}

const defaultSinkLimits: SinkLimits = {
	total: 8 * 1024 * 1024,
	permissions: 2 * 1024 * 1024,
	single: 16_000,
	pulse: 5_000,
};

/** Counted for each update beside its text, so that a million empty ones fill the log too. */
const overhead = 64;

export function createUpdateSink(
	listener: Pick<DriverListener, 'onUpdate'>,
	clock: Clock,
	limits: SinkLimits = defaultSinkLimits,
): UpdateSink {
	let used = 0;
	let leftOut = 0;
	let leftOutCharacters = 0;
	let pulsedAt = 0;
	let isClosed = false;
	let usedByPermissions = 0;
	/** How many answers of each kind were left out. */
	const leftOutAnswers: Record<string, number> = {};

	const tell = (update: DriverUpdate) => {
		try {
			listener.onUpdate(update);
		} catch {
			// A listener that fails is not the agent's fault, and there is nobody here who could do anything about it.
		}
	};
	/** Once what has happened, then signs of life. */
	const noteLeftOut = (isFirst: boolean, happened: string, soFar: () => string) => {
		const now = clock.monotonic();
		if (isFirst || now - pulsedAt >= limits.pulse) {
			pulsedAt = now;
			tell({ kind: 'note', text: isFirst ? happened : `Still working; ${soFar()} so far.` });
		}
	};
	/** They are the audit of what was allowed: kept one by one as long as there is room, counted after that. */
	const pushPermission = (update: DriverUpdate) => {
		const size = update.text.length + JSON.stringify(update.data ?? {}).length + overhead;
		const isFirst = Object.keys(leftOutAnswers).length === 0;
		if (isFirst && usedByPermissions + size <= limits.permissions) {
			usedByPermissions += size;
			tell(update);
			return;
		}
		const answer = textOr(update.data?.['answer'], 'answered');
		leftOutAnswers[answer] = (leftOutAnswers[answer] ?? 0) + 1;
		const count = Object.values(leftOutAnswers).reduce((sum, each) => sum + each, 0);
		noteLeftOut(
			count === 1,
			'The room for answers to requests in the log of this run is full; they are counted from here on.',
			() => `${countOf(count, 'answer')} to requests ${count === 1 ? 'was' : 'were'} not logged`,
		);
	};
	const leftOutText = () =>
		`${countOf(leftOut, 'update')} with ${leftOutCharacters} characters ${leftOut === 1 ? 'was' : 'were'} not logged`;
	return {
		push(update) {
			if (isClosed) {
				return;
			}
			const text =
				update.text.length > limits.single
					? `${update.text.slice(0, limits.single)}\n[… ${update.text.length - limits.single} characters cut …]`
					: update.text;
			const shown = text === update.text ? update : { ...update, text };
			if (update.kind === 'permission') {
				pushPermission(shown);
				return;
			}
			if (used + text.length + overhead <= limits.total) {
				used += text.length + overhead;
				tell(shown);
				return;
			}
			leftOut += 1;
			leftOutCharacters += update.text.length;
			noteLeftOut(
				leftOut === 1,
				'The log of this run is full; the rest is not logged. The work goes on.',
				leftOutText,
			);
		},
		close() {
			const answers = Object.entries(leftOutAnswers);
			if (!isClosed && answers.length > 0) {
				const counts = answers.map(([answer, count]) => `${count} ${answer}`).join(', ');
				const text = `Answers to requests that are not in the log of this run: ${counts}.`;
				tell({ kind: 'note', text, data: { ...leftOutAnswers } });
			}
			if (!isClosed && leftOut > 0) {
				tell({ kind: 'note', text: `The log of this run is full; ${leftOutText()}.` });
			}
			isClosed = true;
		},
	};
}
