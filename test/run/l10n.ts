// Owns `npm run l10n`: writes what the sources say to l10n/bundle.l10n.json, and puts each language into the same order. A text that
// is no longer said leaves every language; one that lacks a translation is named, and stays out until somebody writes it.

import { writeFileSync } from 'node:fs';
import { bundlePath, exportedBundle, languages, readJson } from '../support/translations.ts';

const write = (file: string, words: object) => writeFileSync(file, `${JSON.stringify(words, null, '\t')}\n`);

const english = await exportedBundle();
write(bundlePath(), english);
process.stdout.write(`English: ${Object.keys(english).length} texts\n`);
for (const language of languages) {
	const translated = readJson(bundlePath(language));
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
