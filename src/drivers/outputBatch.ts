// Owns how raw process output becomes updates: whole lines where there are any, a few times a second, never piece by piece.

import type { Disposable } from '../base/event.ts';

export interface OutputBatch extends Disposable {
	add(text: string): void;
	/** Hands on whatever is there, also half a line. */
	flush(): void;
}

const windowMilliseconds = 100;
const fullCharacters = 8_000;

/** Collects text and hands it on in batches. Disposing flushes first. */
export function createOutputBatch(emit: (text: string) => void): OutputBatch {
	let pending = '';
	let timer: ReturnType<typeof setTimeout> | undefined;

	const emitUpTo = (end: number) => {
		const text = pending.slice(0, end).replace(/\r?\n$/u, '');
		pending = pending.slice(end);
		if (text.trim() !== '') {
			emit(text);
		}
	};
	const emitLines = () => {
		timer = undefined;
		const end = pending.lastIndexOf('\n') + 1;
		emitUpTo(end > 0 ? end : pending.length);
		if (pending !== '') {
			timer = setTimeout(emitLines, windowMilliseconds);
		}
	};
	const flush = () => {
		clearTimeout(timer);
		timer = undefined;
		emitUpTo(pending.length);
	};
	return {
		add(text) {
			pending += text;
			while (pending.length >= fullCharacters) {
				const end = pending.lastIndexOf('\n', fullCharacters - 1) + 1;
				emitUpTo(end > 0 ? end : fullCharacters);
			}
			if (pending !== '') {
				timer ??= setTimeout(emitLines, windowMilliseconds);
			}
		},
		flush,
		dispose: flush,
	};
}
