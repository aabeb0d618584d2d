// Owns the words that are shown and their translations, as files: what the sources say, the bundles under l10n/, package.nls*.json;
// and the rule that a language is complete. The rule works on plain values, so that a bad translation can be planted.

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import * as ast from 'typescript/unstable/ast';
import type { SourceFiles } from './architectureRules.ts';
import { forEachNode } from './parsedSources.ts';

const root = path.join(import.meta.dirname, '../..');

/** Key → text. The key of a bundle is the English text itself; of the manifest it is a name. */
export type Words = Readonly<Record<string, string>>;

/** Where words that are shown stand. Core is not among them: what is stored or read by programs stays English. */
const sourcePatterns = ['src/extension.ts', 'src/editor/**/*.ts', 'webviews/**/*.ts'];

/** The languages beside English. */
export const languages = ['de'] as const;

/**
 * What a bundle holds, a text for each key. A message with a comment for the translator has `message/comment` as its key, as the
 * editor asks for it.
 */
export function wordsOf(bundle: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(bundle).map(([key, value]: [string, unknown]) => [
			key,
			typeof value === 'string' ? value : String((value as { readonly message?: unknown }).message),
		]),
	);
}

/** The files whose words are shown, by their path from the root. */
export function shownSources(): Map<string, string> {
	const files = globSync(sourcePatterns, { cwd: root }).toSorted();
	return new Map(files.map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(root, file), 'utf8')]));
}

/**
 * Every text these sources hand to `l10n.t`, in the order of the alphabet, with the comments for the translator. The exporter gets the
 * calls alone: its search through whole files takes a minute where the compiler's takes a second.
 * @throws Error with the place of a call whose text is not written there: nobody could translate it.
 */
export async function exportedBundle(sources: SourceFiles): Promise<Record<string, unknown>> {
	const calls: string[] = [];
	forEachNode(sources, (node, placeOf) => {
		if (!ast.isCallExpression(node) || !/(?:^|\.)l10n\.t$/u.test(node.expression.getText())) {
			return;
		}
		const [text] = node.arguments;
		if (text === undefined || !(ast.isStringLiteral(text) || ast.isObjectLiteralExpression(text))) {
			throw new Error(`${placeOf(node)}: l10n.t takes its text as a plain literal, not ${text?.getText()}`);
		}
		calls.push(`l10n.t(${text.getText()});`);
	});
	const contents = ["import { l10n } from 'vscode';", ...new Set(calls)].join('\n');
	const bundle = Object.entries(await getL10nJson([{ extension: '.ts', contents }]));
	return Object.fromEntries(bundle.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Path of the bundle of a language, English when none is named. */
export function bundlePath(language?: string): string {
	return path.join(root, 'l10n', language === undefined ? 'bundle.l10n.json' : `bundle.l10n.${language}.json`);
}

/** Path of the words of package.json in a language, English when none is named. */
export function manifestWordsPath(language?: string): string {
	return path.join(root, language === undefined ? 'package.nls.json' : `package.nls.${language}.json`);
}

/** @throws SyntaxError when the file is no JSON. */
export function readJson(file: string): Record<string, unknown> {
	return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([all]) => all).toSorted();
/** `$(icon)` signs and `(command:…)` links: what a text does, whatever language it is in. */
const machinery = (text: string) => [...text.matchAll(/\$\([\w~-]+\)|\(command:[^)]+\)/gu)].map(([all]) => all);
const same = (left: readonly string[], right: readonly string[]) => left.join('\n') === right.join('\n');

/**
 * What a language lacks, in sentences.
 * @param sameInBoth texts that are rightly the same in both languages, such as names
 */
export function checkTranslation(english: Words, translated: Words, sameInBoth: readonly string[]): string[] {
	const missing = Object.keys(english).filter((key) => !(key in translated));
	const spare = Object.keys(translated).filter((key) => !(key in english));
	const faults = Object.entries(english).flatMap(([key, text]) => {
		const other = translated[key];
		if (other === undefined) {
			return [];
		}
		if (other.trim() === '') {
			return [`${key} is empty.`];
		}
		if (other === text && /\p{L}{2}/u.test(text.replaceAll(/\{\w+\}/gu, '')) && !sameInBoth.includes(text)) {
			return [`${key} is not translated.`];
		}
		if (!same(placeholders(text), placeholders(other))) {
			return [`${key} has other placeholders: ${placeholders(other).join(' ')}`];
		}
		return same(machinery(text), machinery(other)) ? [] : [`${key} has other signs or links.`];
	});
	return [
		...missing.map((key) => `${key} has no translation.`),
		...spare.map((key) => `${key} is said nowhere.`),
		...faults,
	];
}

/** The names between percent signs that stand for texts anywhere in a manifest. */
export function manifestKeys(value: unknown): string[] {
	if (typeof value === 'string') {
		return /^%([\w.-]+)%$/u.exec(value)?.slice(1) ?? [];
	}
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(manifestKeys) : [];
}
