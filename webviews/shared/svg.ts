// Owns building elements of drawings. Text is text, as in dom.ts.

import { displayText } from '../../src/base/text.ts';
import { harmlessAttribute } from './dom.ts';

/** Creates an element of a drawing with its children. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
	tag: Tag,
	attributes: Readonly<Record<string, string | number>> = {},
	children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[Tag] {
	const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
	for (const [name, value] of Object.entries(attributes)) {
		created.setAttribute(name, harmlessAttribute(name, String(value)));
	}
	created.append(...children.map((child) => (typeof child === 'string' ? displayText(child) : child)));
	return created;
}
