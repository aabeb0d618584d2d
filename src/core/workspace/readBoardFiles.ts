// Owns reading the folder of boards as it stands on disk: the four boards, the archives, and whatever else lies there as JSON. Writes nothing;
// a file that cannot be opened is a problem like one that cannot be parsed.

import { describeError, isDreamError } from '../../base/errors.ts';
import type { BoardReading } from '../board/boardReading.ts';
import { readBoard } from '../board/boardFile.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { boardPath, runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';
import type { BoardFileName } from '../task/archive.ts';
import { boardOfFile, isArchive } from '../task/archive.ts';
import { boardNames } from '../task/taskStatus.ts';

export interface BoardFile {
	/** Path inside the workspace, with forward slashes. */
	readonly file: string;
	/** Undefined for a file that is neither one of the four boards nor an archive. */
	readonly board: BoardFileName | undefined;
	/** Undefined when it could not be opened. */
	readonly reading: BoardReading | undefined;
	readonly bytes: Uint8Array;
	/** What keeps the whole file from being read; empty when it could be. */
	readonly problems: readonly BoardProblem[];
}

/** The four boards in the order of a task's life, archives by month, then other files by name. A board that is not there is left out. */
export async function readBoardFiles(
	files: FileSystem,
	folder: string,
	agents: ReadonlySet<string> = new Set(),
): Promise<BoardFile[]> {
	const names = (await files.list(files.join(folder, runtimePaths.boards))).filter((name) => name.endsWith('.json'));
	const boards = boardNames.filter((board) => names.includes(`${board}.json`));
	const others = names.filter((name) => !boardNames.some((board) => name === `${board}.json`)).sort();
	const archives = (await files.list(files.join(folder, runtimePaths.archive)))
		.filter((name) => name.endsWith('.json'))
		.map((name) => `archive/${name.slice(0, -'.json'.length)}`)
		.filter(isArchive)
		.sort();
	const sources: { file: string; board: BoardFileName | undefined }[] = [
		...[...boards, ...archives].map((board) => ({ file: boardPath(board), board })),
		...others.map((name) => ({ file: `${runtimePaths.boards}/${name}`, board: undefined })),
	];
	const found: BoardFile[] = [];
	for (const source of sources) {
		found.push(await readOne(files, folder, source, agents));
	}
	return found;
}

async function readOne(
	files: FileSystem,
	folder: string,
	{ file, board }: Pick<BoardFile, 'file' | 'board'>,
	agents: ReadonlySet<string>,
): Promise<BoardFile> {
	try {
		const bytes = await files.readBytes(files.join(folder, file));
		const reading = readBoard(bytes, { file, board: board === undefined ? undefined : boardOfFile(board), agents });
		return { file, board, reading, bytes, problems: reading.isReadable ? [] : reading.problems };
	} catch (error) {
		if (!isDreamError(error)) {
			throw error;
		}
		const problem: BoardProblem = {
			code: 'board.unreadable',
			severity: 'error',
			message: describeError(error),
			file,
			line: 1,
			column: 1,
			advice: 'Make the file readable for you.',
		};
		return { file, board, reading: undefined, bytes: new Uint8Array(), problems: [problem] };
	}
}
