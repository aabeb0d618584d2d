// Owns cutting a stream of bytes into lines. A line beyond the limit is left out and counted, never kept in memory.

export interface LineSplitter {
	/** The lines that are complete with this chunk, without their line feed. */
	push(chunk: Uint8Array): Uint8Array[];
	/** What is left at the end: half a line, or nothing. */
	flush(): Uint8Array[];
}

const lineFeed = 0x0a;

export function createLineSplitter(maximumBytes: number, onOversize: (bytes: number) => void): LineSplitter {
	let parts: Uint8Array[] = [];
	let size = 0;

	/** Keeps the bytes as long as the line is within the limit; then only counts them. */
	const keep = (bytes: Uint8Array) => {
		size += bytes.length;
		if (size > maximumBytes) {
			parts = [];
		} else if (bytes.length > 0) {
			parts.push(bytes);
		}
	};
	const take = (): Uint8Array[] => {
		const [first, second] = parts;
		const isTooLong = size > maximumBytes;
		const line = first === undefined || second === undefined ? first : concatenate(parts, size);
		if (isTooLong) {
			onOversize(size);
		}
		parts = [];
		size = 0;
		return isTooLong || line === undefined ? [] : [line];
	};
	return {
		push(chunk) {
			const lines: Uint8Array[] = [];
			let start = 0;
			for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
				keep(chunk.subarray(start, end));
				lines.push(...take());
				start = end + 1;
			}
			keep(chunk.subarray(start));
			return lines;
		},
		flush: take,
	};
}

function concatenate(parts: readonly Uint8Array[], size: number): Uint8Array {
	const whole = new Uint8Array(size);
	let offset = 0;
	for (const part of parts) {
		whole.set(part, offset);
		offset += part.length;
	}
	return whole;
}
