// Owns a dashboard in a plain browser for each test of a suite, opened on one tab; the browser itself is shared by the suite.

import type { Browser } from 'playwright-core';
import type { DashboardTab } from '../../src/protocol/dashboardApi.ts';
import { DashboardBrowser } from './dashboardBrowser.ts';
import { launchBrowser } from './workbench/workbench.ts';

export interface OpenedDashboard {
	/** The dashboard of the test that runs. */
	readonly dashboard: DashboardBrowser;
}

/** Call inside `describe`. */
export function useDashboard(tab: DashboardTab): OpenedDashboard {
	let browser: Browser;
	let dashboard: DashboardBrowser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());
	beforeEach(async () => {
		dashboard = await DashboardBrowser.open(browser, { kept: { tab } });
	});
	afterEach(() => dashboard.page.close());
	return {
		get dashboard() {
			return dashboard;
		},
	};
}
