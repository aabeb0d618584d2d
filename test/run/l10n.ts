// Owns `npm run l10n`: writes what the sources say to l10n/bundle.l10n.json, and puts each language into the same order. A text that
// is no longer said leaves every language; one that lacks a translation is named, and stays out until somebody writes it.

import { readFileSync, writeFileSync } from 'node:fs';
import { bundlePath, exportedBundle, languages, shownSources } from '../support/translations.ts';

/** Where git put the lines of two sides together, the last of one side lacks its comma. */
const readMerged = (file: string) =>
	JSON.parse(readFileSync(file, 'utf8').replaceAll(/"\r?\n(?=\s*")/gu, '",\n')) as Record<string, unknown>;

const write = (file: string, words: object) => writeFileSync(file, `${JSON.stringify(words, null, '\t')}\n`);

const english = await exportedBundle(shownSources());
write(bundlePath(), english);
process.stdout.write(`English: ${Object.keys(english).length} texts\n`);
for (const language of languages) {
	const translated = readMerged(bundlePath(language));
	const keys = Object.keys(english);
	write(
		bundlePath(language),
		Object.fromEntries(keys.flatMap((key) => (key in translated ? [[key, translated[key]]] : []))),
	);
	const missing = keys.filter((key) => !(key in translated));
	process.stdout.write(`${language}: ${missing.length} without a translation\n`);
	for (const key of missing) {
		process.stdout.write(`\t${JSON.stringify(key)}\n`);
		process.exitCode = 1;
	}
}
