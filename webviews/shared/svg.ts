// Owns building elements of drawings. Text is text, as in dom.ts.

/** Creates an element of a drawing with its children. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
	tag: Tag,
	attributes: Readonly<Record<string, string | number>> = {},
	children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[Tag] {
	const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
	for (const [name, value] of Object.entries(attributes)) {
		created.setAttribute(name, String(value));
	}
	created.append(...children);
	return created;
}
