// Owns the read-only view of boards that somebody else made: every task that can be read, a problem for each file that cannot.
// Nothing is written, not even a folder.

import type { ForeignView } from '../actions/workspaceDoor.ts';
import type { CheckedTask } from '../board/checkBoards.ts';
import { checkBoards } from '../board/checkBoards.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { sortProblems } from '../board/boardProblem.ts';
import type { FileSystem } from '../ports.ts';
import type { StoredTask } from '../task/task.ts';
import { boardOfFile, isArchive } from '../task/archive.ts';
import { boardOfStatus } from '../task/taskStatus.ts';
import { planAdoption } from './planAdoption.ts';
import { readBoardFiles } from './readBoardFiles.ts';

/** Reads the boards of a folder that is not ours. A record whose id stands twice is there twice, with a problem. */
export async function readForeignBoards(files: FileSystem, folder: string): Promise<ForeignView> {
	const tasks: Omit<StoredTask, 'sequence'>[] = [];
	const byId = new Map<string, CheckedTask>();
	const found = await readBoardFiles(files, folder);
	// Of records that share an id the one counts that adopting would take.
	const counting = new Set(planAdoption(found, { agents: undefined }).tasks.map(({ place }) => place.record));
	for (const { board, reading } of found) {
		for (const { task, record } of reading?.entries ?? []) {
			if (task !== undefined && record !== undefined) {
				const shown = {
					task,
					record,
					board: board === undefined ? boardOfStatus[task.status] : boardOfFile(board),
					...(board !== undefined && isArchive(board) ? { archive: board } : {}),
					position: tasks.length,
					epoch: 0,
					run_id: null,
				};
				tasks.push(shown);
				if (counting.has(record)) {
					byId.set(task.task_id, shown);
				}
			}
		}
	}
	const boards = found.flatMap(({ board, reading }) =>
		reading === undefined ? [] : [{ board, reading, halted: null, mirrored: undefined }],
	);
	const unopened = found.flatMap(({ reading, problems }) => (reading === undefined ? problems : []));
	const problems = checkBoards({ boards, tasks: byId, agents: undefined, notices: [] });
	return { tasks, problems: sortProblems([...unopened, ...problems]).map(withoutLedger) };
}

/** There is no ledger whose version could be used instead. */
function withoutLedger(problem: BoardProblem): BoardProblem {
	return problem.severity === 'error' && problem.task_id === undefined
		? { ...problem, advice: 'Correct it in the file; adopting leaves a file that cannot be read alone.' }
		: problem;
}
