// Owns the hidden references of runs: which names they have, and when each is kept or forgotten.
// `runs/<run>` keeps the result of a run that still holds its task. `rescue/<run>` keeps work that did not land, until its task
// is completed by a later run, `checkpoints/<run>/<n>` as long at most; what a person left, until a later run begins with it.

import { checkpointedRun } from '../checkpoint/checkpointReference.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Git } from '../ports.ts';
import { isLeftByPerson } from '../person/leftWork.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';

export const runReference = (runId: string): string => `refs/dreamos/runs/${runId}`;
export const rescueReference = (runId: string): string => `refs/dreamos/rescue/${runId}`;

const runPrefix = runReference('');
const rescuePrefix = rescueReference('');

type References = Pick<Git, 'listReferences' | 'setReference'>;
type Read = <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;

/** Keeps the work of a run that ended without landing. */
export async function rescueCommit(git: References, runId: string, commit: string): Promise<void> {
	await git.setReference(rescueReference(runId), commit);
	await git.setReference(runReference(runId), undefined);
}

/** Forgets what is kept for a completed task: its landed result, and what earlier attempts left. */
export async function forgetReferences(git: References, read: Read, runs: readonly Run[]): Promise<void> {
	const runOf = new Map(
		runs.flatMap((run) => [runReference, rescueReference].map((name) => [name(run.run_id), run])),
	);
	const ids = new Set(runs.map(({ run_id: id }) => id));
	for (const { name, commit } of await git.listReferences('refs/dreamos/')) {
		const run = runOf.get(name);
		const checkpointed = checkpointedRun(name);
		if (checkpointed !== undefined && ids.has(checkpointed)) {
			await git.setReference(name, undefined);
		}
		if (run !== undefined) {
			await settle(git, read, { name, commit, run });
		}
	}
}

/** Forgets a reference of a completed task, or keeps what a person left there. */
async function settle(
	git: References,
	read: Read,
	{ name, commit, run }: { readonly name: string; readonly commit: string; readonly run: Run },
): Promise<void> {
	const isResult = name === runReference(run.run_id);
	// A result of a completed run has landed.
	if ((isResult && run.state === 'completed') || !(await read((reader) => isLeftByPerson(reader, run)))) {
		await git.setReference(name, undefined);
	} else if (isResult) {
		await rescueCommit(git, run.run_id, commit);
	}
}

/** Brings the references in line with the ledger, after a crash or when somebody ended a run from outside. */
export async function reclaimReferences(git: References, read: Read): Promise<void> {
	for (const { name, commit } of await git.listReferences('refs/dreamos/')) {
		const isRun = name.startsWith(runPrefix);
		const checkpointed = checkpointedRun(name);
		if (!isRun && checkpointed === undefined && !name.startsWith(rescuePrefix)) {
			continue;
		}
		const runId = checkpointed ?? name.slice((isRun ? runPrefix : rescuePrefix).length);
		const { run, isCompleted } = await read(async (reader) => {
			const found = await reader.run(runId);
			const stored = found === undefined ? undefined : await reader.task(found.task_id);
			return { run: found, isCompleted: stored?.task.status === 'COMPLETED' };
		});
		if (run !== undefined && isOpenRun(run.state)) {
			continue;
		}
		if (checkpointed !== undefined) {
			// Of a task that is not completed they go by number, age and size.
			await (isCompleted ? git.setReference(name, undefined) : undefined);
		} else if (isCompleted && run !== undefined) {
			await settle(git, read, { name, commit, run });
		} else if (isRun && run?.base_commit === commit) {
			await git.setReference(name, undefined);
		} else if (isRun) {
			await rescueCommit(git, runId, commit);
		}
	}
}
