// Owns turning a stream of text pieces into readable lines: a message arrives word by word, a log is read line by line.

import type { DriverUpdate } from '../../core/driver/driver.ts';

type TextKind = Extract<DriverUpdate['kind'], 'message' | 'thought'>;

export interface LineWriter {
	add(kind: TextKind, text: string): void;
	/** Tells what is left of the current line; the next text begins a new one. */
	flush(): void;
}

/** A line longer than this is cut at a space. */
const longLine = 2_000;
/** A line that grows slower than this is told in parts, so that an agent at work does not look silent. */
const slowMilliseconds = 3_000;

export function createLineWriter(tell: (update: DriverUpdate) => void): LineWriter {
	let kind: TextKind = 'message';
	let pending = '';
	let timer: ReturnType<typeof setTimeout> | undefined;

	const emit = (line: string) => {
		const text = line.trimEnd();
		if (text !== '') {
			tell({ kind, text });
		}
	};
	const flush = () => {
		clearTimeout(timer);
		timer = undefined;
		emit(pending);
		pending = '';
	};
	const tellPart = () => {
		timer = undefined;
		const end = pending.lastIndexOf(' ') + 1;
		if (end > 0) {
			emit(pending.slice(0, end));
			pending = pending.slice(end);
		}
	};
	return {
		flush,
		add(nextKind, text) {
			if (nextKind !== kind) {
				flush();
				kind = nextKind;
			}
			const lines = (pending + text).split(/\r?\n/u);
			pending = lines.pop() ?? '';
			lines.forEach(emit);
			while (pending.length > longLine) {
				const space = pending.lastIndexOf(' ', longLine) + 1;
				const end = space > 0 ? space : longLine;
				emit(pending.slice(0, end));
				pending = pending.slice(end);
			}
			if (pending === '' || lines.length > 0) {
				clearTimeout(timer);
				timer = undefined;
			}
			if (pending !== '') {
				timer ??= setTimeout(tellPart, slowMilliseconds);
			}
		},
	};
}
