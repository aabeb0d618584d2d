// Owns how answers about steering read for a person.

import type { Agent } from '../core/agent/agent.ts';
import type { Run } from '../core/run/run.ts';
import type { RunMessage } from '../core/run/runMessages.ts';
import type { Output } from './output.ts';

export function sentMessage(
	{ run, message }: { readonly run: Run; readonly message: RunMessage },
	output: Output,
): void {
	output.say(
		message.now
			? `${run.worker} is told now; its turn is cut short.`
			: `${run.worker} is told when its turn is over, before its work is checked.`,
	);
}

export function pausedRun({ run }: { readonly run: Run }, output: Output): void {
	output.say(
		`${run.run_id} of ${run.worker} is paused; it keeps ${run.task_id}. dreamos run resume ${run.run_id} lets it go on.`,
	);
}

export function resumedRun({ run }: { readonly run: Run }, output: Output): void {
	output.say(`${run.run_id} of ${run.worker} goes on.`);
}

export function pausedAgent({ agent }: { readonly agent: Agent }, output: Output): void {
	output.say(`${agent.id} takes no new task; dreamos agent resume ${agent.id} lets it take some again.`);
}

export function resumedAgent({ agent }: { readonly agent: Agent }, output: Output): void {
	output.say(`${agent.id} takes tasks again.`);
}
