// Owns the pictures of every view that looks.test.ts and watch.test.ts do not take: trees, review and walkthrough in four themes, and
// the dashboard with ten thousand tasks, with none, with names of 300 letters in 320 pixels, and when something is wrong. They are
// there to be looked at; what a program can judge of them is judged.
import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Frame } from 'playwright-core';
import type { DashboardState } from '../../src/protocol/dashboardState.ts';
import { reportedLines } from '../support/reportedLines.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { RESULTS_FOLDER } from '../support/project.mjs';
import { until } from '../support/workbench/until.ts';
import type { ThemeKind, Workbench } from '../support/workbench/workbench.ts';
import { contrastFaults, overflowFaults } from './pageFaults.ts';
import { useSession } from './session.ts';
import { boardFile, initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;
const THEMES: readonly ThemeKind[] = ['dark', 'light', 'highContrast', 'highContrastLight'];
const bodyClasses: Readonly<Record<ThemeKind, string>> = {
	dark: 'dark',
	light: 'light',
	highContrast: 'high-contrast',
	highContrastLight: 'high-contrast-light',
};
const TABS = ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log'] as const;
/** As wide as a sidebar often is. */
const narrow = 320;
const many = 10_000;

const long = 'An unreasonably long name of a task that says everything twice '.repeat(5).slice(0, 300);
const solid = 'x'.repeat(300);

type Theme = NonNullable<Parameters<typeof DashboardBrowser.open>[1]>['theme'];

/** What a page of this editor is coloured with now. */
async function themeOf(frame: Frame): Promise<Theme> {
	return await frame.evaluate(() => {
		const { style } = document.documentElement;
		const names = [...style].filter((name) => name.startsWith('--vscode-'));
		return {
			className: document.body.className,
			variables: Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)])),
		};
	});
}

const withLog = (state: DashboardState, count: number, message: string): DashboardState => ({
	...state,
	log: reportedLines(count, (index) => `${message} (${index})`),
});

function longState(): DashboardState {
	const state = projectState(60, (index) => ({ name: index % 2 === 0 ? long : solid, tags: [solid.slice(0, 40)] }));
	const { overview } = state;
	const problems = [
		{ severity: 'error', place: `${solid.slice(0, 70)}.json:12`, message: long.slice(0, 240) },
		{ severity: 'warning', place: 'task_backlog.json:3', message: solid.slice(0, 240) },
	] as const;
	return withLog(
		{ ...state, overview: { ...overview, folder: solid.slice(0, 80), problems, problemTotal: 31 } },
		60,
		solid.slice(0, 160),
	);
}

const emptyState = (): DashboardState => withLog(projectState(0), 0, '');

const wrongStates: Readonly<Record<string, Partial<DashboardState['overview']>>> = {
	unusable: {
		workspace: 'unusable',
		reason: `The ledger runtime/dreamos.db was written by a newer version. Update the extension. ${solid}`,
	},
	'without boards': { workspace: 'none', reason: '' },
	foreign: { workspace: 'foreign', reason: 'These boards are of another tool. They are shown and never changed.' },
	untrusted: { isTrusted: false },
};

