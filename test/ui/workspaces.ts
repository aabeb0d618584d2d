// Owns the folders that UI scenarios begin with and what they look at on the disk: boards, git, the host's process.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedEditor } from '../support/servedEditor.mjs';
import { makeRepository, runGit } from '../support/temporaryRepository.ts';
import type { Workbench } from '../support/workbench/workbench.ts';
import { PATIENCE_MILLISECONDS, until } from '../support/workbench/until.ts';

/** The four board files, by the titles of their groups in the Tasks view. */
const BOARD_FILES = {
	Backlog: 'task_backlog',
	Ready: 'task_ready_queue',
	Working: 'working_tasks',
	Completed: 'completed_tasks',
} as const;

export type BoardTitle = keyof typeof BOARD_FILES;

/** What a test looks at in a record of a board. */
export interface BoardRecord {
	readonly task_id: string;
	readonly name: string;
	readonly status: string;
	readonly [field: string]: unknown;
}

/** A task for an agent without a model. */
export interface CommandTask {
	/** Who it is for; without it, whoever is free. */
	readonly agent?: string;
	readonly task_id: string;
	readonly name?: string;
	readonly dependencies?: readonly string[];
	readonly run: readonly string[];
	readonly check?: readonly string[];
	readonly priority?: string;
	readonly budget?: Readonly<Record<string, number>>;
}

const README_TEXT = '# demo\n';

/** A repository with one commit and no boards. */
export function prepareRepository(files: Readonly<Record<string, string>> = {}) {
	return (folder: string): void => makeRepository(folder, { 'README.md': README_TEXT, ...files });
}

/** Path of a board inside the workspace. */
export function boardFile(title: BoardTitle): string {
	return `runtime/agent_comms/project_boards/${BOARD_FILES[title]}.json`;
}

/** The records of a board, as they are on the disk. */
export async function readBoard(folder: string, title: BoardTitle): Promise<BoardRecord[]> {
	return JSON.parse(await readFile(join(folder, boardFile(title)), 'utf8')) as BoardRecord[];
}

/** Waits until a board holds exactly these tasks. */
export async function untilOnBoard(
	folder: string,
	title: BoardTitle,
	ids: readonly string[],
	milliseconds = PATIENCE_MILLISECONDS,
): Promise<BoardRecord[]> {
	const wanted = ids.toSorted().join(' ');
	return await until(
		`${boardFile(title)} to hold "${wanted}"`,
		async () => {
			const records = await readBoard(folder, title);
			const found = records.map(({ task_id }) => task_id);
			return found.toSorted().join(' ') === wanted && records;
		},
		() => readFile(join(folder, boardFile(title)), 'utf8'),
		milliseconds,
	);
}

/** Puts tasks on the ready queue by hand, as a person or a script would. */
export async function writeReadyQueue(folder: string, tasks: readonly CommandTask[]): Promise<void> {
	const records = tasks.map(({ task_id, name, dependencies, run, check, priority, agent, budget }) => ({
		task_id,
		name: name ?? task_id,
		status: 'PENDING',
		priority: priority ?? 'MEDIUM',
		task_type: 'feature',
		dependencies: dependencies ?? [],
		params: { run },
		validation: { commands: check ?? [] },
		...(agent === undefined ? {} : { assigned_agent: agent }),
		...(budget === undefined ? {} : { budget }),
	}));
	await writeFile(join(folder, boardFile('Ready')), `${JSON.stringify(records, undefined, 2)}\n`);
}

/** Makes a task through the palette: a name, perhaps a dependency, the rest as it is offered. */
export async function createTaskByPalette(workbench: Workbench, name: string, dependency?: string): Promise<void> {
	const { quickInput, page } = workbench;
	await quickInput.runCommand('Dream.OS: Create Task');
	await page.getByPlaceholder('such as: Add a health check').waitFor();
	await quickInput.type(name);
	await page.getByPlaceholder('How urgent is it?').waitFor();
	if (dependency !== undefined) {
		await quickInput.accept();
		await page.getByPlaceholder('What kind of work is it?').waitFor();
		await quickInput.accept();
		await page.getByPlaceholder('Tick the tasks').waitFor();
		await quickInput.pick(dependency);
	}
	await page.getByRole('button', { name: 'Create It Now' }).click();
}

/** Sets the folder up through the palette and waits for the agents. */
export async function initializeByPalette(workbench: Workbench): Promise<void> {
	await workbench.openContainer('Dream.OS');
	await workbench.quickInput.runCommand('Dream.OS: Initialize Workspace');
	await workbench.tree('Agents').untilDrawn(/Agent-8/u);
	await workbench.messages.untilToast('The task boards are ready');
	await workbench.messages.dismissToasts();
}

/** Blocks the task whose name begins so, with a reason. */
export async function blockByPalette(workbench: Workbench, name: string, reason: string): Promise<void> {
	const { quickInput } = workbench;
	await quickInput.runCommand('Dream.OS: Block Task');
	await quickInput.pick(name);
	await until('the question why', async () => (await quickInput.question()).includes('What is missing?'));
	await quickInput.type(reason);
	// The editor asks the extension whether the reason will do; what is opened before the answer would cancel the question.
	await until('the answer to be taken', async () => !(await quickInput.isOpen()));
}

/** Process ids of living swarm hosts of this editor. */
export async function hostProcesses(editor: ServedEditor): Promise<number[]> {
	const processes = await editor.processes();
	return processes.filter(({ command }) => /[\\/]host\.cjs\b/u.test(command)).map(({ pid }) => pid);
}

/** What a swarm must not leave in the repository: further worktrees, references of runs, changes of the index or of HEAD. */
export function leftovers(folder: string): {
	worktrees: string[];
	references: string[];
	commits: string;
	staged: string;
} {
	const lines = (text: string) => text.split('\n').filter(Boolean);
	return {
		worktrees: lines(runGit(folder, 'worktree', 'list', '--porcelain'))
			.filter((line) => line.startsWith('worktree '))
			.slice(1),
		references: lines(runGit(folder, 'for-each-ref', '--format=%(refname)', 'refs/dreamos/runs')),
		commits: runGit(folder, 'rev-list', '--count', '--branches').trim(),
		staged: runGit(folder, 'diff', '--cached', '--name-only').trim(),
	};
}

/** How many runs have a worktree of their own; the pool does not count. */
export const runWorktrees = (folder: string): number =>
	leftovers(folder).worktrees.filter((line) => /[\\/]run-[0-9a-z-]+$/u.test(line)).length;

/** What {@link leftovers} gives for a repository with its first commit and nothing else. */
export const NOTHING_LEFT = { worktrees: [], references: [], commits: '1', staged: '' };
