// Owns why text is not strict JSON, in the words and places other programs use: the messages of Python's json module, which the
// reports of the older project carry, so that two reports about one file can be compared.

/** `Expecting value: line 1 column 1 (char 0)`; undefined for valid JSON. Columns count from 1, characters from 0. */
export function explainStrictFailure(text: string): string | undefined {
	const found = new StrictScan(text).run();
	if (found === undefined) {
		return undefined;
	}
	const before = text.slice(0, found.at);
	const line = before.slice(before.lastIndexOf('\n') + 1);
	return `${found.message}: line ${countOfLines(before)} column ${codePoints(line) + 1} (char ${codePoints(before)})`;
}

function countOfLines(text: string): number {
	let lines = 1;
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
		lines++;
	}
	return lines;
}

/** Python counts code points, JavaScript halves of them. */
function codePoints(text: string): number {
	let count = text.length;
	for (let index = 1; index < text.length; index++) {
		const code = text.charCodeAt(index);
		const before = text.charCodeAt(index - 1);
		if (code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff) {
			count--;
		}
	}
	return count;
}

interface Failure {
	readonly message: string;
	readonly at: number;
}

const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity/uy;
const whole = /"(?:(?!\p{Cc})[^"\\]|\u007f|[\u0080-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const space = /[ \t\n\r]*/uy;

class StrictScan {
	private readonly text: string;
	private at = 0;

	constructor(text: string) {
		this.text = text;
	}

	run(): Failure | undefined {
		/** What closes each open container. */
		const open: ('}' | ']')[] = [];
		let expects: 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'next' = 'value';
		for (;;) {
			this.skip(space);
			const here = this.at;
			const closing = open.at(-1);
			const character = this.text[here];
			if (expects === 'next') {
				if (closing === undefined) {
					return here < this.text.length ? { message: 'Extra data', at: here } : undefined;
				}
				if (character === ',') {
					this.at++;
					expects = closing === '}' ? 'key' : 'value';
				} else if (character === closing) {
					this.at++;
					open.pop();
				} else {
					return { message: "Expecting ',' delimiter", at: here };
				}
			} else if ((expects === 'valueOrEnd' || expects === 'keyOrEnd') && character === closing) {
				this.at++;
				open.pop();
				expects = 'next';
			} else if (expects === 'key' || expects === 'keyOrEnd') {
				if (character !== '"') {
					return { message: 'Expecting property name enclosed in double quotes', at: here };
				}
				if (!this.skip(whole)) {
					return { message: 'Unterminated string starting at', at: here };
				}
				this.skip(space);
				if (this.text[this.at] !== ':') {
					return { message: "Expecting ':' delimiter", at: this.at };
				}
				this.at++;
				expects = 'value';
			} else if (character === '{' || character === '[') {
				this.at++;
				open.push(character === '{' ? '}' : ']');
				expects = character === '{' ? 'keyOrEnd' : 'valueOrEnd';
			} else if (character === '"') {
				if (!this.skip(whole)) {
					return { message: 'Unterminated string starting at', at: here };
				}
				expects = 'next';
			} else if (this.skip(literal)) {
				expects = 'next';
			} else {
				return { message: 'Expecting value', at: here };
			}
		}
	}

	private skip(pattern: RegExp): boolean {
		pattern.lastIndex = this.at;
		if (!pattern.test(this.text)) {
			return false;
		}
		this.at = pattern.lastIndex;
		return true;
	}
}
