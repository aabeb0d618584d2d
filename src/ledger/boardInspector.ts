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
import type { BoardName } from '../core/task/taskStatus.ts';
import { boardNames } from '../core/task/taskStatus.ts';
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
		failures: ReadonlyMap<BoardName, DreamError>,
	): Promise<readonly BoardProblem[]> {
		const { tools } = this;
		const { states, agents } = await tools.ledger.read(async (reader) => {
			await tools.tasks.refresh(reader);
			const newest = await reader.sequence();
			const after = this.sequence ?? Math.max(0, newest - rememberedEvents);
			for (const event of after < newest ? await reader.events({ after }) : []) {
				const notice = noticeOf(event);
				this.notices.push(...(notice === undefined ? [] : [notice]));
			}
			this.notices = this.notices.slice(-rememberedNotices);
			this.sequence = newest;
			const found = new Map<BoardName, BoardState>();
			for (const board of boardNames) {
				found.set(board, await reader.board(board));
			}
			return { states: found, agents: new Set((await reader.agents()).map(({ id }) => id)) };
		});
		tools.boards.useAgents(agents);
		const boards: CheckedBoard[] = [];
		const unreadable: BoardProblem[] = [];
		const looks: (readonly [BoardName, BoardState, BoardLook])[] = [];
		for (const [board, state] of states) {
			looks.push([board, state, await tools.boards.look(board, state.base)]);
		}
		const scene = describeScene(this.sequence ?? 0, looks, more, failures);
		if (scene === this.scene) {
			return this.found;
		}
		for (const [board, state, look] of looks) {
			if (look.kind === 'unreadable') {
				unreadable.push(...look.problems);
			} else if (look.kind === 'same') {
				const reading = tools.boards.base(board, state.base);
				boards.push({ board, reading, halted: state.halted, mirrored: state.mirrored_sequence });
			} else if (look.kind === 'changed') {
				boards.push({ board, reading: look.reading, halted: state.halted, mirrored: undefined });
			}
		}
		const problems = checkBoards({ boards, tasks: tools.tasks.tasks, agents, notices: this.notices });
		this.found = sortProblems([...problems, ...unreadable, ...more, ...[...failures].map(notWritten)]);
		this.scene = scene;
		return this.found;
	}
}

/** Everything the problems follow from, short enough to compare: who changed nothing need not be examined again. */
function describeScene(
	sequence: number,
	looks: readonly (readonly [BoardName, BoardState, BoardLook])[],
	more: readonly BoardProblem[],
	failures: ReadonlyMap<BoardName, DreamError>,
): string {
	const files = looks.map(([board, state, look]) => [
		board,
		state.halted,
		state.mirrored_sequence,
		look.kind,
		'stamp' in look ? look.stamp : null,
	]);
	return JSON.stringify([sequence, files, more, [...failures].map(([board, { message }]) => [board, message])]);
}

function notWritten([board, error]: readonly [BoardName, DreamError]): BoardProblem {
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
