// Owns what a run is given by the host that drives it: its ports, and the claim it begins with.

import type { Sequencer } from '../../base/async.ts';
import type { Logger } from '../../base/log.ts';
import type { Agent } from '../agent/agent.ts';
import type { Driver } from '../driver/driver.ts';
import type { OpenRunTools } from '../driver/jobTools.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import type { LandingTarget } from '../landing/landingTarget.ts';
import type { PolicyFile } from '../policy/policyFile.ts';
import type { Clock, FileSystem, Git, ProcessRunner } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';
import type { WorktreePool } from '../worktree/worktreePool.ts';
import type { HostBudget } from './hostBudget.ts';
import type { HostLedger } from './hostLedger.ts';
import type { ResumedWork } from './resumedWork.ts';
import type { EndingParts } from './runEnding.ts';
import type { RunSignsParts } from './runSigns.ts';

export interface HostRunParts
	extends Pick<RunSignsParts, 'resources'>, Pick<EndingParts, 'onUnusableAgent' | 'onAgentEnded'> {
	readonly ledger: HostLedger;
	readonly git: Git;
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
	readonly clock: Clock;
	readonly log: Logger;
	readonly settings: () => Settings;
	/** What agents may do when they ask. */
	readonly policy: Pick<PolicyFile, 'read'>;
	/** Absolute path of the workspace folder. */
	readonly workspaceFolder: string;
	readonly bounds: LandingBounds;
	/** Files of a worktree, as a place for a change; `folder` is its absolute path. */
	readonly worktreeTarget: (folder: string) => LandingTarget;
	/** At most one look at the files of a run in this time. */
	readonly radarMilliseconds?: number;
	/** One job at a time looks at or changes the open working tree as a whole: a snapshot never sees half a landing. */
	readonly workspaceQueue: Sequencer;
	readonly worktrees: Pick<WorktreePool, 'provide' | 'giveBack'>;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
	/** What is left of budgets. */
	readonly budget: HostBudget;
	/** This host does not lead any more. */
	readonly onFenced: () => void;
	/** Serves the tools of agents; without it they get none. */
	readonly openTools?: OpenRunTools | undefined;
}

export interface ClaimedRun {
	readonly run: Run;
	readonly task: Task;
	readonly agent: Agent;
	readonly driver: Driver;
	/** Absolute path the worktree gets. */
	readonly folder: string;
	/** What a dead host left of the attempt before, to go on with. */
	readonly resumed?: ResumedWork | undefined;
}
