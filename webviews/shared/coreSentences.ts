// Owns the sentences of core that pages show in the person's language, although they are kept in English with their figures in them:
// each is known by its pattern. A test holds the patterns against the sources they come from.

import * as l10n from '@vscode/l10n';

/** By their English pattern. */
export const coreSentences: Readonly<Record<string, string>> = {
	// Why an agent drifts.
	'Nothing was changed for {0} steps': l10n.t('Nothing was changed for {0} steps'),
	'{0} of its last {1} lines it had said before, and it did nothing meanwhile': l10n.t(
		'{0} of its last {1} lines it had said before, and it did nothing meanwhile',
	),
	'{0} of the last {1} steps were done before with the same result ({2}: {3} times)': l10n.t(
		'{0} of the last {1} steps were done before with the same result ({2}: {3} times)',
	),
	'{0} failed {1} times in the same way': l10n.t('{0} failed {1} times in the same way'),
	'{0} of the last {1} steps failed': l10n.t('{0} of the last {1} steps failed'),
	'{0} of {1} changed files are not among those the task names': l10n.t(
		'{0} of {1} changed files are not among those the task names',
	),
	'{0} of the places it looked at lately have nothing to do with the task': l10n.t(
		'{0} of the places it looked at lately have nothing to do with the task',
	),
	'It says its goal is another than the task: "{0}"': l10n.t('It says its goal is another than the task: "{0}"'),
	'Its context is {0}% full': l10n.t('Its context is {0}% full'),
	'It has taken {0}, {1} times as much as such tasks do': l10n.t(
		'It has taken {0}, {1} times as much as such tasks do',
	),
	'Its plan went back {0} times': l10n.t('Its plan went back {0} times'),
	'Its plan has not moved for {0} steps': l10n.t('Its plan has not moved for {0} steps'),
};

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** A sentence of core in the person's language; any other text as it is. */
export function sentenceOf(english: string, sentences = coreSentences): string {
	for (const [pattern, sentence] of Object.entries(sentences)) {
		const parts = pattern.split(/\{\d\}/u).map(escaped);
		const found = new RegExp(`^${parts.join('(.*)')}$`, 'u').exec(english);
		if (found !== null) {
			return sentence.replaceAll(/\{(\d)\}/gu, (_all, place: string) => found[Number(place) + 1] ?? '');
		}
	}
	return english;
}
