// Owns which of several free agents gets a task: whoever had it before, else the first in runtime/agents.json, unless that one failed at
// this very task or another did clearly better at its type. Nobody is held back for being new. Pure; the reason says what decided.

import type { Agent } from '../agent/agent.ts';
import type { WorkRecord, WorkRecords } from '../figures/workRecord.ts';
import type { Task } from '../task/task.ts';

export interface ChosenAgent {
	readonly agent: Agent;
	/** Why this one, to be read after what put the task first. */
	readonly reason: string;
}

/** Fewer runs than this say nothing yet. */
const fewestRuns = 3;
/** So much better must another be, of 1. */
const clearly = 0.2;

const gotNowhere = ({ id }: Agent): string => `, and ${id} got nowhere with it before`;

export interface EarlierWork {
	/** Who had it last and gave it back. */
	readonly owner: string | undefined;
	/** From whom it was taken last because it drifted or idled. */
	readonly drifted?: string | undefined;
	readonly records: WorkRecords | undefined;
}

/** `able` in their order; undefined when it is empty. Without `records` nobody's past counts. */
export function chooseAgent(
	able: readonly Agent[],
	task: Task,
	{ owner, drifted, records }: EarlierWork,
): ChosenAgent | undefined {
	const had = able.find(({ id }) => id === owner);
	if (had !== undefined) {
		return { agent: had, reason: `${had.id} is free and had it before` };
	}
	const [first] = able;
	if (first === undefined) {
		return undefined;
	}
	const fresh = able.filter(({ id }) => id !== drifted);
	if (records === undefined) {
		const [next = first] = fresh;
		return { agent: next, reason: `${next.id} is free${next === first ? '' : gotNowhere(first)}` };
	}
	const others = fresh.filter(({ id }) => !records.hasFailed(id, task.task_id));
	const [other] = others;
	if (other === undefined) {
		return { agent: first, reason: `${first.id} is free` };
	}
	const better = proven(others, task.task_type, records);
	if (better !== undefined) {
		return better;
	}
	return {
		agent: other,
		reason: `${other.id} is free${other === first ? '' : first.id === drifted ? gotNowhere(first) : `, and ${first.id} failed at it before`}`,
	};
}

function proven([first, ...others]: readonly Agent[], type: string, records: WorkRecords): ChosenAgent | undefined {
	const usual = first === undefined ? undefined : records.at(first.id, type);
	if (first === undefined || usual === undefined || usual.ended < fewestRuns) {
		return undefined;
	}
	let best: { readonly agent: Agent; readonly record: WorkRecord } | undefined;
	for (const agent of others) {
		const record = records.at(agent.id, type);
		const bar = best === undefined ? share(usual) + clearly : share(best.record);
		if (record.ended >= fewestRuns && (best === undefined ? share(record) >= bar : share(record) > bar)) {
			best = { agent, record };
		}
	}
	return best === undefined
		? undefined
		: {
				agent: best.agent,
				reason: `${best.agent.id} was better at work of type ${type}: ${told(best.record)}, ${first.id} ${told(usual)} (dreamos.swarm.preferProven)`,
			};
}

const share = ({ completed, ended }: WorkRecord): number => completed / ended;
const told = ({ completed, ended }: WorkRecord): string => `${completed} of ${ended}`;
