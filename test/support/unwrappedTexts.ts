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

/** Calls whose first argument is shown. */
const shownCalls =
	/(?:^|\.)(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|notifier\??\.(?:answer|news|problem|request|refuse))$/u;

/** Two words, or one that begins large: a name of a state, a command or a file is neither. */
const isText = (text: string) => /\p{L}[\p{L}']*[,:.;]? \p{L}/u.test(text) || /^\p{Lu}\p{Ll}+…?$/u.test(text);
/** What a template says between its values; units such as `ms` need no words. */
const isTemplateText = (text: string) => /(?:^|[\s("])\p{L}{3,}(?=[\s.,:?!)"]|$)/u.test(text);

/** The literals an expression may come to, with the text each says by itself. */
function literalsIn(node: ast.Node): ast.Node[] {
	if (ast.isStringLiteral(node) || ast.isNoSubstitutionTemplateLiteral(node)) {
		return isText(node.text) ? [node] : [];
	}
	if (ast.isTemplateExpression(node)) {
		const said = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
		const inner = node.templateSpans.flatMap(({ expression }) => literalsIn(expression));
		return said.some((text) => isTemplateText(text.replaceAll('Dream.OS', ''))) ? [node] : inner;
	}
	if (ast.isConditionalExpression(node)) {
		return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
	}
	if (ast.isBinaryExpression(node)) {
		return [...literalsIn(node.left), ...literalsIn(node.right)];
	}
	if (ast.isParenthesizedExpression(node)) {
		return literalsIn(node.expression);
	}
	return ast.isArrayLiteralExpression(node) ? node.elements.flatMap(literalsIn) : [];
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

/** `file:line: text` of each; empty when all are wrapped. */
export function unwrappedTexts(files: SourceFiles): string[] {
	const found: string[] = [];
	forEachNode(files, (node, placeOf) => {
		for (const literal of shownBy(node).flatMap(literalsIn)) {
			found.push(`${placeOf(literal)}: ${literal.getText()}`);
		}
	});
	return found;
}
