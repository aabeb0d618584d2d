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

/** Strict: what another version of us asks beside this would not be done. */
const ordersSchema = z.array(
	z.strictObject({
		actor: z.strictObject({
			kind: z.enum(['human', 'agent', 'host', 'file', 'cli', 'mcp', 'system']),
			id: z.string(),
		}),
		request: z.strictObject({
			taskId: z.string(),
			worker: z.string(),
			driver: z.string(),
			hostId: z.string().nullable(),
			now: z.number(),
			reason: z.string().exactOptional(),
			isAgent: z.boolean().exactOptional(),
			runId: z.string(),
		}),
	}),
);

/** What is looked at before an answer is believed; the rest is as the ledger of another process wrote it. */
const outcomesSchema = z.array(
	z.union([
		z.object({ granted: z.object({ stored: z.looseObject({}), run: z.looseObject({ run_id: z.string() }) }) }),
		z.object({
			refused: z.object({
				code: z.templateLiteral([z.string(), '.', z.string()]),
				message: z.string(),
				details: z.record(z.string(), z.unknown()),
				advice: z.string().exactOptional(),
			}),
		}),
	]),
);

export const writeOrders = (orders: readonly ClaimOrder[]): string =>
	JSON.stringify(orders.map(({ actor, request }) => ({ actor, request })));

/** Orders of another process, which may have been served before; undefined when the text is not a list of orders. */
export function readOrders(text: string): readonly ClaimOrder[] | undefined {
	return ordersSchema.safeParse(parseJsonOrUndefined(text)).data?.map((order) => ({ ...order, mayBeServed: true }));
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

/** Outcomes as the ledger of another process wrote them; undefined when they are not those of these orders. */
export function readOutcomes(text: string, orders: readonly ClaimOrder[]): readonly ClaimOutcome[] | undefined {
	const read = outcomesSchema.safeParse(parseJsonOrUndefined(text)).data?.map((outcome, index) => {
		if ('granted' in outcome) {
			const isOurs = outcome.granted.run.run_id === orders[index]?.request.runId;
			return isOurs ? { granted: outcome.granted as unknown as Claimed } : undefined;
		}
		const { code, message, ...more } = outcome.refused;
		return { refused: new DreamError(code, message, more) };
	});
	const outcomes = read?.filter((outcome) => outcome !== undefined);
	return outcomes?.length === orders.length && read?.length === orders.length ? outcomes : undefined;
}
