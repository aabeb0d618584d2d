// Owns what came of checking an agent: one line for each thing that was tried. Kept as a fact of the ledger, beside the agent and
// not in its file, because it is about this machine.

import * as z from 'zod';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';

/** What is tried, in this order. */
export const checkSteps = ['start', 'initialize', 'session', 'permission', 'cancel', 'resume', 'usage', 'mcp'] as const;
export type CheckStep = (typeof checkSteps)[number];

/** `odd` works, but not as one would wish; `skipped` was not tried, because something before it failed or nobody wanted it. */
const verdicts = ['passed', 'odd', 'failed', 'skipped'] as const;

const checkSchema = z.object({
	at: z.string(),
	/** Whether tasks can be given to it. */
	is_usable: z.boolean(),
	/** What the agent calls itself, with its version; empty when it did not come that far. */
	agent: z.string(),
	steps: z.array(
		z.object({
			step: z.enum(checkSteps),
			verdict: z.enum(verdicts),
			text: z.string(),
			milliseconds: z.number(),
		}),
	),
	/** Ways to log in, when that is what is missing; `command` is to be run in a terminal. */
	login: z.array(z.object({ name: z.string(), command: z.array(z.string()).nullable() })),
});
export type AgentCheck = z.infer<typeof checkSchema>;
export type CheckedStep = AgentCheck['steps'][number];
export type LoginWay = AgentCheck['login'][number];

const factKey = (agentId: string): string => `agent.check:${agentId}`;

/** What came of the last check of an agent; undefined when it never was, or not by a program that wrote it like this. */
export async function readAgentCheck(reader: LedgerReader, agentId: string): Promise<AgentCheck | undefined> {
	const parsed = checkSchema.safeParse(await reader.fact(factKey(agentId)));
	return parsed.success ? parsed.data : undefined;
}

/** Keeps the result in place of the one before. */
export async function keepAgentCheck(
	transaction: LedgerTransaction,
	agentId: string,
	check: AgentCheck,
): Promise<void> {
	await transaction.setFact(factKey(agentId), check);
	const failed = check.steps.find(({ verdict }) => verdict === 'failed');
	await transaction.append({
		type: 'agent.checked',
		agent_id: agentId,
		message: `${agentId} was checked: ${failed === undefined ? 'it works' : `${failed.step} failed`}`,
		data: { is_usable: check.is_usable },
	});
}

/** One line a person reads of a whole check. */
export function describeCheck(check: AgentCheck): string {
	const failed = check.steps.find(({ verdict }) => verdict === 'failed');
	const odd = check.steps.filter(({ verdict }) => verdict === 'odd').map(({ step }) => step);
	const what =
		failed !== undefined
			? `${failed.step} failed: ${failed.text}`
			: odd.length === 0
				? 'all in order'
				: `works; look at ${odd.join(', ')}`;
	return [check.agent, what].filter(Boolean).join(': ');
}
