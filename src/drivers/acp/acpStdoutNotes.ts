// Owns what is told about text on an agent's stdout that is no message: the first lines of it, then only how much there was.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';

export interface StdoutNotes {
	/** Notes a line. Returns true once there is so much of it that this is no agent at all. */
	add(line: string): boolean;
	/** Notes an answer to nothing we asked. */
	addStray(message: string): void;
	/** Tells how many lines were not told one by one. */
	close(): void;
	/** The first lines, to be quoted when the agent fails. */
	readonly firstText: string;
}

const toldLines = 20;
const nonsenseLines = 500;
const keptCharacters = 1_500;

export function createStdoutNotes(tell: (update: DriverUpdate) => void): StdoutNotes {
	let lines = 0;
	let strays = 0;
	let firstText = '';
	return {
		get firstText() {
			return firstText;
		},
		add(line) {
			lines += 1;
			if (firstText.length < keptCharacters) {
				firstText += `${displayLine(line, 500)}\n`;
			}
			if (lines <= toldLines) {
				tell({
					kind: 'note',
					text: `On stdout, but no message: ${displayLine(line, 500)}`,
					data: { stream: 'stdout' },
				});
			}
			return lines > nonsenseLines;
		},
		addStray(message) {
			strays += 1;
			if (strays <= toldLines) {
				tell({
					kind: 'note',
					text: `An answer to nothing that was asked: ${message}`,
					data: { stream: 'stdout' },
				});
			}
		},
		close() {
			const more = Math.max(0, lines - toldLines) + Math.max(0, strays - toldLines);
			if (more > 0) {
				tell({ kind: 'note', text: `${more} more lines on stdout were no messages of the protocol.` });
			}
		},
	};
}
