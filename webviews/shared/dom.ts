// Owns building and refreshing elements. Text is always text: nothing here parses HTML, and terminal codes are left out of what is
// shown or said. What is the same stays the same element, so that focus and selection survive a refresh.

import { displayText } from '../../src/base/text.ts';

export interface ElementOptions {
	readonly className?: string;
	readonly text?: string;
	readonly attributes?: Readonly<Record<string, string>>;
	readonly onClick?: () => void;
}

/** Attributes that people read or hear; others hold ids, which stay as they are. */
const readAttributes = ['title', 'aria-label', 'aria-description', 'placeholder'];

/** The value of an attribute as it may be written. */
export const harmlessAttribute = (name: string, value: string): string =>
	readAttributes.includes(name) ? displayText(value) : value;

/** Creates an element with its children. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	{ className, text, attributes, onClick }: ElementOptions = {},
	children: readonly Node[] = [],
): HTMLElementTagNameMap[Tag] {
	const created = document.createElement(tag);
	if (className !== undefined) {
		created.className = className;
	}
	if (text !== undefined) {
		created.textContent = displayText(text);
	}
	for (const [name, value] of Object.entries(attributes ?? {})) {
		created.setAttribute(name, harmlessAttribute(name, value));
	}
	if (onClick !== undefined) {
		created.addEventListener('click', onClick);
	}
	created.append(...children);
	return created;
}

/** Sets the text if it is another: a selection in it is not lost for nothing. */
export function setText(target: Element, text: string): void {
	const shown = displayText(text);
	if (target.textContent !== shown) {
		target.textContent = shown;
	}
}

/** Sets an attribute if it is another; undefined removes it. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
	const shown = value === undefined ? undefined : harmlessAttribute(name, value);
	if (shown === undefined) {
		target.removeAttribute(name);
	} else if (target.getAttribute(name) !== shown) {
		target.setAttribute(name, shown);
	}
}

export interface Row<Item> {
	readonly element: HTMLElement;
	/** Called with each new item of the same key, and once after creation. */
	update(item: Item): void;
}

/** Keeps the children of a list equal to items: one row for each key, in their order. */
export function createList<Item>(
	parent: HTMLElement,
	keyOf: (item: Item) => string,
	createRow: (item: Item) => Row<Item>,
): (items: readonly Item[]) => void {
	let rows = new Map<string, Row<Item>>();
	return (items) => {
		const next = new Map<string, Row<Item>>();
		for (const item of items) {
			const key = keyOf(item);
			const row = rows.get(key) ?? createRow(item);
			row.update(item);
			next.set(key, row);
		}
		for (const [key, row] of rows) {
			if (!next.has(key)) {
				row.element.remove();
			}
		}
		rows = next;
		let place = parent.firstElementChild;
		for (const { element: each } of rows.values()) {
			if (each === place) {
				place = place.nextElementSibling;
			} else {
				parent.insertBefore(each, place);
			}
		}
	};
}
