// Owns how a conflict goes back to the agent whose change it is: with both sides, so many times, before a person is asked.

import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { freshStarts } from '../task/taskStatus.ts';
import type { LandingConflict } from './planLanding.ts';

const looked = 1000;
/** Of all conflicts together, in characters: an agent needs to see them, not a whole file. */
const bothSidesLimit = 6000;

/** How often a conflict of a task went back since somebody last asked for another try. */
async function countReturned(reader: LedgerReader, taskId: string): Promise<number> {
	let count = 0;
	for (const { type, data } of await reader.events({ task_id: taskId, newestFirst: true, limit: looked })) {
		if (type === 'task.moved' && freshStarts.some((move) => move === data?.['move'])) {
			break;
		}
		count += type === 'landing.returned' ? 1 : 0;
	}
	return count;
}

/** Whether an agent made the change and may still have it back. */
export async function mayReturn(reader: LedgerReader, run: Run, limit: number): Promise<boolean> {
	return run.host_id !== null && limit > 0 && (await countReturned(reader, run.task_id)) < limit;
}

/** Gives the task back to its queue; the next attempt is told what the conflict is, and works on what is there now. */
export async function returnConflict(
	transaction: LedgerTransaction,
	run: Run,
	refusal: { readonly text: string; readonly files: readonly string[]; readonly bothSides: string },
): Promise<void> {
	const { text, files, bothSides } = refusal;
	await transaction.append({
		type: 'landing.returned',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `the conflict of ${run.run_id} goes back to ${run.worker}`,
		data: { files: [...files], both_sides: bothSides },
	});
	await advanceTask(transaction, {
		taskId: run.task_id,
		move: 'release',
		reason: `${text}${bothSides === '' ? '' : `\nBoth sides:\n${bothSides}`}`,
		token: { run_id: run.run_id, epoch: run.epoch },
	});
}

/** The lines in conflict with git's marks, by file. */
export function describeBothSides(conflicts: readonly LandingConflict[]): string {
	const parts = conflicts.flatMap(({ path, bothSides }) =>
		bothSides === undefined ? [] : [`${path}:\n${bothSides}`],
	);
	const text = parts.join('\n');
	return text.length > bothSidesLimit ? `${text.slice(0, bothSidesLimit)}\n…` : text;
}
