// Owns every name inside `runtime/` and `.dreamos/`. No other file spells one.

import type { BoardFileName } from './task/archive.ts';
import { isArchive } from './task/archive.ts';
import { boardNames } from './task/taskStatus.ts';

export const runtimeFolder = 'runtime';
/** Version of the layout below; written to the marker. */
export const runtimeVersion = 1;

export const runtimePaths = {
	/** Marker that the folder is ours; its absence beside a `runtime/` means somebody else's. */
	marker: 'runtime/dreamos.json',
	ledger: 'runtime/dreamos.db',
	agents: 'runtime/agents.json',
	/** Commands a person wants run for events; only read, never written. */
	hooks: 'runtime/hooks.json',
	roles: 'runtime/roles',
	boards: 'runtime/agent_comms/project_boards',
	/** Where older agents look for checkpoints. */
	olderCheckpoints: 'runtime/agent_comms/checkpoints',
	/** Finished tasks of earlier months, one file a month. */
	archive: 'runtime/agent_comms/project_boards/archive',
	quarantine: 'runtime/quarantine',
	logs: 'runtime/logs',
	runLogs: 'runtime/logs/runs',
	hostLog: 'runtime/logs/host.log',
	/** What a landing writes before it moves it into place, and what it replaces. */
	landing: 'runtime/landing.tmp',
	ignoreFile: 'runtime/.gitignore',
} as const;

/** Folder of what a person writes for Dream.OS and keeps in git, beside `runtime/`. */
export const dreamosFolder = '.dreamos';
/** What agents may do when they ask. No change of an agent may land in its folder. */
export const policyPath = `${dreamosFolder}/policies.yaml`;

/** What git must not see: the ledger with its side files, logs, copies of unreadable boards. */
export const ignoredRuntimeNames = ['dreamos.db*', 'logs/', 'quarantine/', '*.tmp'] as const;

export const boardPath = (board: BoardFileName): string => `${runtimePaths.boards}/${board}.json`;

/** The board or archive a path inside the workspace belongs to, written with forward slashes. */
export function boardOfPath(path: string): BoardFileName | undefined {
	const archive = /archive\/[^/]+(?=\.json$)/u.exec(path)?.[0];
	return archive !== undefined && isArchive(archive) && path.endsWith(boardPath(archive))
		? archive
		: boardNames.find((board) => path.endsWith(boardPath(board)));
}
