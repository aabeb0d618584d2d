// Owns the proof that the analytics show the figures of a period, that each opens what is behind it, and that they are exported.

import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { AnalyticsModel } from '../../src/protocol/analyticsModel.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { until } from '../support/workbench/until.ts';
import { useDashboard } from '../support/useDashboard.ts';

describe('dashboard analytics', () => {
	const opened = useDashboard('analytics');

	const last = async () => (await opened.dashboard.sent()).at(-1);
	const table = (name: string) => opened.dashboard.page.getByRole('table', { name });
	const modelOf = ({ analytics }: ReturnType<typeof projectState>): AnalyticsModel => {
		assert.ok(analytics);
		return analytics;
	};

	it('show what was done, what waits and who did it', async () => {
		const state = projectState(160);
		await opened.dashboard.show(state);
		const model = modelOf(state);
		await opened.dashboard.page.getByRole('button', { name: `${model.completed.value} Completed.` }).waitFor();
		assert.match(await table('By Agent').innerText(), /Agent-1\s/u);
		assert.match(await table('By Type').innerText(), /bug/u);
		assert.match(await table('Why Tasks Are Blocked').innerText(), /needs input\s+10/u);
		await opened.dashboard.page.locator('.chart canvas').first().waitFor();
	});

	it('tell how well the swarm gets on alone', async () => {
		const state = projectState(160);
		const analytics = modelOf(state);
		const share = (key: string, value: number, of: number) => ({ key, value, of, share: value / of });
		const autonomy: AnalyticsModel['autonomy'] = {
			atWork: 7_200_000,
			longestAlone: 5_400_000,
			interventions: 4,
			betweenInterventions: 1_800_000,
			recovered: share('recovered', 3, 4),
			unaided: share('unaided', 9, 10),
			drift: { count: 3, perHour: 1.5 },
			restarts: { count: 1, perHour: 0.5 },
		};
		await opened.dashboard.show({ ...state, analytics: { ...analytics, autonomy } });
		const { page } = opened.dashboard;
		await page.getByRole('button', { name: '90 % Completed without a person.' }).click();
		assert.deepEqual(await last(), { message: 'openFigure', data: { key: 'unaided' } });
		await page.getByRole('button', { name: '75 % Recovered by itself.' }).click();
		assert.deepEqual(await last(), { message: 'openFigure', data: { key: 'recovered' } });
		const told = await page.locator('.plainFigures').innerText();
		for (const words of [
			'2 h',
			'1 h 30 min',
			'4, one in 30 min at work',
			'3, 1.5 an hour at work',
			'1, 0.5 an hour at work',
		]) {
			assert.ok(told.includes(words), `${words} in ${told}`);
		}
	});

	it('open the tasks behind every figure on the board', async () => {
		const state = projectState(160);
		await opened.dashboard.show(state);
		for (const button of await opened.dashboard.page.locator('[data-figure]:enabled').all()) {
			await button.click();
			assert.deepEqual(await last(), {
				message: 'openFigure',
				data: { key: await button.getAttribute('data-figure') },
			});
		}
		for (const [name, key] of [
			[/Cycle time, median/u, 'cycle'],
			[/Cycle time, 90 % below/u, 'cycle slow'],
			[/Lead time, median/u, 'lead'],
		] as const) {
			await opened.dashboard.page.getByRole('button', { name }).click();
			assert.deepEqual(await last(), { message: 'openFigure', data: { key } });
		}
		await opened.dashboard.page
			.locator('.chart .u-over')
			.first()
			.click({ position: { x: 200, y: 60 } });
		assert.match(JSON.stringify(await last()), /throughput/u);
		await opened.dashboard.say('figure', { title: 'needs input', ids: ['T-7', 'T-23'] });
		await opened.dashboard.tell(state);
		await until('two cards', async () => (await opened.dashboard.page.locator('.card').count()) === 2);
		await opened.dashboard.page.getByRole('button', { name: 'Only: needs input' }).waitFor();
	});

	it('look at another time, and are exported as a table and as a picture', async () => {
		await opened.dashboard.show(projectState(160));
		await opened.dashboard.page.getByRole('combobox', { name: 'Period' }).click();
		await opened.dashboard.page.getByRole('option', { name: 'Last 30 days' }).click();
		assert.deepEqual(await last(), { message: 'watch', data: { tab: 'analytics', period: 'month' } });
		await opened.dashboard.page.getByRole('button', { name: 'Export CSV' }).click();
		assert.deepEqual(await last(), { message: 'save', data: { kind: 'csv', what: 'analytics' } });
		await opened.dashboard.page.getByRole('button', { name: 'Export PNG' }).click();
		const { kind, what, data } = ((await last()) as { data: { kind: string; what: string; data: string } }).data;
		assert.deepEqual([kind, what], ['png', 'analytics']);
		assert.equal(Buffer.from(data, 'base64').subarray(1, 4).toString(), 'PNG');
	});

	it('are exported chart by chart, with heading and legend, in the colours of the theme', async () => {
		const browser = opened.dashboard.page.context().browser();
		assert.ok(browser);
		const variables = {
			'--vscode-editor-background': '#102030',
			'--vscode-foreground': '#f0e0d0',
			'--vscode-descriptionForeground': '#a0b0c0',
			'--vscode-charts-green': '#00d000',
			'--vscode-charts-red': '#e00000',
			'--vscode-charts-blue': '#0000f0',
		};
		const theme = { className: 'vscode-dark', variables };
		const dashboard = await DashboardBrowser.open(browser, { kept: { tab: 'analytics' }, theme });
		const { page } = dashboard;
		await dashboard.show(projectState(160));
		const drawn = await page.locator('.chart canvas').first().boundingBox();
		for (const [title, what, there, missing] of [
			['Completed and Failed', 'throughput', ['#00d000', '#e00000'], ['#0000f0']],
			['Cycle Time', 'cycle-time', ['#0000f0'], ['#00d000', '#e00000']],
		] as const) {
			await page.getByRole('button', { name: `Export ${title} as PNG` }).click();
			const saved = ((await dashboard.sent()).at(-1) as { data: { what: string; data: string } }).data;
			assert.equal(saved.what, what);
			const head = await colourCounts(page, saved.data, 60);
			// More than the chart alone: what stands above it says what it is.
			assert.ok(head.height > (drawn?.height ?? 0) + 40, `${head.height} pixels high`);
			assert.ok((head.colours['#102030'] ?? 0) > 1000, 'the background of the theme');
			assert.ok((head.colours['#f0e0d0'] ?? 0) > 50, 'the heading');
			assert.ok((head.colours['#a0b0c0'] ?? 0) > 20, 'the time it shows');
			for (const colour of there) {
				assert.ok((head.colours[colour] ?? 0) >= 64, `${colour} in the legend of ${title}`);
			}
			for (const colour of missing) {
				assert.equal(head.colours[colour], undefined, `${colour} in the legend of ${title}`);
			}
		}
		await page.close();
	});

	it('show foreign text as text, and say when there is nothing', async () => {
		const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';
		const state = projectState(0);
		const empty = modelOf(state);
		const work = {
			completed: 1,
			failed: 0,
			success: 1,
			trust: 1,
			runs: 1,
			rework: 0.25,
			drift: 0.5,
			runTime: 5,
			tokens: 1,
			cost: 1,
		};
		const row = { ...work, key: `agent ${evil}`, label: evil };
		await opened.dashboard.show({ ...state, analytics: { ...empty, agents: [row], types: [row] } });
		await opened.dashboard.page.getByText(evil).first().waitFor();
		assert.equal(await opened.dashboard.page.locator('img, b').count(), 0);
		assert.equal(await opened.dashboard.page.evaluate(() => 'isHacked' in globalThis), false);
		assert.equal(await opened.dashboard.page.getByRole('button', { name: '0 Completed.' }).isDisabled(), true);
	});
});

/** How often each colour is in the upper lines of a picture, and how high all of it is. */
function colourCounts(
	page: Page,
	png: string,
	lines: number,
): Promise<{ readonly height: number; readonly colours: Readonly<Record<string, number>> }> {
	return page.evaluate(
		async ({ text, upper }) => {
			const bytes = Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0);
			const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
			const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
			context?.drawImage(picture, 0, 0);
			const pixels = context?.getImageData(0, 0, picture.width, upper).data ?? [];
			const colours: Record<string, number> = {};
			for (let at = 0; at < pixels.length; at += 4) {
				const parts = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
				const colour = `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
				colours[colour] = (colours[colour] ?? 0) + 1;
			}
			return { height: picture.height, colours };
		},
		{ text: png, upper: lines },
	);
}
