// Owns how answers look in a terminal: tables and sentences for people, one JSON value for scripts. Foreign text is made harmless here.

import { displayLine, displayText } from '../base/text.ts';
import { describeError, isDreamError } from '../base/errors.ts';

export interface Output {
	readonly isJson: boolean;
	/** A line for a person; silent with --json. */
	say(line: string): void;
	/** Text for a file or another program, as it is; silent with --json. Where a person looks at it, it is made harmless. */
	pass(text: string): void;
	/** One JSON value on one line of its own; silent without --json. */
	answer(value: unknown): void;
	/** A line on stderr beside the answer, for people and scripts alike. */
	warn(line: string): void;
	/** An error on stderr, as a sentence or, with --json, as an object. */
	fail(error: unknown): void;
}

export function terminalOutput(isJson: boolean): Output {
	return {
		isJson,
		say(line) {
			if (!isJson) {
				process.stdout.write(`${displayText(line)}\n`);
			}
		},
		pass(text) {
			if (!isJson) {
				process.stdout.write(process.stdout.isTTY ? displayText(text) : text);
			}
		},
		answer(value) {
			if (isJson) {
				process.stdout.write(`${JSON.stringify(value)}\n`);
			}
		},
		warn(line) {
			process.stderr.write(`warning: ${displayText(line)}\n`);
		},
		fail(error) {
			if (isJson) {
				const known = isDreamError(error);
				process.stderr.write(
					`${JSON.stringify({
						error: {
							code: known ? error.code : 'internal.error',
							message: known ? error.message : describeError(error),
							advice: known ? (error.advice ?? null) : null,
							details: known ? error.details : {},
						},
					})}\n`,
				);
			} else {
				process.stderr.write(`dreamos: ${displayText(describeError(error))}\n`);
			}
		},
	};
}

/** Columns padded to their widest cell; cells are single harmless lines. The last column is cut to the terminal's width. */
export function table(rows: readonly (readonly string[])[], width = process.stdout.columns ?? 160): string[] {
	const lines = rows.map((row) => row.map((cell) => displayLine(cell, 400)));
	const widths: number[] = [];
	for (const row of lines) {
		row.forEach((cell, index) => {
			widths[index] = Math.max(widths[index] ?? 0, cell.length);
		});
	}
	return lines.map((row) => {
		const line = row
			.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
			.join('  ')
			.trimEnd();
		return line.length > width && width > 20 ? `${line.slice(0, width - 1)}…` : line;
	});
}
