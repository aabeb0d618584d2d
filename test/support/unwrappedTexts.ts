// Owns the search for texts that are shown and not handed to `l10n.t`: literals in the places where the editor takes what a person
// reads. Works on files in memory, so that one can be planted. It judges places, not words: what is said elsewhere it does not see.

import * as ast from 'typescript/unstable/ast';
import type { SourceFiles } from './architectureRules.ts';
import { forEachNode } from './parsedSources.ts';

/** Fields of what the editor shows: picks, tree rows, dialogs, errors with what to do. */
const shownFields = new Set([
	'advice',
	'description',
	'detail',
	'finish',
	'label',
	'message',
	'openLabel',
	'placeHolder',
	'placeholder',
	'prompt',
	'required',
	'saveLabel',
	'title',
	'tooltip',
]);

/** The same of what a page shows: options of our elements, and attributes that are read aloud or seen. */
const pageFields = new Set([
	'aria-description',
	'aria-label',
	'aria-roledescription',
	'label',
	'name',
	'placeholder',
	'text',
	'textContent',
	'title',
]);
/** Calls of a page, with the place of the argument that is shown. */
const pageCalls: Readonly<Record<string, number>> = { setText: 1, createFigureTable: 0, createChartSection: 0 };

/** Calls whose first argument is shown. */
const shownCalls =
	/(?:^|\.)(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|notifier\??\.(?:answer|news|problem|request|refuse))$/u;

/** Two words, or one that begins large: a name of a state, a command or a file is neither. */
const isText = (text: string) => /\p{L}[\p{L}']*[,:.;]? \p{L}/u.test(text) || /^\p{Lu}\p{Ll}+…?$/u.test(text);
/** What a template says between its values; units such as `ms` need no words. */
const isTemplateText = (text: string) => /(?:^|[\s("])\p{L}{3,}(?=[\s.,:?!)"]|$)/u.test(text);

/** In a page every word counts but names such as PNG: its shown places hold few names of anything. */
const isWord = (text: string) => /\p{L}\p{Ll}/u.test(text.replaceAll('Dream.OS', ''));

/** The literals an expression may come to, with the text each says by itself. */
function literalsIn(node: ast.Node, isSaid = isText): ast.Node[] {
	const inside = (each: ast.Node) => literalsIn(each, isSaid);
	if (ast.isStringLiteral(node) || ast.isNoSubstitutionTemplateLiteral(node)) {
		return isSaid(node.text) ? [node] : [];
	}
	if (ast.isTemplateExpression(node)) {
		const said = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
		const inner = node.templateSpans.flatMap(({ expression }) => inside(expression));
		return said.some((text) => isTemplateText(text.replaceAll('Dream.OS', ''))) ? [node] : inner;
	}
	if (ast.isConditionalExpression(node)) {
		return [...inside(node.whenTrue), ...inside(node.whenFalse)];
	}
	if (ast.isBinaryExpression(node)) {
		return [...inside(node.left), ...inside(node.right)];
	}
	if (ast.isParenthesizedExpression(node)) {
		return inside(node.expression);
	}
	return ast.isArrayLiteralExpression(node) ? node.elements.flatMap(inside) : [];
}

/** What stands in a shown place of a page right at this node. */
function shownInPageBy(node: ast.Node): ast.Node[] {
	if (ast.isPropertyAssignment(node)) {
		const { name } = node;
		return (ast.isIdentifier(name) || ast.isStringLiteral(name)) && pageFields.has(name.text)
			? [node.initializer]
			: [];
	}
	if (ast.isBinaryExpression(node) && node.operatorToken.kind === ast.SyntaxKind.EqualsToken) {
		return ast.isPropertyAccessExpression(node.left) && pageFields.has(node.left.name.text) ? [node.right] : [];
	}
	if (!ast.isCallExpression(node)) {
		return [];
	}
	const [, attribute] = /(?:^|\.)(setAttribute|createTextNode)$/u.exec(node.expression.getText()) ?? [];
	if (attribute === 'setAttribute') {
		const at = node.arguments.findIndex((each) => ast.isStringLiteral(each) && pageFields.has(each.text));
		return at < 0 ? [] : node.arguments.slice(at + 1, at + 2);
	}
	const place = attribute === undefined ? pageCalls[node.expression.getText()] : 0;
	return place === undefined ? [] : node.arguments.slice(place, place + 1);
}

/** What stands in a shown place right at this node. */
function shownBy(node: ast.Node): ast.Node[] {
	if (ast.isPropertyAssignment(node)) {
		return ast.isIdentifier(node.name) && shownFields.has(node.name.text) ? [node.initializer] : [];
	}
	if (ast.isBinaryExpression(node) && node.operatorToken.kind === ast.SyntaxKind.EqualsToken) {
		return ast.isPropertyAccessExpression(node.left) && shownFields.has(node.left.name.text) ? [node.right] : [];
	}
	if (ast.isCallExpression(node)) {
		return shownCalls.test(node.expression.getText()) ? node.arguments.slice(0, 1) : [];
	}
	const isError = ast.isNewExpression(node) && node.expression.getText() === 'DreamError';
	return isError ? (node.arguments?.slice(1, 2) ?? []) : [];
}

/** `file:line: text` of each; empty when all are wrapped. What is shown where is another thing in a page than in the editor. */
export function unwrappedTexts(files: SourceFiles): string[] {
	const found: string[] = [];
	const isPage = (file: string) => file.startsWith('webviews/');
	const search = (isSearched: (file: string) => boolean, shownAt: typeof shownBy, isSaid: typeof isText) => {
		const searched = new Map([...files].filter(([file]) => isSearched(file)));
		if (searched.size > 0) {
			forEachNode(searched, (node, placeOf) => {
				for (const literal of shownAt(node).flatMap((each) => literalsIn(each, isSaid))) {
					found.push(`${placeOf(literal)}: ${literal.getText()}`);
				}
			});
		}
	};
	search((file) => !isPage(file), shownBy, isText);
	search(isPage, shownInPageBy, isWord);
	return found;
}
