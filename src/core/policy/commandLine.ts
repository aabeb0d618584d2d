// Owns taking a command line apart for rules: the commands it runs, and the guises a rule that forbids looks through. It reads
// words, not shell; where it cannot be sure, it says so, and then nothing but the whole line counts as allowed.

export interface CommandPart {
	/** As it is written, with single spaces: what an allowance must cover. */
	readonly text: string;
	/** Other forms of the same: what a rule that forbids or asks looks at too. */
	readonly guises: readonly string[];
	/** What in all of them may name a file. */
	readonly words: readonly string[];
	/** False where there is more than was looked at: then every rule that forbids or asks applies. */
	readonly isRead: boolean;
}

/** Longer lines are not taken apart. */
const longestLine = 20_000;
const mostParts = 100;

const shell = /^(?:\S*\/)?(?:ba|z|da|k|fi)?sh(?:\.exe)?\s+(?:-[a-z]+\s+)*-[a-z]*c\s+(?<inner>[\s\S]+)$/u;
/** Words that stand before the program that is meant. */
const prefix = /^(?:(?:\w+=\S*|sudo|env|command|exec|nohup|time|nice|builtin|then|do|else|!)\s+|[({]\s*)+/u;

/** The commands of a line. `isCertain` is false where a part may run more than it says; then the whole line is the one part. */
export function commandParts(line: string): { readonly parts: readonly CommandPart[]; readonly isCertain: boolean } {
	const whole = oneSpace(line);
	if (line.length > longestLine) {
		return { parts: [{ text: whole, guises: [], words: [], isRead: false }], isCertain: false };
	}
	const cut = split(line);
	const pieces = cut.pieces.flatMap((piece) => {
		const inner = innerOf(oneSpace(piece));
		return inner === undefined ? [oneSpace(piece)] : commandParts(inner).parts.map(({ text }) => text);
	});
	const texts = [...new Set(pieces.filter((piece) => piece !== ''))];
	const isInnerCertain = cut.pieces.every((piece) => {
		const inner = innerOf(oneSpace(piece));
		return inner === undefined || commandParts(inner).isCertain;
	});
	if (!cut.isCertain || !isInnerCertain || texts.length > mostParts) {
		// Every word group is looked at by what forbids, whatever the quotes around it say.
		const naive = line.split(/[;&|\n`(){}<>]+|\$\(/u).map(oneSpace);
		const looked = [whole, ...texts, ...naive];
		return {
			parts: [partOf(whole, looked.slice(0, mostParts), looked.length <= mostParts)],
			isCertain: false,
		};
	}
	return { parts: texts.map((text) => partOf(text, [text], true)), isCertain: true };
}

function partOf(text: string, looked: readonly string[], isRead: boolean): CommandPart {
	const guises = guisesOf(looked);
	return { text, guises, words: [...new Set([text, ...guises].flatMap(commandWords))], isRead };
}

/** Words of a command line that may name a file, without quotes and leading `./`. */
function commandWords(line: string): string[] {
	return line
		.slice(0, longestLine)
		.split(/[\s'"`;|&<>(){}=,:@]+/u)
		.map((word) => word.replace(/^(?:\.\/)+/u, '').replaceAll(/\\(?=.)/gu, ''))
		.filter((word) => word !== '' && !word.startsWith('-'));
}

const oneSpace = (text: string): string => text.trim().replaceAll(/\s+/gu, ' ');

/** What a shell is told to run; undefined when no shell is called. */
function innerOf(piece: string): string | undefined {
	const inner = shell.exec(piece)?.groups?.['inner'];
	const quoted = inner === undefined ? undefined : /^(?<quote>['"])(?<text>[\s\S]*)\k<quote>$/u.exec(inner)?.groups;
	return quoted?.['text'] ?? inner;
}

/** Forms in which the same program is called: without what stands before it, without quotes, without its folder. */
function guisesOf(texts: readonly string[]): string[] {
	const guises = new Set<string>();
	for (const text of texts) {
		const unquoted = text.replaceAll(/['"]|\\(?=.)/gu, '');
		for (const form of [text, unquoted]) {
			const bare = form
				.replace(prefix, '')
				.replace(/[)}]+$/u, '')
				.trim();
			for (const each of [form, bare, bare.replace(/^\S*\/(?=[^\s/]+(?:\s|$))/u, '')]) {
				guises.add(each);
				guises.add(innerOf(each) ?? each);
			}
		}
	}
	return [...guises].filter((guise) => guise !== '');
}

/** Cuts at `;`, `&`, `|` and line ends outside of quotes. */
function split(line: string): { readonly pieces: readonly string[]; readonly isCertain: boolean } {
	const pieces: string[] = [];
	let piece = '';
	let quote = '';
	let isCertain = true;
	for (let index = 0; index < line.length; index += 1) {
		const letter = line[index] ?? '';
		const next = line[index + 1] ?? '';
		const before = line[index - 1] ?? '';
		if (quote !== "'" && (letter === '`' || (letter === '$' && next === '('))) {
			isCertain = false;
		}
		if (quote !== '') {
			if (letter === '\\' && quote === '"') {
				piece += letter + next;
				index += 1;
				continue;
			}
			quote = letter === quote ? '' : quote;
			piece += letter;
		} else if (letter === '\\') {
			piece += letter + next;
			index += 1;
		} else if (letter === '"' || letter === "'") {
			quote = letter;
			piece += letter;
		} else if ((letter === '<' || letter === '>') && (next === '(' || (letter === '<' && next === '<'))) {
			isCertain = false;
			piece += letter;
		} else if (letter === '&' && (before === '>' || before === '<' || next === '>')) {
			piece += letter;
		} else if (letter === '|' && before === '>') {
			piece += letter;
		} else if (/[;&|\n\r]/u.test(letter)) {
			pieces.push(piece);
			piece = '';
		} else {
			piece += letter;
			isCertain &&= !/[(){}]/u.test(letter) || piece.includes('${');
		}
	}
	return { pieces: [...pieces, piece], isCertain: isCertain && quote === '' };
}
