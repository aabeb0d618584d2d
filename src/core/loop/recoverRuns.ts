// Owns what a host does before it works: it ends what a dead host left running, keeps the work, gives the tasks back, and clears
// away what belongs to nobody. Runs that wait for review or landing need no process and stay as they are.

import type { Logger } from '../../base/log.ts';
import { describeError } from '../../base/errors.ts';
import { sharedPlace } from '../driver/sharedPlace.ts';
import { reclaimReferences } from '../landing/runReferences.ts';
import type { FileSystem, Git, ProcessRunner } from '../ports.ts';
import type { Run, RunState } from '../run/run.ts';
import { drivenStates } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { endFailedAttempt, parkRun } from './attempts.ts';
import type { HostLedger } from './hostLedger.ts';
import { isArrivalsName, isRunName, nameOfFolder } from '../worktree/worktreeNames.ts';
import { lastRunIn, removeWorktree, rescueWorktree, workOf } from './runWorktree.ts';

export interface RecoveryParts {
	readonly ledger: HostLedger;
	readonly git: Git;
	readonly files: Pick<FileSystem, 'list' | 'stat' | 'join' | 'remove'>;
	readonly processes: Pick<ProcessRunner, 'endTree' | 'endRun'>;
	readonly log: Logger;
	readonly settings: () => Settings;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
}

const openStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'review', 'landing'];

/** An agent's change that waits to be looked at or to land: its host had given the folder up, whether or not it got to removing it. */
const isKeptByReference = ({ host_id: host, state, worktree, result_commit: result }: Run): boolean =>
	host !== null && (state === 'review' || state === 'landing') && worktree === null && result !== null;

/** Recovers from whatever an earlier host left. Returns how many runs were lost. */
export async function recoverRuns(parts: RecoveryParts): Promise<number> {
	const open = await parts.ledger.read((reader) => reader.runs({ state: openStates }));
	const left = open.filter(
		(run) => run.host_id !== null && run.host_id !== parts.ledger.hostId && drivenStates.includes(run.state),
	);
	const lost = left.filter(({ pause }) => pause === null);
	await endShared(parts);
	await Promise.all(lost.map((run) => recoverRun(parts, run)));
	await Promise.all(left.filter(({ pause }) => pause !== null).map((run) => keepPaused(parts, run)));
	// A run that went on with the work of an earlier one has that one's folder.
	const owned = new Set(
		open
			.filter((run) => !lost.includes(run) && !isKeptByReference(run))
			.flatMap(({ run_id, worktree }) => [run_id, nameOfFolder(worktree ?? run_id)]),
	);
	await sweepWorktrees(parts, owned);
	await reclaimReferences(parts.git, parts.ledger.read).catch((error: unknown) =>
		parts.log.warn(`References of earlier runs were not cleared away: ${describeError(error)}`),
	);
	return lost.length;
}

/** A paused run goes on one day; only its processes are of no more use. */
async function keepPaused(parts: RecoveryParts, run: Run): Promise<void> {
	await endProcesses(parts, run);
	if (run.worktree !== null && run.base_commit === null) {
		// Paused before it could begin: it begins later.
		await removeWorktree(parts, run.worktree);
	}
	await parts.ledger.persist(async (transaction) => {
		const current = await transaction.run(run.run_id);
		if (current !== undefined && drivenStates.includes(current.state)) {
			await parkRun(transaction, current);
		}
	});
	parts.log.info(`${run.run_id} (${run.task_id}) is paused and stays so.`);
}

async function endProcesses({ processes, log }: RecoveryParts, run: Run): Promise<void> {
	const tellSurvivors = (error: unknown) => log.error(`Processes of ${run.run_id} are still there.`, error);
	if (run.pid !== null) {
		await processes.endTree({ pid: run.pid, started: run.pid_started ?? '' }).catch(tellSurvivors);
	}
	// The host may have died before it wrote down what it had started last.
	await processes.endRun(run.run_id).catch(tellSurvivors);
}

/** A process that served several runs may have outlived all of them: it is found by the workspace's mark. */
async function endShared({ processes, worktreesFolder, log }: RecoveryParts): Promise<void> {
	await processes
		.endRun(sharedPlace(worktreesFolder).mark)
		.catch((error: unknown) => log.error('Processes of earlier runs are still there.', error));
}

async function recoverRun(parts: RecoveryParts, run: Run): Promise<void> {
	const { ledger, log } = parts;
	await endProcesses(parts, run);
	if (run.worktree !== null) {
		if (await rescueWorktree(parts, workOf(run.run_id, run.worktree, run))) {
			await removeWorktree(parts, run.worktree);
		}
	}
	const reason = `its swarm host (${run.host_id ?? 'unknown'}) ended without warning`;
	await ledger.persist(async (transaction) => {
		const current = await transaction.run(run.run_id);
		if (current === undefined || !drivenStates.includes(current.state)) {
			return;
		}
		await transaction.append({
			type: 'run.recovered',
			task_id: run.task_id,
			run_id: run.run_id,
			agent_id: run.worker,
			message: `${run.run_id} of ${run.worker} was cleaned up: ${reason}`,
			data: { state: run.state, host: run.host_id },
		});
		await endFailedAttempt(transaction, current, {
			state: 'lost',
			reason,
			maxAttempts: parts.settings()['tasks.maxAttempts'],
			isFinal: false,
		});
	});
	log.info(`Recovered ${run.run_id} (${run.task_id}, ${run.state}).`);
}

/** Removes worktrees that no open run owns (their host died between the verdict and the clean-up), and what was on its way into one. */
async function sweepWorktrees(parts: RecoveryParts, owned: ReadonlySet<string>): Promise<void> {
	const { git, files, worktreesFolder, ledger, log } = parts;
	const known = await git.listWorktrees().catch((error: unknown) => {
		log.warn(`What git knows of earlier worktrees was not looked at: ${describeError(error)}`);
		return [];
	});
	const registered = known
		.map(({ folder }) => nameOfFolder(folder))
		.filter((name) => known.some(({ folder }) => folder === files.join(worktreesFolder, name)));
	for (const name of new Set([...(await files.list(worktreesFolder)), ...registered])) {
		const folder = files.join(worktreesFolder, name);
		if (isArrivalsName(name)) {
			await files
				.remove(folder)
				.catch((error: unknown) => log.warn(`${folder} was not removed: ${describeError(error)}`));
		}
		if (!isRunName(name) || owned.has(name)) {
			continue;
		}
		const run = await ledger.read((reader) => lastRunIn(reader, folder));
		const isKept = run !== undefined && isKeptByReference(run);
		if (isKept || (await rescueWorktree(parts, workOf(run?.run_id ?? name, folder, run)))) {
			await removeWorktree(parts, folder);
		}
	}
}
