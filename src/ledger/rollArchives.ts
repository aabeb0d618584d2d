// Owns the decision of this process that finished tasks go from the completed board to their archives. It changes the ledger only;
// the files follow as after any other change.

import { countOf } from '../base/words.ts';
import type { ArchiveName, ArchivePolicy, BoardFileName } from '../core/task/archive.ts';
import { archiveOf, chooseArchived } from '../core/task/archive.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { BoardLook } from './boardFiles.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor } from './mirrorTools.ts';

/** Others want to write, too. */
const tasksPerTransaction = 1000;

/** Looks whose file can be written, so that a task never leaves one file for another that does not take it. */
const isWritable = (look: BoardLook | undefined): boolean =>
	look === undefined || look.kind === 'same' || look.kind === 'missing';

/** Puts what the policy says on the archive of its month. Resolves to how many tasks those were. */
export async function rollArchives(
	tools: MirrorTools,
	looks: ReadonlyMap<BoardFileName, BoardLook>,
	policy: ArchivePolicy,
): Promise<number> {
	if (!isWritable(looks.get('completed_tasks'))) {
		return 0;
	}
	await tools.ledger.read((reader) => tools.tasks.refresh(reader));
	const now = tools.clock.now();
	const chosen = chooseArchived(tools.tasks.onBoard('completed_tasks'), policy, now)
		.map((stored) => ({ stored, archive: archiveOf(stored.task, now) }))
		.filter(({ archive }) => isWritable(looks.get(archive)));
	let moved = 0;
	for (let start = 0; start < chosen.length; start += tasksPerTransaction) {
		moved += await refile(tools, chosen.slice(start, start + tasksPerTransaction));
	}
	return moved;
}

async function refile(
	tools: MirrorTools,
	chosen: readonly { readonly stored: StoredTask; readonly archive: ArchiveName }[],
): Promise<number> {
	const archives = new Map(chosen.map(({ stored, archive }) => [stored.task.task_id, archive]));
	const sequences = new Map(chosen.map(({ stored }) => [stored.task.task_id, stored.sequence]));
	return tools.ledger.write(mirrorActor(tools), async (transaction) => {
		const current = await transaction.tasks({ ids: [...archives.keys()], files: ['completed_tasks'] });
		// What somebody changed meanwhile, or archived before us, is looked at again by the next pass.
		const same = current.filter(({ task, sequence }) => sequences.get(task.task_id) === sequence);
		const counts = new Map<ArchiveName, number>();
		for (const { task } of same) {
			const archive = archives.get(task.task_id);
			if (archive !== undefined) {
				counts.set(archive, (counts.get(archive) ?? 0) + 1);
			}
		}
		if (counts.size === 0) {
			return 0;
		}
		await transaction.append({
			type: 'board.archived',
			message: `${countOf(same.length, 'finished task')} moved to ${[...counts.keys()].map((name) => `${name}.json`).join(', ')}`,
			data: { archives: Object.fromEntries(counts) },
		});
		for (const stored of same) {
			const archive = archives.get(stored.task.task_id);
			if (archive !== undefined) {
				await transaction.refileTask(stored, archive);
			}
		}
		return same.length;
	});
}
