// Owns the hidden references of runs: which names they have, and when each is kept or forgotten.
// `runs/<run>` keeps the result of a run that still holds its task. `rescue/<run>` keeps work that did not land, until its task
// is completed by a later run.

import type { LedgerReader } from '../ledger.ts';
import type { Git } from '../ports.ts';
import { isOpenRun } from '../run/run.ts';

export const runReference = (runId: string): string => `refs/dreamos/runs/${runId}`;
export const rescueReference = (runId: string): string => `refs/dreamos/rescue/${runId}`;

const runPrefix = runReference('');
const rescuePrefix = rescueReference('');

type References = Pick<Git, 'listReferences' | 'setReference'>;

/** Keeps the work of a run that ended without landing. */
export async function rescueCommit(git: References, runId: string, commit: string): Promise<void> {
	await git.setReference(rescueReference(runId), commit);
	await git.setReference(runReference(runId), undefined);
}

/** Forgets what is kept for a completed task: its landed result, and what earlier attempts left. */
export async function forgetReferences(git: References, runIds: readonly string[]): Promise<void> {
	const wanted = new Set(runIds.flatMap((id) => [runReference(id), rescueReference(id)]));
	for (const { name } of await git.listReferences('refs/dreamos/')) {
		if (wanted.has(name)) {
			await git.setReference(name, undefined);
		}
	}
}

/** Brings the references in line with the ledger, after a crash or when somebody ended a run from outside. */
export async function reclaimReferences(
	git: References,
	read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>,
): Promise<void> {
	for (const { name, commit } of await git.listReferences('refs/dreamos/')) {
		const isRun = name.startsWith(runPrefix);
		if (!isRun && !name.startsWith(rescuePrefix)) {
			continue;
		}
		const runId = name.slice((isRun ? runPrefix : rescuePrefix).length);
		const { run, isCompleted } = await read(async (reader) => {
			const found = await reader.run(runId);
			const stored = found === undefined ? undefined : await reader.task(found.task_id);
			return { run: found, isCompleted: stored?.task.status === 'COMPLETED' };
		});
		if (run !== undefined && isOpenRun(run.state)) {
			continue;
		}
		if (isCompleted) {
			await git.setReference(name, undefined);
		} else if (isRun && run?.base_commit === commit) {
			await git.setReference(name, undefined);
		} else if (isRun) {
			await rescueCommit(git, runId, commit);
		}
	}
}
