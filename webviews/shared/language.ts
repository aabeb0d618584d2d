// Owns the language of a page: its words come from the editor's bundle, its dates and numbers are written as the editor's language
// writes them. Pages import this before anything else: what is made later has its words already.

import * as l10n from '@vscode/l10n';

// Plain Node has no page; there everything is English.
const page = 'document' in globalThis ? document : undefined;
const words = page?.getElementById('words')?.textContent ?? '';
if (words !== '') {
	l10n.config({ contents: words });
}

/** The editor's language with the region the system has for it, such as `de-AT`; undefined where the browser is to choose. */
function localeOf(language: string | undefined): string | undefined {
	if (language === undefined || language.includes('-')) {
		return language;
	}
	return navigator.languages.find((each) => each.startsWith(`${language}-`)) ?? language;
}

/** For `Intl` and `toLocaleString`. */
export const locale = localeOf(page?.documentElement.dataset['locale']);
