// Owns what actions may ask of the machine about agents: which are installed, and trying one in a folder that is thrown away.

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { AgentDoor } from '../core/actions/agentDoor.ts';
import { lookForPresets } from '../core/agent/lookForPresets.ts';
import type { Driver, PermissionDoor } from '../core/driver/driver.ts';
import { agentPatience } from '../core/loop/runJob.ts';
import type { ProcessRunner } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';
import { newTask } from '../core/task/task.ts';

export interface AgentDoorParts {
	readonly folder: string;
	readonly processes: ProcessRunner;
	readonly drivers: (keys: AgentKeys) => ReadonlyMap<string, Driver>;
	readonly keys: () => Promise<AgentKeys>;
	readonly settings: () => Settings;
}

/** Longest time for one step of a check: the answer of a model to a short prompt. */
const stepMilliseconds = 90_000;

/**
 * An agent that is only tried is to change nothing, whatever the rules say. What it reads of its empty folder through us is not refused:
 * that is no question, and no answer to whether it asks.
 */
const allowsNothing: PermissionDoor = {
	mayRunCommands: false,
	waitedMilliseconds: () => 0,
	decide: ({ isServed, kinds }) =>
		Promise.resolve({
			isAllowed: isServed && kinds.every((kind) => kind === 'read'),
			why: 'a check of an agent changes nothing',
			isCancelled: false,
			isRemembered: false,
			data: {},
		}),
};

export function createAgentDoor({ folder, processes, drivers, keys, settings }: AgentDoorParts): AgentDoor {
	return {
		presets: (only) => lookForPresets(processes, folder, only),
		isSteerable: (driverId) => drivers({}).get(driverId)?.isSteerable === true,
		async check(agent, choices) {
			const driver = drivers(await keys()).get(agent.driver);
			const refusal = driver?.refusal(agent, newTask({ task_id: 'CHECK', name: 'check' }));
			if (driver?.check === undefined || refusal !== undefined) {
				throw new DreamError(
					'agent.noCheck',
					refusal ?? `${agent.id} is driven by "${agent.driver}", where there is nothing to try.`,
					{
						details: { agent_id: agent.id, driver: agent.driver },
					},
				);
			}
			const worktree = await realpath(await mkdtemp(join(tmpdir(), 'dreamos-check-')));
			const runId = `check-${randomText(12)}`;
			try {
				// Some agents read settings of the folders above one that is no repository.
				await processes.run({ command: { program: 'git', arguments: ['init', '--quiet'] }, folder: worktree });
				return await driver.check(
					{
						run_id: runId,
						task: newTask({ task_id: 'CHECK', name: `check ${agent.id}` }),
						agent,
						worktree,
						prompt: '',
						attempt: 1,
						timeoutMilliseconds: stepMilliseconds,
						permissions: allowsNothing,
						patience: agentPatience(agent, settings()),
					},
					choices,
				);
			} finally {
				await processes.endRun(runId).catch(() => undefined);
				await rm(worktree, { recursive: true, force: true, maxRetries: 3 });
			}
		},
	};
}
