// Owns how a person reads which model an agent wants.

import type { ModelWish } from './modelSelector.ts';

/** What is wanted, as a person reads it. */
export function describeWish(wish: ModelWish | undefined): string {
	if (typeof wish === 'string' && wish.trim() !== '') {
		return wish.trim();
	}
	const parts = typeof wish === 'object' ? [wish.vendor, wish.family, wish.id, wish.version] : [];
	const named = parts.filter((part) => part !== undefined);
	return named.length === 0 ? 'any model' : named.join('/');
}
