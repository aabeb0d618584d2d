// Owns the frame of every webview page: a strict content security policy, a nonce, addresses of our own files, the words of the
// editor's language, and nothing else.

import { randomBytes } from 'node:crypto';
import type { Webview } from 'vscode';
import { Uri, env, l10n } from 'vscode';
import { languageAttributes, wordsBlock } from './pageLanguage.ts';

/** Folder the pages' scripts and styles come from; the only one a page may load. */
export const webviewFolder = (extensionUri: Uri): Uri => Uri.joinPath(extensionUri, 'dist', 'webviews');

/**
 * The page of a bundle `dist/webviews/<name>.js` with its `.css`. `facts` are what the page must know before it is told
 * anything; they and `title` may hold any text.
 */
export function webviewHtml(
	webview: Webview,
	extensionUri: Uri,
	name: string,
	title: string,
	facts: Readonly<Record<string, string>> = {},
): string {
	const nonce = randomBytes(16).toString('base64');
	const file = (ending: string) =>
		webview.asWebviewUri(Uri.joinPath(webviewFolder(extensionUri), `${name}.${ending}`)).toString();
	const policy = [
		"default-src 'none'",
		`style-src ${webview.cspSource}`,
		`script-src 'nonce-${nonce}'`,
		`img-src ${webview.cspSource}`,
		`font-src ${webview.cspSource}`,
	].join('; ');
	const escape = (text: string) => text.replace(/[&<>"']/gu, (sign) => `&#${sign.charCodeAt(0)};`);
	const data = Object.entries(facts)
		.map(([key, value]) => ` data-${key}="${escape(value)}"`)
		.join('');
	return `<!DOCTYPE html>
<html ${languageAttributes(env.language, l10n.bundle)}>
<head>
	<meta charset="utf-8">
	<meta http-equiv="Content-Security-Policy" content="${policy}">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<title>${escape(title)}</title>
	<link rel="stylesheet" href="${file('css')}">
</head>
<body>
	<main id="page"${data}></main>
	${wordsBlock(l10n.bundle)}
	<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
}
