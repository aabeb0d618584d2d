// Measures what history costs: one change, one finished task, one picture and the memory of a program, in ledgers with 1,000, 10,000
// and 100,000 finished tasks beside the same 2,000 open ones.
//
// Method: each ledger is seeded through the ledger's own door, its finished tasks already on the archives of two years, as they are
// after that time; a few hundred stay on the completed board. A program of its own opens the workspace, lets the mirror settle, and
// then measures, so that its memory is its own. A change is an edit of a ready task, a completion the whole way from ready to
// completed; the clock is the processor time of that program, because others use this machine too. Reported is how many times more
// the largest ledger costs than the smallest; what grows with history would show a hundred. Beside it, what a change costs on boards
// with 100, 1,000 and 10,000 open tasks and hardly any history.

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Ledger } from '../../src/core/ledger.ts';
import { renderRecord } from '../../src/core/board/boardRecord.ts';
import { archiveOf } from '../../src/core/task/archive.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import { newTask } from '../../src/core/task/task.ts';
import type { ScaleFigures } from './archiveScale.program.ts';
import { defineBenchmark } from './benchmark.ts';
import { benchActor, ordinaryTask } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace } from './seededWorkspace.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('archiveScale.program.ts', import.meta.url));

const sizes = [1000, 10_000, 100_000] as const;
const openTasks = 2000;
/** Open tasks on one board, beside few finished ones: what the size of a board itself costs. */
const boardSizes = [100, 1000, 10_000] as const;
const onBoard = 300;
const tasksPerTransaction = 1000;
const firstDay = Date.UTC(2024, 0, 1);
const lastDay = Date.UTC(2025, 11, 31);
const minutes = 15 * 60_000;

export const archiveScale = defineBenchmark({
	figures: {
		'mirror.perChange': {
			title: 'boards after one change: 100,000 finished tasks ÷ 1,000',
			unit: 'ratio',
			limit: { atMost: 2 },
		},
		'mirror.perCompletion': {
			title: 'boards after one finished task: 100,000 finished tasks ÷ 1,000',
			unit: 'ratio',
			limit: { atMost: 2 },
		},
		'mirror.memory': {
			title: 'memory of a program that mirrors and shows 100,000 finished tasks ÷ 1,000',
			unit: 'ratio',
			limit: { atMost: 1.5 },
		},
		'scale.start': {
			title: 'from the opened ledger to the first picture: 100,000 finished tasks ÷ 1,000',
			unit: 'ratio',
			limit: { atMost: 2 },
		},
		'scale.perChange': {
			title: 'one change → next picture: 100,000 finished tasks ÷ 1,000',
			unit: 'ratio',
			limit: { atMost: 2 },
		},
	},
	async measure({ folder, say }) {
		const measured = new Map<number, ScaleFigures>();
		for (const size of sizes) {
			const place = join(folder, String(size));
			say(`… seeding ${size} finished tasks`);
			await seed(place, size, openTasks);
			measured.set(size, await figuresOf(place));
		}
		const ofBoards: string[] = [];
		for (const size of boardSizes) {
			const place = join(folder, `board-${size}`);
			await seed(place, onBoard, size);
			const { change, completion } = await figuresOf(place);
			ofBoards.push(`${size}: ${change.toFixed(1)} and ${completion.toFixed(1)} ms CPU`);
		}
		const figure = (name: keyof ScaleFigures, unit: string) => {
			const values = sizes.map((size) => measured.get(size)?.[name] ?? Number.NaN);
			const [least = Number.NaN] = values;
			return {
				value: (values.at(-1) ?? Number.NaN) / least,
				notes: [values.map((value, index) => `${sizes[index]}: ${value.toFixed(1)} ${unit}`).join(', ')],
			};
		};
		const perChange = figure('change', 'ms CPU');
		return {
			'mirror.perChange': {
				value: perChange.value,
				notes: [
					...perChange.notes,
					`by open tasks on the board, a change and a finished task: ${ofBoards.join(', ')}`,
				],
			},
			'mirror.perCompletion': figure('completion', 'ms CPU'),
			'mirror.memory': figure('memory', 'MB'),
			'scale.start': figure('start', 'ms CPU'),
			'scale.perChange': figure('picture', 'ms CPU'),
		};
	},
});

async function figuresOf(place: string): Promise<ScaleFigures> {
	const { stdout } = await run(process.execPath, ['--expose-gc', program, place], { timeout: minutes });
	return JSON.parse(stdout) as ScaleFigures;
}

async function seed(folder: string, finished: number, open: number): Promise<void> {
	await mkdir(folder);
	const workspace = await openBenchWorkspace(folder, 'nothing');
	await workspace.dream.perform('workspace.initialize', { git: true }, benchActor);
	const ledger = ledgerOf(workspace);
	await inTransactions(ledger, finished, async (transaction, index) => {
		const at = new Date(firstDay + ((lastDay - firstDay) * index) / finished).toISOString();
		const stamps = { created_at: at, updated_at: at, completed_at: at } as const;
		const task = newTask({ ...ordinaryTask(index), status: 'COMPLETED', ...stamps });
		const isArchived = index < finished - onBoard;
		await transaction.insertTask({
			task,
			record: renderRecord(task, undefined),
			board: 'completed_tasks',
			...(isArchived ? { archive: archiveOf(task, Date.now()) } : {}),
			epoch: 1,
			run_id: null,
		});
	});
	await inTransactions(ledger, open, async (transaction, index) => {
		await createTask(transaction, { ...ordinaryTask(index), task_id: `open-${index}` });
	});
	await workspace.flushBoards();
	await workspace.close();
}

async function inTransactions(
	ledger: Ledger,
	count: number,
	work: (transaction: Parameters<Parameters<Ledger['write']>[1]>[0], index: number) => Promise<void>,
): Promise<void> {
	for (let start = 0; start < count; start += tasksPerTransaction) {
		await ledger.write(benchActor, async (transaction) => {
			await transaction.append({ type: 'task.edited', message: 'seeded' });
			for (let index = start; index < Math.min(start + tasksPerTransaction, count); index += 1) {
				await work(transaction, index);
			}
		});
	}
}
