// Owns CSV as text: rows of cells with the line each begins on, and back. A cell that a spreadsheet would run as a formula is
// written with an apostrophe in front, which reading takes away again. The parser is ours, because the types of csv-parse pull
// Node into the core; tests hold both against that library.

export interface CsvRow {
	readonly cells: readonly string[];
	/** Line of the text the row begins on, from 1. */
	readonly line: number;
}

export interface CsvReading {
	readonly rows: readonly CsvRow[];
	/** Line of a quote that is never closed; what comes after it cannot be read. */
	readonly openQuote: number | undefined;
}

/** What spreadsheets take for the beginning of a formula, behind any number of apostrophes of ours. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/u;

/** A cell that no spreadsheet runs; `revealCell` gives back exactly what went in. */
export const neutraliseCell = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);
export const revealCell = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);

/** Spreadsheets of some countries write semicolons: the separator is what the first line has most of. */
export function detectSeparator(text: string): string {
	const head = (/^[^\r\n]*/u.exec(text)?.[0] ?? '').replace(/"[^"]*"/gu, '');
	const count = (separator: string) => head.split(separator).length;
	return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Rows of CSV text (RFC 4180, any line ends). Lines with nothing on them are no rows. */
export function parseCsv(text: string, separator: string): CsvReading {
	const rows: CsvRow[] = [];
	let cells: string[] = [];
	let place = 0;
	let line = 1;
	let begin = 1;
	const breaks = /\r\n|\n|\r/gu;
	const endOfLine = /[\r\n]/gu;
	while (place < text.length) {
		let cell: string;
		if (text[place] === '"') {
			const end = closingQuote(text, place + 1);
			if (end === undefined) {
				return { rows, openQuote: line };
			}
			const quoted = text.slice(place + 1, end);
			line += quoted.match(breaks)?.length ?? 0;
			cell = quoted.replaceAll('""', '"');
			place = end + 1;
		} else {
			cell = '';
		}
		// What stands outside of quotes belongs to the cell too; careless programs write such.
		endOfLine.lastIndex = place;
		const lineEnd = endOfLine.exec(text)?.index ?? text.length;
		const next = text.indexOf(separator, place);
		const end = next === -1 || next > lineEnd ? lineEnd : next;
		cells.push(cell + text.slice(place, end));
		place = end;
		if (place === next) {
			place += 1;
			if (place < text.length && !/[\r\n]/u.test(text[place] ?? '')) {
				continue;
			}
			cells.push('');
		}
		place += text.startsWith('\r\n', place) ? 2 : 1;
		line += 1;
		if (cells.length > 1 || cells[0] !== '') {
			rows.push({ cells, line: begin });
		}
		cells = [];
		begin = line;
	}
	return { rows, openQuote: undefined };
}

function closingQuote(text: string, from: number): number | undefined {
	for (let place = text.indexOf('"', from); place !== -1; place = text.indexOf('"', place + 2)) {
		if (text[place + 1] !== '"') {
			return place;
		}
	}
	return undefined;
}

/** CSV text of rows, with a byte order mark, without which spreadsheets take UTF-8 for something else. */
export function composeCsv(rows: readonly (readonly string[])[]): string {
	const compose = (cell: string) => (/[",;\r\n\t]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
	return `\uFEFF${rows.map((cells) => `${cells.map(compose).join(',')}\n`).join('')}`;
}
