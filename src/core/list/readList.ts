// Owns reading a list of tasks of any format, and telling the formats apart where nobody says which it is.

import { hasColumns, readCsvList } from './csvList.ts';
import { readJsonList } from './jsonList.ts';
import { readMarkdownList } from './markdownList.ts';
import type { ListFormat, ListReading } from './taskList.ts';

const readers: Readonly<Record<ListFormat, (text: string) => ListReading>> = {
	json: readJsonList,
	csv: readCsvList,
	markdown: readMarkdownList,
};

const formatOfEnding: Readonly<Record<string, ListFormat>> = {
	json: 'json',
	csv: 'csv',
	tsv: 'csv',
	md: 'markdown',
	markdown: 'markdown',
};

/** By the name of the file, else by how the text begins. */
export function detectListFormat(text: string, file?: string): ListFormat {
	const named = formatOfEnding[/\.(\w+)$/u.exec(file ?? '')?.[1]?.toLowerCase() ?? ''];
	if (named !== undefined) {
		return named;
	}
	if (/^\uFEFF?\s*[[{]/u.test(text) && !/^\uFEFF?\s*\[.\]\s/u.test(text)) {
		return 'json';
	}
	return hasColumns(text) ? 'csv' : 'markdown';
}

export const readList = (text: string, format: ListFormat): ListReading => readers[format](text);
