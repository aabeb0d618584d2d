// Owns the way from an offset in a text to the line and column an editor shows, and back.

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

	/** The offset of a position; one outside of the text gives the nearest that is inside. */
	offset({ line, column }: TextPosition): number {
		const starts = this.lineStarts;
		const start = starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0;
		const next = starts[line] ?? this.text.length + 1;
		return Math.max(0, Math.min(start + column - 1, next - 1, this.text.length));
	}

	position(offset: number): TextPosition {
		const starts = this.lineStarts;
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

	private get lineStarts(): readonly number[] {
		return (this.starts ??= startsOfLines(this.text));
	}
}

function startsOfLines(text: string): number[] {
	const starts = [0];
	for (const match of text.matchAll(/\r\n|\n|\r/gu)) {
		starts.push(match.index + match[0].length);
	}
	return starts;
}
