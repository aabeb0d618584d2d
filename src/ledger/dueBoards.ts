// Owns what the way out begins with: which files do not show the ledger, and the tasks that are to be written to them.

import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import type { BoardState } from '../core/ledger.ts';
import type { FileStamp } from '../core/ports.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { isArchive } from '../core/task/archive.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { BoardName } from '../core/task/taskStatus.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import { isDirty } from './archiveFiles.ts';
import type { BoardLook } from './boardFiles.ts';
import { readReplaced } from './mirrorOutputs.ts';
import type { MirrorTools } from './mirrorTools.ts';

/** Tasks move towards the completed board; written in this order, a crash leaves a task on two files rather than on none. */
const writeOrder: readonly BoardName[] = [...boardNames].reverse();
/** A month may be large, and each file that is written is noted beforehand. */
const archivesAtOnce = 3;

export type Looks = ReadonlyMap<BoardFileName, BoardLook>;
export type Forced = ReadonlyMap<BoardFileName, FileStamp | undefined>;

/** What is to be written. */
export interface Due {
	readonly targets: readonly BoardFileName[];
	/** More that are due, and wait for the next pass. */
	readonly left: number;
	/** Of the boards, and of archives that do not show the ledger. */
	readonly states: ReadonlyMap<BoardFileName, BoardState>;
}

/** What is written: tasks at least as new as `Due`. */
export interface Source {
	readonly states: Due['states'];
	readonly tasks: ReadonlyMap<BoardFileName, readonly StoredTask[]>;
	readonly find: (id: string) => StoredTask | undefined;
	/** Sequence up to which each archive shows the ledger. */
	readonly archived: ReadonlyMap<BoardFileName, number>;
	readonly recent: readonly ReplacedRecord[];
}

export async function findDue(
	tools: MirrorTools,
	looks: Looks,
	force: Forced,
	group: 'archives' | 'boards',
): Promise<Due> {
	return tools.ledger.read(async (reader) => {
		const isTarget = (state: Omit<BoardState, 'base'> | undefined) =>
			state !== undefined && (force.has(state.name) || isDue(state, looks.get(state.name)));
		const archives = (await reader.archives()).filter((state) => isTarget(state) || isDirty(state));
		const months = archives.filter(isTarget).map(({ name }) => name);
		const states = new Map<BoardFileName, BoardState>();
		if (group === 'archives' && months.length === 0) {
			return { targets: [], left: 0, states };
		}
		for (const name of [...boardNames, ...archives.map((state) => state.name)]) {
			states.set(name, await reader.board(name));
		}
		return group === 'boards'
			? { targets: writeOrder.filter((board) => isTarget(states.get(board))), left: 0, states }
			: { targets: months.slice(0, archivesAtOnce), left: Math.max(0, months.length - archivesAtOnce), states };
	});
}

function isDue(state: Omit<BoardState, 'base'>, look: BoardLook | undefined): boolean {
	if (look === undefined || state.halted !== null) {
		return false;
	}
	return look.kind === 'missing' || (look.kind === 'same' && isDirty(state));
}

export async function readSource(tools: MirrorTools, { targets, states }: Due): Promise<Source> {
	const ids = targets.flatMap((board) => [...tools.boards.base(board, states.get(board)?.base ?? null).byId.keys()]);
	return tools.ledger.read(async (reader) => {
		await tools.tasks.refresh(reader);
		const tasks = new Map<BoardFileName, readonly StoredTask[]>();
		for (const board of targets) {
			tasks.set(board, isArchive(board) ? await reader.tasks({ files: [board] }) : tools.tasks.onBoard(board));
		}
		const here = new Map([...tasks.values()].flat().map((stored) => [stored.task.task_id, stored]));
		const elsewhere = ids.filter((id) => !here.has(id) && !tools.tasks.onBoards.has(id));
		for (const stored of elsewhere.length === 0 ? [] : await reader.tasks({ ids: elsewhere })) {
			here.set(stored.task.task_id, stored);
		}
		const archived = (await reader.archives()).map((state) => [state.name, state.mirrored_sequence] as const);
		return {
			states,
			tasks,
			find: (id) => tools.tasks.onBoards.get(id) ?? here.get(id),
			archived: new Map(archived),
			recent: await readReplaced(reader),
		};
	});
}
