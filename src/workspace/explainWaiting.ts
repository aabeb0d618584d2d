// Owns the answer to "why is it waiting?" for programs that do not schedule: the host's own decision function, asked with the facts
// of this moment.

import type { Driver } from '../core/driver/driver.ts';
import type { Ledger } from '../core/ledger.ts';
import { readHeldAgents } from '../core/loop/heldAgents.ts';
import { whyWaiting } from '../core/loop/schedule.ts';
import { isOpenRun, runStates } from '../core/run/run.ts';
import { LiveTasks } from '../core/task/liveTasks.ts';
import type { Settings } from '../core/settings.ts';
import { readSwarmFact } from '../core/swarmFacts.ts';

/** Why nobody works on a task, as a phrase; null when somebody does, when it is over, or when it is about to start. */
export function explainWaiting(
	ledger: Ledger,
	settings: Settings,
	drivers: ReadonlyMap<string, Driver>,
	taskId: string,
): Promise<string | null> {
	return ledger.read(async (reader) => {
		const tasks = new LiveTasks();
		await tasks.refresh(reader);
		const reason = whyWaiting(
			{
				tasks: tasks.all,
				agents: await reader.agents(),
				openRuns: await reader.runs({ state: runStates.filter(isOpenRun) }),
				settings,
				drivers,
				held: await readHeldAgents(reader),
				shouldRun: (await readSwarmFact(reader))?.should_run ?? false,
			},
			taskId,
		);
		return reason ?? null;
	});
}
