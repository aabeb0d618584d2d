// Owns the workspace that mirror, model, host and editor are measured on: a git repository, initialised through the same door as a
// person's, with ten thousand tasks of which few are ready, as in a project that has been going for a while.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nullLogger } from '../../src/base/log.ts';
import type { Ledger, LedgerTransaction } from '../../src/core/ledger.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace, WorkspaceOptions } from '../../src/workspace/workspaceOptions.ts';
import { benchActor, ordinaryTask, taskCount } from './seededLedger.ts';

const run = promisify(execFile);

const tasksPerTransaction = 500;
/** Source files: enough for a real checkout, few enough that the disk is not what is measured. */
const fileCount = 300;
const filesPerFolder = 50;

export interface SeedOptions {
	/** Tasks in all; a tenth of them waits in the backlog, the rest is shelved. */
	readonly tasks?: number;
	/** Called in the first transaction, for agents and the like. */
	readonly prepare?: (transaction: LedgerTransaction) => Promise<void>;
}

/** Makes the workspace in a folder that does not exist yet; its boards show everything when it resolves. */
export async function seedWorkspace(folder: string, options: SeedOptions = {}): Promise<void> {
	await makeRepository(folder);
	const workspace = await openBenchWorkspace(folder, 'nothing');
	try {
		await workspace.dream.perform('workspace.initialize', { git: false }, benchActor);
		const ledger = ledgerOf(workspace);
		const { prepare } = options;
		if (prepare !== undefined) {
			await ledger.write(benchActor, prepare);
		}
		await addTasks(ledger, options.tasks ?? taskCount);
		await workspace.flushBoards();
	} finally {
		await workspace.close();
	}
}

export const openBenchWorkspace = (
	folder: string,
	follows: WorkspaceOptions['follows'],
	hostScript = join(folder, 'no-host.cjs'),
): Promise<OpenWorkspace> =>
	openWorkspace({
		folder,
		log: nullLogger,
		startedFrom: 'terminal',
		hostScript,
		follows,
		// As in a window, whose boards have a thread of their own.
		...(follows === 'everything'
			? { mirrorScript: join(import.meta.dirname, '../../src/workspace/mirrorProgram.ts') }
			: {}),
	});

export function ledgerOf(workspace: OpenWorkspace): Ledger {
	const ledger = workspace.ledger();
	if (ledger === undefined) {
		throw new Error(`${workspace.folder} has no ledger.`);
	}
	return ledger;
}

async function addTasks(ledger: Ledger, count: number): Promise<void> {
	for (let start = 0; start < count; start += tasksPerTransaction) {
		await ledger.write(benchActor, async (transaction) => {
			for (let index = start; index < Math.min(start + tasksPerTransaction, count); index += 1) {
				await createTask(transaction, { ...ordinaryTask(index), isShelved: true });
			}
		});
	}
}

async function makeRepository(folder: string): Promise<void> {
	for (let index = 0; index < fileCount; index += 1) {
		const place = join(folder, 'source', `part-${Math.floor(index / filesPerFolder)}`);
		await mkdir(place, { recursive: true });
		await writeFile(join(place, `module-${index}.txt`), `line of module ${index}\n`.repeat(200));
	}
	const git = (...words: string[]) => run('git', words, { cwd: folder });
	await git('init', '--quiet', '--initial-branch=main');
	await git('config', 'user.name', 'Dream.OS Bench');
	await git('config', 'user.email', 'bench@dreamos.invalid');
	await git('add', '--all');
	await git('commit', '--quiet', '--message', 'A project');
}
