// Owns one landing from command to verdict: check the fence, plan, apply, and in one transaction finish command, run and task.
// Cut short anywhere, it can be done again and ends the same.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import { countOf } from '../../base/words.ts';
import type { Actor } from '../actor.ts';
import type { Command, Ledger, LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { BlockReasonKind, StoredTask } from '../task/task.ts';
import { applyChange } from './applyChange.ts';
import { forgetOldRecords, keepRecord, readRecord } from './landedRecord.ts';
import type { LandingBounds } from './landingPath.ts';
import type { BranchGit } from './landOnBranch.ts';
import { landOnBranch } from './landOnBranch.ts';
import type { LandingTarget } from './landingTarget.ts';
import type { LandingConflict } from './planLanding.ts';
import { restoreTorn } from './restoreTorn.ts';
import { describeBothSides, mayReturn, returnConflict } from './returnConflict.ts';
import { describeConflicts } from './planLanding.ts';
import { forgetReferences, rescueCommit, rescueReference } from './runReferences.ts';

export interface LandingParts {
	readonly git: BranchGit & Pick<Git, 'snapshot' | 'listReferences' | 'setReference'>;
	readonly target: LandingTarget;
	readonly bounds: LandingBounds;
	readonly log: Logger;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
	/** Asks the guards of completing a task before its change lands: what has landed is done. Rejects with `task.guardRefused`. */
	readonly assertComplete?: (taskId: string) => Promise<void>;
	/** How often a conflict goes back to its agent before a person is asked; never when left out. */
	readonly conflictRetries?: () => number;
	/** A ledger write in the name of whoever lands. */
	readonly write: <T>(work: (transaction: LedgerTransaction) => Promise<T>) => Promise<T>;
}

/** What a landing asks before it begins, where the ledger has guards. */
export function landingGuard(ledger: Ledger, actor: Actor): Pick<LandingParts, 'assertComplete'> {
	return { assertComplete: async (taskId) => ledger.assertMove?.(actor, taskId, 'complete') };
}

type Verdict =
	| { readonly kind: 'landed'; readonly changes: readonly ChangedFile[]; readonly branch?: string }
	| {
			readonly kind: 'refused';
			readonly reason: BlockReasonKind;
			readonly text: string;
			readonly files: readonly string[];
			/** Of a conflict: the lines of both sides. */
			readonly bothSides?: string;
	  };

/** Lands the run a taken command names. Rejects only when the ledger cannot be read or written; then the command stays taken. */
export async function landRun(parts: LandingParts, command: Command): Promise<void> {
	const run = await findRun(parts, command);
	if (run === undefined) {
		await refuseStale(parts, command);
		return;
	}
	const verdict = await (command.data['to'] === 'branch' ? putOnBranch(parts, run) : apply(parts, run)).catch(
		(error: unknown): Verdict => ({
			kind: 'refused',
			reason: 'needs_input',
			text: describeError(error),
			files: [],
		}),
	);
	if (verdict.kind === 'refused' && run.result_commit !== null) {
		await rescueCommit(parts.git, run.run_id, run.result_commit).catch((error: unknown) =>
			parts.log.error(`The change of ${run.run_id} could not be kept under a rescue reference.`, error),
		);
	}
	try {
		await parts.write((transaction) =>
			conclude(transaction, command, run, verdict, parts.conflictRetries?.() ?? 0),
		);
	} catch (error) {
		if (!isDreamError(error, 'run.fenced') && !isDreamError(error, 'task.illegalMove')) {
			throw error;
		}
		await refuseStale(parts, command);
		return;
	}
	if (verdict.kind === 'landed') {
		await forget(parts, run);
	}
}

/** The run of a command while it still holds its task and waits to land. */
async function findRun(parts: LandingParts, { data }: Command): Promise<Run | undefined> {
	const { run_id: runId, epoch } = data;
	if (typeof runId !== 'string') {
		return undefined;
	}
	return parts.read(async (reader) => {
		const run = await reader.run(runId);
		const stored = run === undefined ? undefined : await reader.task(run.task_id);
		const isCurrent =
			run?.state === 'landing' && run.epoch === epoch && stored?.run_id === runId && stored.epoch === epoch;
		return isCurrent ? run : undefined;
	});
}

async function apply(parts: LandingParts, run: Run): Promise<Verdict> {
	const { base_commit: base, result_commit: result, run_id: runId } = run;
	if (base === null || result === null) {
		throw new DreamError('landing.nothing', `${runId} has no change to land.`);
	}
	await parts.assertComplete?.(run.task_id);
	const label = `Dream.OS: ${run.task_id}`;
	const earlier = await readRecord(parts.git, runId);
	if (earlier !== undefined) {
		await restoreTorn(parts.git, parts.target, earlier, label);
	}
	const applied = await applyChange(parts, {
		base,
		result,
		label,
		onPlanned: async (operations) => {
			if (operations.length > 0) {
				await keepRecord(parts.git, runId, base, operations, earlier);
			}
		},
	});
	return applied.kind === 'applied'
		? { kind: 'landed', changes: applied.changes }
		: refusal(applied.conflicts, runId);
}

async function putOnBranch(parts: LandingParts, run: Run): Promise<Verdict> {
	await parts.assertComplete?.(run.task_id);
	const { task } = await parts.read((reader) => requireTask(reader, run.task_id));
	const verdict = await landOnBranch(parts.git, { task, run, bounds: parts.bounds });
	return verdict.kind === 'conflicts'
		? refusal(verdict.conflicts, run.run_id, 'the last commit without what is not committed here')
		: { kind: 'landed', changes: verdict.changes, branch: verdict.branch };
}

function refusal(conflicts: readonly LandingConflict[], runId: string, place = 'the open workspace'): Verdict {
	return {
		kind: 'refused',
		reason: 'conflict',
		text: `the change does not fit ${place}: ${describeConflicts(conflicts)}; it is kept at ${rescueReference(runId)}, and unblocking the task has it done again on what is there now`,
		files: conflicts.map(({ path }) => path),
		bothSides: describeBothSides(conflicts),
	};
}

async function conclude(
	transaction: LedgerTransaction,
	command: Command,
	run: Run,
	verdict: Verdict,
	retries: number,
): Promise<void> {
	const token = { run_id: run.run_id, epoch: run.epoch };
	const stored = await requireTask(transaction, run.task_id);
	if (verdict.kind === 'refused') {
		await transaction.append({
			type: 'landing.refused',
			task_id: run.task_id,
			run_id: run.run_id,
			message: `the change of ${run.run_id} did not land: ${verdict.text}`,
			data: { files: [...verdict.files] },
		});
		await transaction.finishCommand(command.command_id, 'failed', {
			reason: verdict.text,
			files: [...verdict.files],
		});
		if (verdict.bothSides !== undefined && (await mayReturn(transaction, run, retries))) {
			await returnConflict(transaction, run, { ...verdict, bothSides: verdict.bothSides });
			return;
		}
		await advanceTask(transaction, {
			taskId: run.task_id,
			move: 'block',
			reason: verdict.text,
			token,
			patch: {
				block_reason: { kind: verdict.reason, text: verdict.text },
				result: resultOf(stored, run, run.files),
			},
		});
		return;
	}
	const files = verdict.changes.map(({ path }) => path);
	const onBranch: JsonObject = verdict.branch === undefined ? {} : { branch: verdict.branch };
	await transaction.append({
		type: 'landing.finished',
		task_id: run.task_id,
		run_id: run.run_id,
		message: `the change of ${run.run_id} landed${verdict.branch === undefined ? '' : ` on the branch ${verdict.branch}`}: ${countOf(files.length, 'file')}`,
		data: { files, ...onBranch },
	});
	await transaction.finishCommand(command.command_id, 'done', { files, ...onBranch });
	await advanceTask(transaction, {
		taskId: run.task_id,
		move: 'complete',
		isUnguarded: true,
		token,
		patch: { result: { ...resultOf(stored, run, files), ...onBranch } },
		runPatch: { files },
	});
}

function resultOf({ task }: StoredTask, run: Run, files: readonly string[]): NonNullable<StoredTask['task']['result']> {
	return {
		...task.result,
		...(run.result_commit === null ? {} : { commit: run.result_commit }),
		files: [...files],
		gates: [...run.gates],
	};
}

/** The run lost its task meanwhile: whatever was decided elsewhere stands. */
async function refuseStale(parts: LandingParts, command: Command): Promise<void> {
	const { run_id: runId } = command.data;
	await parts.write(async (transaction) => {
		const run = typeof runId === 'string' ? await transaction.run(runId) : undefined;
		const reason =
			run === undefined ? 'there is no such run' : `the run is ${run.state} and no longer waits to land`;
		await transaction.finishCommand(command.command_id, 'failed', { reason });
		await transaction.append({
			type: 'run.fenced',
			...(run === undefined ? {} : { task_id: run.task_id, run_id: run.run_id }),
			message: `a landing was refused: ${reason}`,
			data: { command: command.command_id },
		});
	});
}

/** Nothing hangs on this: what is left is reclaimed when a host starts. */
async function forget(parts: LandingParts, run: Run): Promise<void> {
	try {
		const runs = await parts.read((reader) => reader.runs({ task_id: run.task_id }));
		await forgetReferences(parts.git, parts.read, runs);
		await forgetOldRecords(parts.git);
	} catch (error) {
		parts.log.warn(`References of ${run.task_id} were not removed: ${describeError(error)}`);
	}
}
