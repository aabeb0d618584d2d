// Owns the folders of a chaos run: a workspace in a real repository, on a small disk of its own where the system allows one; and
// beside it, on the ordinary disk, what the processes write down.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import { factKeys } from '../../src/core/swarmFacts.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { makeRepository, runGit } from '../support/temporaryRepository.ts';
import { boardFile, boards } from './boardText.ts';

export interface ChaosPlace {
	/** The workspace. */
	readonly folder: string;
	readonly journals: string;
	/** Cache folder of the hosts, for their worktrees. */
	readonly cache: string;
	/** Where the wall clock of all processes is set. */
	readonly clock: string;
	/** The mount the workspace is on, if it is one of its own. */
	readonly disk: string | undefined;
}

export const ledgerFile = (folder: string): string => join(folder, 'runtime', 'dreamos.db');
const freeBytes = 700 * 1024 * 1024;

/** Makes everything in an empty folder. @param disk folder of a small disk that may be filled; undefined where there is none. */
export async function makePlace(root: string, disk: string | undefined): Promise<ChaosPlace> {
	const folder = join(disk ?? root, 'workspace');
	const place = {
		folder,
		journals: join(root, 'journals'),
		cache: join(root, 'cache'),
		clock: join(root, 'clock'),
		disk,
	};
	for (const each of [folder, place.journals, place.cache]) {
		mkdirSync(each, { recursive: true });
	}
	writeFileSync(place.clock, '0');
	makeRepository(folder, { 'README.md': 'chaos\n', '.gitignore': '*~\n' });
	const workspace = await openWorkspace({
		folder,
		log: nullLogger,
		startedFrom: 'terminal',
		hostScript: '/nowhere/host.cjs',
		follows: 'nothing',
	});
	try {
		await workspace.dream.perform('workspace.initialize', {}, { kind: 'human', id: 'chaos' });
		await workspace.ledger()?.write({ kind: 'human', id: 'chaos' }, async (transaction) => {
			await transaction.setFact(factKeys.swarm, {
				should_run: true,
				changed_at: transaction.at,
				changed_by: 'human:chaos',
				started_from: 'terminal',
			});
			await transaction.append({ type: 'swarm.started', message: 'the run begins' });
		});
		await workspace.flushBoards();
	} finally {
		await workspace.close();
	}
	runGit(folder, 'add', '--all');
	for (let count = 0; count < 3; count += 1) {
		runGit(folder, 'commit', '--quiet', '--allow-empty', '--message', `boards ${count}`);
	}
	return place;
}

/** Leaves no room on the small disk. */
export function fillDisk({ disk }: ChaosPlace): void {
	if (disk !== undefined) {
		// Others go on writing while we count; less room than is in use cannot be given.
		for (let spare = 128; ; spare *= 2) {
			const { blocks, bfree, bsize } = statfsSync(disk);
			try {
				remount(disk, Math.ceil(((blocks - bfree) * bsize) / 1024) + spare);
				return;
			} catch (error) {
				if (spare > 8192) {
					throw error;
				}
			}
		}
	}
}

/** Makes room again. */
export function freeDisk({ disk }: ChaosPlace): void {
	if (disk !== undefined) {
		const { blocks, bfree, bsize } = statfsSync(disk);
		remount(disk, Math.ceil(((blocks - bfree) * bsize + freeBytes) / 1024));
	}
}

function remount(disk: string, kilobytes: number): void {
	// Without the options it has: they name an ordinary user by a number that nobody has in our namespace, which is refused.
	const options = ['--options-source=disable', '-o', `remount,size=${kilobytes}k`];
	execFileSync('mount', [...options, 'tmpfs', disk], { stdio: 'pipe' });
}

/** What may be taken away from everybody for a while: a board, their folder, the ledger. */
export function lockable({ folder }: ChaosPlace): string[] {
	return [
		...boards.map((board) => boardFile(folder, board)),
		join(folder, 'runtime', 'agent_comms', 'project_boards'),
		ledgerFile(folder),
	].filter((path) => existsSync(path));
}

export function makeReadOnly(path: string): void {
	chmodSync(path, path.endsWith('project_boards') ? 0o555 : 0o444);
}

export function makeWritable(place: ChaosPlace): void {
	for (const path of lockable(place)) {
		chmodSync(path, path.endsWith('project_boards') ? 0o755 : 0o644);
	}
}