describe('gallery', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'a\n' }),
		settings: { 'dreamos.landing.mode': 'review' },
	});
	const themes = new Map<ThemeKind, Theme>();
	const tree = (title: string) => session.workbench.tree(title);

	it('begins with a swarm at work, a review, a failure and very long names', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'G-1', name: 'Shout', run: ['echo A > a.txt', 'echo b > b.txt'] },
			{ task_id: 'G-2', name: long, run: ['sleep 90'] },
			{ task_id: 'G-3', name: solid, run: ['true'], check: ['echo no; false'] },
			{ task_id: 'G-4', name: `Waits for ${long}`, run: ['true'], dependencies: ['G-2'] },
		]);
		await tree('Tasks').untilDrawn(/Ready \[3\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await tree('Tasks').untilDrawn(/Shout \[G-1 · to review/iu, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Review Change');
		await workbench.quickInput.pick('Shout');
		await workbench.page.locator('.multiDiffEntry').first().waitFor();
		// What is opened next would take its place.
		await workbench.quickInput.runCommand('View: Keep Editor');
		await workbench.quickInput.runCommand('Welcome: Open Walkthrough...');
		await workbench.quickInput.pick('Get Started with Dream.OS');
		await workbench.page.locator('.getting-started-step').first().waitFor();
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		await workbench.editors.webviewFrame('main#page .counts');
		await workbench.quickInput.runCommand('Dream.OS: Focus on Worktrees View');
		await dragSidebar(workbench, narrow);
	});

	for (const theme of THEMES) {
		it(`shows trees, review and walkthrough in ${theme}`, async () => {
			const { workbench } = session;
			await workbench.setTheme(theme);
			await workbench.messages.dismissToasts();
			await workbench.editors.openTab('Dream.OS Dashboard');
			const frame = await workbench.editors.webviewFrame('main#page .counts');
			await frame.locator(`body.vscode-${bodyClasses[theme]}`).waitFor();
			// A theme comes in steps: the class of the page first, its colours after.
			await until(
				'colours that can be read',
				async () => (await contrastFaults(frame)).length === 0,
				async () => (await contrastFaults(frame)).join('\n'),
			);
			themes.set(theme, await themeOf(frame));
			await workbench.screenshot(`gallery ${theme} trees`);
			for (const [title, what] of [
				['G-1 by', 'review'],
				['Welcome', 'walkthrough'],
			] as const) {
				const tab = (await workbench.editors.tabs()).find((each) => each.title.startsWith(title));
				await workbench.editors.openTab(tab?.title ?? title);
				await workbench.screenshot(`gallery ${theme} ${what}`);
			}
		});
	}

	describe('of the dashboard', () => {
		const browser = (): Browser => {
			const own = session.workbench.page.context().browser();
			assert.ok(own);
			return own;
		};
		const show = async (theme: ThemeKind, name: string, state: DashboardState, size: readonly [number, number]) => {
			const [width, height] = size;
			const dashboard = await DashboardBrowser.open(browser(), { theme: themes.get(theme), width, height });
			await dashboard.show(state);
			const frame = dashboard.page.mainFrame();
			const tabs = name in wrongStates ? (['Overview'] as const) : TABS;
			for (const tab of tabs) {
				if (tab !== 'Overview') {
					await dashboard.openTab(tab);
				}
				await dashboard.page.screenshot({
					path: join(RESULTS_FOLDER, `gallery-${theme}-${name.replaceAll(' ', '-')}-${tab}.png`),
					animations: 'disabled',
				});
				assert.deepEqual(await overflowFaults(frame), [], `${name}, ${tab}`);
				assert.deepEqual(await contrastFaults(frame), [], `${name}, ${tab}`);
			}
			await dashboard.page.close();
		};

		let manyTasks: DashboardState | undefined;
		for (const theme of THEMES) {
			it(`with ten thousand tasks in ${theme}`, async () => {
				manyTasks ??= withLog(projectState(many), many, 'says what it found in the parser');
				await show(theme, 'many', manyTasks, [1100, 800]);
			});

			it(`with very long names in ${narrow} pixels in ${theme}`, async () => {
				await show(theme, 'long', longState(), [narrow, 800]);
			});

			it(`with nothing in it in ${theme}`, async () => {
				await show(theme, 'empty', emptyState(), [900, 600]);
			});

			it(`where something is wrong, in ${theme}`, async () => {
				const state = projectState(20);
				for (const [name, wrong] of Object.entries(wrongStates)) {
					await show(theme, name, { ...state, overview: { ...state.overview, ...wrong } }, [700, 500]);
				}
			});
		}
	});

	it('shows ten thousand tasks in the sidebar, and a board that cannot be read', async () => {
		const { workbench, folder } = session;
		const records = Array.from({ length: many }, (_each, index) => ({
			task_id: `M-${index}`,
			name: `Task number ${index}`,
			status: 'PENDING',
		}));
		await writeFile(join(folder, boardFile('Backlog')), JSON.stringify(records));
		await tree('Tasks').setExpanded('Working', false);
		await until(
			'the backlog',
			async () => (await workbench.page.locator('.monaco-list-row', { hasText: '10000' }).count()) > 0,
			undefined,
			PATIENCE,
		);
		await tree('Tasks').setExpanded('Backlog', true);
		await workbench.screenshot('gallery sidebar with ten thousand tasks');
		await writeFile(join(folder, boardFile('Ready')), '[{ "task_id": "B-1", "name": oops }');
		await workbench.editors.openTab('Dream.OS Dashboard');
		const frame = await workbench.editors.webviewFrame('main#page .problems li');
		assert.deepEqual(await overflowFaults(frame), []);
		await workbench.screenshot('gallery board that cannot be read');
	});
});

/** Makes the sidebar so wide, as a person does with the mouse. */
async function dragSidebar({ page }: Workbench, width: number): Promise<void> {
	const sidebar = page.locator('.part.sidebar');
	const box = await sidebar.boundingBox();
	assert.ok(box);
	const y = box.y + box.height / 2;
	await page.mouse.move(box.x + box.width, y);
	await page.mouse.down();
	await page.mouse.move(box.x + width / 2, y, { steps: 3 });
	await page.mouse.move(box.x + width, y, { steps: 3 });
	await page.mouse.up();
	await until('the sidebar to be narrow', async () => {
		const now = await sidebar.boundingBox();
		return Math.abs((now?.width ?? 0) - width) <= 8;
	});
}
