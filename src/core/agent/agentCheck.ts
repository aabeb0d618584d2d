// Owns what came of checking an agent: one line for each thing that was tried. Kept as a fact of the ledger, beside the agent and
// not in its file, because it is about this machine.

import * as z from 'zod';
import { isJsonObject } from '../../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';

/** What is tried, in this order. */
export const checkSteps = [
	'containment',
	'start',
	'initialize',
	'session',
	'permission',
	'cancel',
	'resume',
	'usage',
	'mcp',
] as const;
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

const factKey = 'agents.checks';

/** What came of the last check of each agent; one that was written in another form counts as none. */
export async function readAgentChecks(reader: LedgerReader): Promise<ReadonlyMap<string, AgentCheck>> {
	const fact = await reader.fact(factKey);
	return new Map(
		Object.entries(isJsonObject(fact) ? fact : {}).flatMap(([id, value]) => {
			const parsed = checkSchema.safeParse(value);
			return parsed.success ? [[id, parsed.data] as const] : [];
		}),
	);
}

/** Keeps the result in place of the one before, and forgets those of agents that are no more. */
export async function keepAgentCheck(
	transaction: LedgerTransaction,
	agentId: string,
	check: AgentCheck,
): Promise<void> {
	const ids = new Set((await transaction.agents()).map(({ id }) => id));
	const others = [...(await readAgentChecks(transaction))].filter(([id]) => ids.has(id));
	await transaction.setFact(factKey, Object.fromEntries([...others, [agentId, check]]));
	const failed = check.steps.find(({ verdict }) => verdict === 'failed');
	await transaction.append({
		type: 'agent.checked',
		agent_id: agentId,
		message: `${agentId} was checked: ${failed === undefined ? 'it works' : `${failed.step} failed`}`,
		data: { is_usable: check.is_usable },
	});
}
