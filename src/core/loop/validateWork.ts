// Owns what happens between an agent's last word and the verdict: its change becomes a commit that nobody can lose, and the gates run
// on it.

import { readUsage, resultOfUsage } from '../budget/usage.ts';
import { judgeClaims } from '../gate/claims.ts';
import { acceptancePoints } from '../gate/gatePlan.ts';
import type { Contradiction } from '../gate/readClaims.ts';
import { contradictedClaims } from '../gate/readClaims.ts';
import { recordClaims } from '../gate/recordClaims.ts';
import { recordAltered, recordGate } from '../gate/recordGate.ts';
import { readVerdict, reviewedRun } from '../gate/agentReview.ts';
import type { ProofParts } from '../gate/proveWork.ts';
import { proveWork } from '../gate/proveWork.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import { runReference } from '../landing/runReferences.ts';
import type { Git, ProcessIdentity } from '../ports.ts';
import { finishedClaims } from '../run/finishRun.ts';
import type { Run, RunToken } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { Task } from '../task/task.ts';
import type { HostLedger } from './hostLedger.ts';
import type { RunEnding } from './runEnding.ts';
import { gateEnvironment } from './runJob.ts';

export interface ValidateParts extends Omit<ProofParts, 'settings' | 'ledger'> {
	readonly ledger: HostLedger;
	readonly git: ProofParts['git'] & Pick<Git, 'setReference'>;
	readonly settings: () => Settings;
}

export interface WorkToValidate {
	readonly run: Run;
	readonly task: Task;
	/** Absolute paths: the worktree, and the workspace's place in it. */
	readonly folder: string;
	readonly workFolder: string;
	readonly base: string;
	readonly summary: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	/** The change is kept under this commit. */
	readonly onResult: (commit: string) => void;
	readonly onProcess: (process: ProcessIdentity) => void;
}

const summaryLimit = 8000;

/** Rejects when the run is stopped. */
export async function validateWork(parts: ValidateParts, work: WorkToValidate): Promise<RunEnding> {
	const { ledger, git, settings } = parts;
	const { run, folder, workFolder, base, signal } = work;
	const token: RunToken = { run_id: run.run_id, epoch: run.epoch };
	const result = await git.commitWorktree(folder, base, `Dream.OS: result of ${run.run_id} (${run.task_id})`);
	const judged = await ledger.read((reader) => reviewedRun(reader, run.task_id));
	// What a reviewer changes is thrown away.
	const changes = result === base || judged !== undefined ? [] : await git.changes(base, result, excludedPaths);
	if (changes.length > 0) {
		await git.setReference(runReference(run.run_id), result);
		work.onResult(result);
	}
	const files = changes.map(({ path }) => path);
	const text = work.summary.trim().slice(0, summaryLimit);
	await ledger.persist(async (transaction) => {
		const { usage } = await readUsage(transaction, { task_id: run.task_id });
		await advanceTask(transaction, {
			taskId: run.task_id,
			move: 'validate',
			token,
			patch: { result: { summary: text, commit: result, files, ...resultOfUsage(usage) } },
			runPatch: { result_commit: result, files },
		});
	});
	if (judged !== undefined) {
		return judgeOther(judged, work.summary);
	}
	const {
		gates: proved,
		failure,
		code,
		altered,
	} = await proveWork(
		{ ...parts, settings: settings() },
		{
			...work,
			result,
			changes,
			environment: { ...work.environment, ...gateEnvironment(run, workFolder) },
			onGate: (all, gate) => ledger.persist((transaction) => recordGate(transaction, run, all, gate)),
		},
	);
	signal.throwIfAborted();
	if (altered.length > 0) {
		await ledger.persist((transaction) => recordAltered(transaction, run, altered));
	}
	const claims = await ledger.read((reader) => finishedClaims(reader, run.run_id));
	const facts = { files, gates: proved, acceptance: acceptancePoints(work.task) };
	const contradictions = withoutDoubles([
		...judgeClaims(claims ?? {}, facts).filter(({ verdict }) => verdict === 'contradicted'),
		...contradictedClaims(text, facts),
	]);
	const gates =
		contradictions.length === 0
			? proved
			: await ledger.persist((transaction) => recordClaims(transaction, run, proved, contradictions, result));
	return failure === undefined
		? { kind: 'passed', changes, gates }
		: { kind: 'failed', code: code ?? 'gate.failed', reason: failure, isTransient: true, gates };
}

/** What was claimed in fields and in words is one claim where the same contradicts it. */
function withoutDoubles(contradictions: readonly Contradiction[]): Contradiction[] {
	const seen = new Set<string>();
	return contradictions.filter(({ evidence }) => !seen.has(evidence) && seen.add(evidence));
}

/** A reviewer's work is its verdict. */
function judgeOther({ run_id, worker }: Run, said: string): RunEnding {
	const verdict = readVerdict(said);
	return verdict === undefined
		? {
				kind: 'failed',
				code: 'review.noVerdict',
				reason: `It was to judge the change of ${worker}, and its last message has no line "VERDICT: accept" or "VERDICT: reject".`,
				isTransient: true,
			}
		: { kind: 'passed', changes: [], gates: [], verdict: { ...verdict, run_id } };
}
