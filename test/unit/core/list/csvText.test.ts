// Checks CSV as text, with the libraries of the field as judges: what we write they read, what they write we read.

import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import {
	composeCsv,
	detectSeparator,
	neutraliseCell,
	parseCsv,
	revealCell,
} from '../../../../src/core/list/csvText.ts';

const cell = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', "'", '=', '+', '-', '@', '\t', ' ', 'a', 'é') }),
);
/** At least two columns: a row of one empty cell is an empty line. */
const rows = fc
	.integer({ min: 2, max: 5 })
	.chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
const cellsOf = (text: string) => parseCsv(text.replace(/^\uFEFF/u, ''), ',').rows.map(({ cells }) => cells);

describe('csvText', () => {
	it('gives back what was written, and a library reads the same', () => {
		fc.assert(
			fc.property(rows, (table) => {
				const text = composeCsv(table);
				assert.deepEqual(cellsOf(text), table);
				assert.deepEqual(parse(text, { bom: true, record_delimiter: ['\n'] }), table);
			}),
		);
	});

	it('reads what a library writes', () => {
		fc.assert(
			fc.property(rows, fc.constantFrom('unix' as const, 'windows' as const), (table, ends) => {
				const text = stringify(table, { record_delimiter: ends, quoted_match: /[\r\n]/u, bom: false });
				assert.deepEqual(
					parseCsv(text, ',').rows.map(({ cells }) => cells),
					table,
				);
			}),
		);
	});

	it('names the line a row begins on, across cells of several lines and any line ends', () => {
		const { rows: found, openQuote } = parseCsv('a,b\r\n"1\n2\r\n3",x\r\n\r\nlast,y', ',');
		assert.deepEqual(
			found.map(({ line, cells }) => [line, cells[0]]),
			[
				[1, 'a'],
				[2, '1\n2\r\n3'],
				[6, 'last'],
			],
		);
		assert.equal(openQuote, undefined);
		assert.equal(parseCsv('a,b\n1,"never closed\n', ',').openQuote, 2);
	});

	it('knows the separators of spreadsheets', () => {
		assert.deepEqual(['name,tags\n', 'name;tags\n', 'name\ttags\n', 'name', '"a;b;c",d'].map(detectSeparator), [
			',',
			';',
			'\t',
			',',
			',',
		]);
	});

	it('lets no cell be run as a formula, and loses nothing by that', () => {
		fc.assert(
			fc.property(cell, (text) => {
				const written = neutraliseCell(text);
				assert.doesNotMatch(written, /^[=+\-@\t\r＝＋－＠]/u);
				assert.equal(revealCell(written), text);
			}),
		);
		assert.equal(neutraliseCell('=HYPERLINK("http://x")'), '\'=HYPERLINK("http://x")');
		assert.equal(revealCell("'tis the season"), "'tis the season");
	});
});
