// Owns gathering what `checkBoards` compares: files, ledger and notices as they are now. Reads only.

import type { DreamError } from '../base/errors.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { sortProblems } from '../core/board/boardProblem.ts';
import type { CheckedBoard } from '../core/board/checkBoards.ts';
import { checkBoards } from '../core/board/checkBoards.ts';
import type { MergeNotice } from '../core/board/mergeNotice.ts';
import { noticeOf } from '../core/board/mergeNotice.ts';
import type { BoardState } from '../core/ledger.ts';
import { boardPath } from '../core/paths.ts';
import type { ArchiveName, BoardFileName } from '../core/task/archive.ts';
import type { StoredTask } from '../core/task/task.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import { findArchives, isSettledArchive } from './archiveFiles.ts';
import type { BoardLook } from './boardFiles.ts';
import type { MirrorTools } from './mirrorTools.ts';

/** Notices older than the newest of these many events are history. */
const rememberedEvents = 1000;
const rememberedNotices = 200;

export class BoardInspector {
	private readonly tools: MirrorTools;
	private notices: MergeNotice[] = [];
	private sequence: number | undefined;
	/** What the last answer was made from; the same scene has the same problems. */
	private scene: string | undefined;
	private found: readonly BoardProblem[] = [];

	constructor(tools: MirrorTools) {
		this.tools = tools;
	}

	async inspect(
		more: readonly BoardProblem[],
		failures: ReadonlyMap<BoardFileName, DreamError>,
	): Promise<readonly BoardProblem[]> {
		const { tools } = this;
		const found = await findArchives(tools);
		const { states, archives, agents } = await tools.ledger.read(async (reader) => {
			await tools.tasks.refresh(reader);
			const newest = await reader.sequence();
			const after = this.sequence ?? Math.max(0, newest - rememberedEvents);
			for (const event of after < newest ? await reader.events({ after }) : []) {
				const notice = noticeOf(event);
				this.notices.push(...(notice === undefined ? [] : [notice]));
			}
			this.notices = this.notices.slice(-rememberedNotices);
			this.sequence = newest;
			return {
				states: await Promise.all(boardNames.map((board) => reader.board(board))),
				archives: await reader.archives(),
				agents: new Set((await reader.agents()).map(({ id }) => id)),
			};
		});
		tools.boards.useAgents(agents);
		const looks: Looked[] = [];
		for (const state of states) {
			looks.push({ state, look: await tools.boards.look(state.name, state.base) });
		}
		const scene = describeScene(this.sequence ?? 0, looks, [[...found], archives, more], failures);
		if (scene === this.scene) {
			return this.found;
		}
		const unsettled = [...found].flatMap(([name, stamp]) => {
			const state = archives.find((each) => each.name === name);
			return isSettledArchive(state, stamp) ? [] : [name];
		});
		const opened = await this.openArchives(looks, unsettled);
		const boards: CheckedBoard[] = [];
		const unreadable: BoardProblem[] = [];
		for (const { state, look } of [...looks, ...opened.looks]) {
			const { name: board, halted } = state;
			if (look.kind === 'unreadable') {
				unreadable.push(...look.problems);
			} else if (look.kind === 'same') {
				const reading = tools.boards.base(board, state.base);
				boards.push({ board, reading, halted, mirrored: state.mirrored_sequence });
			} else if (look.kind === 'changed') {
				boards.push({ board, reading: look.reading, halted, mirrored: undefined });
			}
		}
		const tasks = new Map([...tools.tasks.onBoards, ...tools.tasks.archived, ...opened.tasks]);
		await this.addNamed(tasks, opened.tasks);
		const problems = checkBoards({ boards, tasks, agents, notices: this.notices });
		this.found = sortProblems([...problems, ...unreadable, ...more, ...[...failures].map(notWritten)]);
		this.scene = scene;
		return this.found;
	}

	/** What tasks of an opened archive depend on, or are parts of, may stand in another one. */
	private async addNamed(tasks: Map<string, StoredTask>, opened: ReadonlyMap<string, StoredTask>): Promise<void> {
		const named = [...opened.values()].flatMap(({ task: { dependencies, parent } }) => [
			...dependencies,
			...(parent === null ? [] : [parent]),
		]);
		const missing = [...new Set(named)].filter((id) => !tasks.has(id));
		if (missing.length > 0) {
			for (const stored of await this.tools.ledger.read((reader) => reader.tasks({ ids: missing }))) {
				tasks.set(stored.task.task_id, stored);
			}
		}
	}

	/**
	 * Archives are examined only where there is reason to: their file is not what we know, something was refused in it, or a board has
	 * a record of a task that stands there.
	 */
	private async openArchives(
		looks: readonly Looked[],
		unsettled: readonly ArchiveName[],
	): Promise<{ readonly looks: Looked[]; readonly tasks: ReadonlyMap<string, StoredTask> }> {
		const { tools } = this;
		const noticed = new Map(this.notices.map(({ task_id, sequence }) => [task_id, sequence]));
		const ids = new Set<string>();
		for (const { state, look } of looks) {
			const reading = look.kind === 'changed' ? look.reading : tools.boards.base(state.name, state.base);
			for (const id of reading.byId.keys()) {
				ids.add(id);
			}
		}
		const unknown = [...new Set([...ids, ...noticed.keys()])].filter((id) => !tools.tasks.onBoards.has(id));
		const { states, tasks } = await tools.ledger.read(async (reader) => {
			const names = new Set<ArchiveName>(unsettled);
			for (const { archive, task, sequence } of unknown.length === 0
				? []
				: await reader.tasks({ ids: unknown })) {
				const isTold = (noticed.get(task.task_id) ?? -1) >= sequence;
				if (archive !== undefined && (isTold || ids.has(task.task_id))) {
					names.add(archive);
				}
			}
			const opened = [...names];
			return {
				states: await Promise.all(opened.map((name) => reader.board(name))),
				tasks: opened.length === 0 ? [] : await reader.tasks({ files: opened }),
			};
		});
		const opened: Looked[] = [];
		for (const state of states) {
			opened.push({ state, look: await tools.boards.look(state.name, state.base) });
		}
		return { looks: opened, tasks: new Map(tasks.map((stored) => [stored.task.task_id, stored])) };
	}
}

interface Looked {
	readonly state: BoardState;
	readonly look: BoardLook;
}

/** Everything the problems follow from, short enough to compare: who changed nothing need not be examined again. */
function describeScene(
	sequence: number,
	looks: readonly Looked[],
	more: readonly unknown[],
	failures: ReadonlyMap<BoardFileName, DreamError>,
): string {
	const files = looks.map(({ state, look }) => [
		state.name,
		state.halted,
		state.mirrored_sequence,
		look.kind,
		'stamp' in look ? look.stamp : null,
	]);
	return JSON.stringify([sequence, files, more, [...failures].map(([board, { message }]) => [board, message])]);
}

function notWritten([board, error]: readonly [BoardFileName, DreamError]): BoardProblem {
	return {
		code: 'board.notWritten',
		severity: 'error',
		message: error.message,
		file: boardPath(board),
		line: 1,
		column: 1,
		advice: error.advice ?? 'It is tried again by itself; nothing is lost meanwhile.',
	};
}
