// Owns what one process asks of another that holds the lock, and what it is told: claims and their outcomes as text.

import * as z from 'zod';
import { DreamError } from '../base/errors.ts';
import { parseJsonOrUndefined } from '../base/json.ts';
import type { Actor } from '../core/actor.ts';
import type { ClaimRequest, Claimed } from '../core/task/advanceTask.ts';

export interface ClaimOrder {
	readonly actor: Actor;
	/** The id of its run tells later whether it was served: one order opens one run, however often it is tried. */
	readonly request: ClaimRequest & { readonly runId: string };
	/** It was left for others before: one of them may have served it already. */
	readonly mayBeServed: boolean;
}

export type ClaimOutcome = { readonly granted: Claimed } | { readonly refused: DreamError };

const ordersSchema = z.array(
	z.object({
		actor: z.object({ kind: z.enum(['human', 'agent', 'host', 'file', 'cli', 'mcp', 'system']), id: z.string() }),
		request: z.object({
			taskId: z.string(),
			worker: z.string(),
			driver: z.string(),
			hostId: z.string().nullable(),
			now: z.number(),
			reason: z.string().exactOptional(),
			isAgent: z.boolean().exactOptional(),
			runId: z.string(),
		}),
		mayBeServed: z.boolean(),
	}),
);

export const writeOrders = (orders: readonly ClaimOrder[]): string => JSON.stringify(orders);

/** undefined when the text is not a list of orders. */
export function readOrders(text: string): readonly ClaimOrder[] | undefined {
	return ordersSchema.safeParse(parseJsonOrUndefined(text)).data;
}

export function writeOutcomes(outcomes: readonly ClaimOutcome[]): string {
	return JSON.stringify(
		outcomes.map((outcome) => {
			if ('granted' in outcome) {
				return outcome;
			}
			const { code, message, details, advice } = outcome.refused;
			return { refused: { code, message, details, advice } };
		}),
	);
}

/** Outcomes as the ledger of another process wrote them. */
export function readOutcomes(text: string): readonly ClaimOutcome[] {
	type Written = { granted: Claimed } | { refused: Pick<DreamError, 'code' | 'message' | 'details' | 'advice'> };
	return (JSON.parse(text) as Written[]).map((outcome) => {
		if ('granted' in outcome) {
			return outcome;
		}
		const { code, message, details, advice } = outcome.refused;
		return { refused: new DreamError(code, message, { details, ...(advice === undefined ? {} : { advice }) }) };
	});
}
