// Owns the proof that the analytics show the figures of a period, that each opens what is behind it, and that they are exported.

import { strict as assert } from 'node:assert';
import type { AnalyticsModel } from '../../src/protocol/analyticsModel.ts';
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
		assert.deepEqual(await last(), { message: 'save', data: { kind: 'csv' } });
		await opened.dashboard.page.getByRole('button', { name: 'Export PNG' }).click();
		const { data } = ((await last()) as { data: { data: string } }).data;
		const bytes = Buffer.from(data, 'base64');
		assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
		assert.ok(bytes.length > 1000);
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
