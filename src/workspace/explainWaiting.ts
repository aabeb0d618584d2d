// Owns the answer to "why is it waiting?" for programs that do not schedule: the host's own decision function, asked with the facts
// of this moment.

import { createBudgetCheck } from '../core/budget/budget.ts';
import { LiveUsage } from '../core/budget/liveUsage.ts';
import type { Driver } from '../core/driver/driver.ts';
import type { Ledger, LedgerReader } from '../core/ledger.ts';
import { explainTask } from '../core/loop/explainTask.ts';
import { readHeldAgents } from '../core/loop/heldAgents.ts';
import { readMachineRefusal } from '../core/loop/machineRoom.ts';
import { readDrifted, readOwners } from '../core/loop/readOwners.ts';
import { readWorkRecords } from '../core/loop/readWorkRecords.ts';
import { whyWaiting } from '../core/loop/schedule.ts';
import { readOfferedModels } from '../core/models/offeredModels.ts';
import { byTask, readApprovedStarts, readStartQuestions } from '../core/question/startConsent.ts';
import type { PolicyFile } from '../core/policy/policyFile.ts';
import { readAsking } from '../core/question/readAsking.ts';
import { isOpenRun, runStates } from '../core/run/run.ts';
import { LiveTasks, plainTasks } from '../core/task/liveTasks.ts';
import type { Settings } from '../core/settings.ts';
import { readSwarmFact } from '../core/swarmFacts.ts';
import { isSplittable, readSplitProposal } from '../core/task/splitTask.ts';
import type { Task } from '../core/task/task.ts';
import { requireTask } from '../core/task/moveTask.ts';
import { systemClock } from '../node/systemClock.ts';

/** Events among which the last move of a task is looked for. */
const looked = 200;

export interface ExplainParts {
	readonly ledger: Ledger;
	readonly settings: Settings;
	readonly drivers: ReadonlyMap<string, Driver>;
	readonly policy: Pick<PolicyFile, 'read'>;
}

/** Why nobody works on a task, as a phrase; null when somebody does, when it is over, or when it is about to start. */
export function explainWaiting(parts: ExplainParts, taskId: string): Promise<string | null> {
	return parts.ledger.read(async (reader) => whyWaiting(await factsOf(reader, parts, taskId), taskId) ?? null);
}

/** The same for any task in any status, as a sentence. Fails with `task.unknown`. */
export function explainAnyTask(parts: ExplainParts, taskId: string): Promise<string> {
	return parts.ledger.read(async (reader) => {
		const stored = await requireTask(reader, taskId);
		const history = await reader.events({ task_id: taskId, newestFirst: true, limit: looked });
		const lastMove = history.find(({ type }) => type === 'task.moved');
		const said = explainTask({ ...(await factsOf(reader, parts, taskId)), lastMove }, stored);
		return `${said}${await splitHint(reader, stored.task)}`;
	});
}

/** Where a task nobody works on looks too big, that it can be split. */
async function splitHint(reader: LedgerReader, { task_id, status }: Task): Promise<string> {
	if (!isSplittable(status)) {
		return '';
	}
	const { reasons, parts } = await readSplitProposal(reader, task_id);
	return reasons.length === 0 || parts.length === 0
		? ''
		: ` It looks too big (${reasons.join('; ')}); Split Task offers ${parts.length} parts.`;
}

async function factsOf(reader: LedgerReader, { settings, drivers, policy }: ExplainParts, taskId: string) {
	const tasks = new LiveTasks(plainTasks);
	await tasks.refresh(reader);
	await tasks.include(reader, [taskId]);
	const used = new LiveUsage();
	await used.refresh(reader);
	const fact = await readSwarmFact(reader);
	const agents = await reader.agents();
	return {
		tasks: tasks.all,
		agents,
		records: await readWorkRecords(reader, agents),
		openRuns: await reader.runs({ state: runStates.filter(isOpenRun) }),
		settings,
		drivers,
		policy: await policy.read(),
		held: await readHeldAgents(reader),
		machine: await readMachineRefusal(reader),
		models: await readOfferedModels(reader, systemClock.now()),
		asking: await readAsking(reader),
		owners: await readOwners(reader, tasks.all),
		drifted: await readDrifted(reader, tasks.all),
		budget: createBudgetCheck({ settings, used, now: systemClock.now() }),
		approved: await readApprovedStarts(reader),
		startQuestions: byTask(await readStartQuestions(reader)),
		shouldRun: fact?.should_run ?? false,
		mode: fact?.mode ?? 'work',
	};
}
