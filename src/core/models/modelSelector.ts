// Owns how an agent names the model it wants, and whether one that is offered is meant. It names none: any will do.

import * as z from 'zod';
import type { OfferedModel } from './languageModel.ts';

export const modelSelectorSchema = z
	.strictObject({
		vendor: z.string().min(1).optional().describe('Who offers it, such as copilot'),
		family: z.string().min(1).optional().describe('Such as gpt-5'),
		id: z.string().min(1).optional(),
		version: z.string().min(1).optional(),
	})
	.describe('A language model of the editor; what is left out may be any');
export type ModelSelector = z.infer<typeof modelSelectorSchema>;

/** What an agent's `model` may be: `vendor/name` or `name` alone, where a name is an id or a family; or a selector. */
export type ModelWish = string | ModelSelector;

function parseWish(wish: ModelWish | undefined): { readonly selector: ModelSelector; readonly name?: string } {
	if (typeof wish !== 'string') {
		return { selector: wish ?? {} };
	}
	const slash = wish.indexOf('/');
	const vendor = wish.slice(0, Math.max(0, slash)).trim();
	const name = wish.slice(slash + 1).trim();
	return { selector: vendor === '' ? {} : { vendor }, ...(name === '' ? {} : { name }) };
}

/** Offered models that are meant, in the order in which they are offered. */
export function matchingModels<Model extends Pick<OfferedModel, 'vendor' | 'family' | 'id' | 'version'>>(
	offered: readonly Model[],
	wish: ModelWish | undefined,
): readonly Model[] {
	const { selector, name } = parseWish(wish);
	const { vendor, family, id, version } = selector;
	return offered.filter(
		(each) =>
			(vendor === undefined || vendor === each.vendor) &&
			(family === undefined || family === each.family) &&
			(id === undefined || id === each.id) &&
			(version === undefined || version === each.version) &&
			(name === undefined || name === each.id || name === each.family),
	);
}
