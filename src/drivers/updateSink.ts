// Owns what a driver tells its listener: nothing after the end, nothing thrown back at an agent's output, and no more
// text than the log of a run can hold. Activity stays visible when the log is full, because leases are renewed from it.

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
	/** Characters of one update. */
	readonly single: number;
	/** Milliseconds between two signs of life once the log is full. */
	readonly pulse: number;
}

const defaultSinkLimits: SinkLimits = { total: 8 * 1024 * 1024, single: 16_000, pulse: 5_000 };

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

	const tell = (update: DriverUpdate) => {
		try {
			listener.onUpdate(update);
		} catch {
			// A listener that fails is not the agent's fault, and there is nobody here who could do anything about it.
		}
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
			// Every answer to a permission request is kept: it is the audit of what was allowed.
			if (used + text.length + overhead <= limits.total || update.kind === 'permission') {
				used += text.length + overhead;
				tell(text === update.text ? update : { ...update, text });
				return;
			}
			leftOut += 1;
			leftOutCharacters += update.text.length;
			const now = clock.monotonic();
			if (leftOut === 1) {
				pulsedAt = now;
				tell({ kind: 'note', text: 'The log of this run is full; the rest is not logged. The work goes on.' });
			} else if (now - pulsedAt >= limits.pulse) {
				pulsedAt = now;
				tell({ kind: 'note', text: `Still working; ${leftOutText()} so far.` });
			}
		},
		close() {
			if (!isClosed && leftOut > 0) {
				tell({ kind: 'note', text: `The log of this run is full; ${leftOutText()}.` });
			}
			isClosed = true;
		},
	};
}
