// Owns how people steer what agents do at this moment: write to one, let a run stand still and go on, begin it anew, give an agent
// no new task. All of it is for people; the host follows what stands in the ledger.

import * as z from 'zod';
import { requireAgent } from '../agent/requireAgent.ts';
import { requireRun } from '../run/heldRun.ts';
import { pauseRun, requireSteerable, restartRun, resumeRun } from '../run/steerRun.ts';
import { queueMessage } from '../run/runMessages.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { byRun } from './runInput.ts';

const message = defineAction({
	id: 'run.message',
	title: 'Send Message to Agent',
	description:
		'Says something to the agent of a run: when its turn is over and before its work is checked, or at once, which cuts its turn short.',
	effect: 'danger',
	input: z.object({
		...byRun,
		text: z.string().trim().min(1, 'say something').max(20_000).describe('What the agent is told'),
		now: z.boolean().default(false).describe('Cut its turn short for it'),
	}),
	terminal: { positionals: ['run_id', 'text'], takesAllWords: true },
	run: (context, { run_id, text, now }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			requireSteerable(run, 'spoken to', context.agents.isSteerable(run.driver));
			return { run, message: await queueMessage(transaction, run, { text, now }) };
		}),
});

const pause = defineAction({
	id: 'run.pause',
	title: 'Pause Run',
	description:
		'Ends the turn of the agent of a run; the run keeps its task, its session and its worktree until it is resumed.',
	effect: 'danger',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			requireSteerable(run, 'paused', context.agents.isSteerable(run.driver));
			return { run: await pauseRun(transaction, run) };
		}),
});

const resume = defineAction({
	id: 'run.resume',
	title: 'Resume Run',
	description: 'Lets a paused run go on where it was.',
	effect: 'danger',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id }) =>
		context.ledger.write(context.actor, async (transaction) => ({
			run: await resumeRun(transaction, await requireRun(transaction, run_id)),
		})),
});

const restart = defineAction({
	id: 'run.restart',
	title: 'Restart Run',
	description:
		'Ends a run, which costs its task no attempt, and lets the task be begun anew; what it changed is kept under a rescue ref.',
	effect: 'danger',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { stored } = await restartRun(transaction, await requireRun(transaction, run_id));
			return { task: stored.task, run_id };
		}),
});

const byAgent = { agent_id: z.string().min(1).describe('Id of the agent') };

/** The one switch an agent has, also in runtime/agents.json: `enabled`. */
function enable(context: ActionContext, agentId: string, enabled: boolean) {
	return context.ledger.write(context.actor, async (transaction) => {
		const agent = await requireAgent(transaction, agentId);
		if (agent.enabled !== enabled) {
			await transaction.putAgent({ ...agent, enabled });
			await transaction.append({
				type: 'agent.changed',
				agent_id: agentId,
				message: enabled ? `${agentId} takes tasks again` : `${agentId} takes no new task`,
				data: { enabled },
			});
		}
		return { agent: { ...agent, enabled } };
	});
}

const pauseAgent = defineAction({
	id: 'agent.pause',
	title: 'Pause Agent',
	description: 'Gives an agent no new task (enabled: false in runtime/agents.json); what it works on goes on.',
	effect: 'danger',
	input: z.object(byAgent),
	terminal: { positionals: ['agent_id'] },
	run: (context, { agent_id }) => enable(context, agent_id, false),
});

const resumeAgent = defineAction({
	id: 'agent.resume',
	title: 'Resume Agent',
	description: 'Lets an agent take tasks again.',
	effect: 'danger',
	input: z.object(byAgent),
	terminal: { positionals: ['agent_id'] },
	run: (context, { agent_id }) => enable(context, agent_id, true),
});

export const steeringActions: readonly DefinedAction[] = [message, pause, resume, restart, pauseAgent, resumeAgent];
