// Measures how long a person waits for the rows of a long group in the Tasks view, beside a plain view with the same rows.
//
// Method: the packed extension in a served VS Code, and beside it an extension that does nothing but hand out rows (plainTree). In each
// round the group is closed, changed, so that the editor has to ask for it anew, and opened by a click. Clock: from the press of the
// mouse to the first row in the document, both noted in the window. Painting is not included.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../support/workbench/until.ts';
import type { Tree } from '../support/workbench/tree.ts';
import type { BenchContext } from './benchmark.ts';
import { defineBenchmark } from './benchmark.ts';
import { openEditorWindow } from './editorWindow.ts';
import { startOtherProcess } from './otherProcess.ts';
import { ordinaryTask } from './seededLedger.ts';
import { seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';
import { taskId } from './taskId.ts';

const sizes = [1000, 10_000, 100_000] as const;
/** The size the budget speaks of. */
const budgeted = 10_000;
const rounds = 7;
const patienceMilliseconds = 5 * 60_000;

interface Expansion {
	readonly own: readonly number[];
	readonly plain: readonly number[];
}

export const treeExpansion = defineBenchmark({
	figures: {
		'tree.expansion': {
			title: 'a group of 10,000 tasks is opened → its first row, median',
			unit: 'ms',
			limit: { atMost: 100 },
		},
		'tree.expansionRatio': {
			title: "the same ÷ a plain view's with the same rows",
			unit: 'ratio',
			limit: { atMost: 1 },
		},
	},
	async measure(context) {
		const notes: string[] = [];
		let at = { own: Number.NaN, plain: Number.NaN };
		for (const size of sizes) {
			const { own, plain } = await expansionOf(context, size);
			notes.push(
				`${size} rows: ${median(own).toFixed(0)} ms (${spread(own, 0)}), plain ${median(plain).toFixed(0)} ms (${spread(plain, 0)})`,
			);
			if (size === budgeted) {
				at = { own: median(own), plain: median(plain) };
			}
		}
		return {
			'tree.expansion': { value: at.own, notes },
			'tree.expansionRatio': { value: at.own / at.plain, notes: [] },
		};
	},
});

async function expansionOf(context: BenchContext, size: number): Promise<Expansion> {
	const place = join(context.folder, String(size));
	context.say(`… seeding ${size} tasks`);
	await seedWorkspace(place, { tasks: size });
	const rows = Array.from({ length: size }, (_each, index) => ({
		id: taskId(index),
		name: ordinaryTask(index).name,
		description: taskId(index),
	}));
	await writeFile(join(place, 'plainTree.rows'), JSON.stringify(rows));
	const { workbench, close } = await openEditorWindow(context, place, [join(import.meta.dirname, 'plainTree')]);
	const other = await startOtherProcess(place);
	const { page } = workbench;
	page.setDefaultTimeout(patienceMilliseconds);
	const own: number[] = [];
	const tree = workbench.tree('Tasks');
	await workbench.openContainer('Dream.OS');
	await until('the tasks', async () => (await groupText(page, 'Backlog')) !== '', undefined, patienceMilliseconds);
	for (let round = 0; round < rounds; round += 1) {
		await tree.setExpanded('Backlog', false);
		const before = await groupText(page, 'Backlog');
		await other.write({ id: taskId(round), move: 'ready' });
		await until('the change', async () => (await groupText(page, 'Backlog')) !== before);
		own.push(await openingOf(page, tree, 'Backlog'));
	}
	const plain: number[] = [];
	const yardstick = workbench.tree('Rows');
	await workbench.openContainer('Plain Tree');
	await until('the plain rows', async () => (await groupText(page, 'Group')) !== '', undefined, patienceMilliseconds);
	for (let round = 0; round < rounds; round += 1) {
		plain.push(await openingOf(page, yardstick, 'Group'));
		await yardstick.setExpanded('Group', false);
	}
	await other.end();
	await close();
	return { own, plain };
}

/** What the row of a group says; empty while it is not there. */
const groupText = async (page: Page, title: string): Promise<string> => {
	const row = page.locator('.monaco-list-row[aria-level="1"]').filter({ hasText: title });
	return (await row.count()) === 0 ? '' : await row.first().innerText();
};

/** Milliseconds from the press of the mouse on a closed group to its first row. */
async function openingOf(page: Page, tree: Tree, group: string): Promise<number> {
	const opened = page.evaluate(
		(title) =>
			new Promise<number>((resolve) => {
				let pressed: number | undefined;
				addEventListener('mousedown', () => (pressed ??= performance.now()), { capture: true, once: true });
				const look = () => {
					const row = [...document.querySelectorAll('.monaco-list-row[aria-level="1"]')].find((each) =>
						(each.textContent ?? '').includes(title),
					);
					const next = row?.parentElement?.querySelector(
						`[data-index="${Number(row.getAttribute('data-index')) + 1}"]`,
					);
					if (pressed !== undefined && next?.getAttribute('aria-level') === '2') {
						observer.disconnect();
						resolve(performance.now() - pressed);
					}
				};
				const observer = new MutationObserver(look);
				observer.observe(document.body, { childList: true, subtree: true, attributes: true });
			}),
		group,
	);
	await tree.setExpanded(group, true);
	return await opened;
}
