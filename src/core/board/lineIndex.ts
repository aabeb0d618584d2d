// Owns the way from an offset in a text to the line and column an editor shows.

export interface TextPosition {
	/** From 1. */
	readonly line: number;
	/** From 1, in UTF-16 units. */
	readonly column: number;
}

export class LineIndex {
	private readonly text: string;
	private starts: number[] | undefined;

	constructor(text: string) {
		this.text = text;
	}

	position(offset: number): TextPosition {
		const starts = (this.starts ??= startsOfLines(this.text));
		let low = 0;
		let high = starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((starts[middle] ?? 0) <= offset) {
				low = middle;
			} else {
				high = middle - 1;
			}
		}
		return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
	}
}

function startsOfLines(text: string): number[] {
	const starts = [0];
	for (const match of text.matchAll(/\r\n|\n|\r/gu)) {
		starts.push(match.index + match[0].length);
	}
	return starts;
}
