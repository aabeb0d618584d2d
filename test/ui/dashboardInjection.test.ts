// Owns the proof that what tasks, agents and runs say is text in every tab of the dashboard: script, style, link and terminal codes are
// planted in every field there is, and none of them is executed, obeyed or left in what is shown.

import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import type { LedgerEvent } from '../../src/core/events.ts';
import { analyse } from '../../src/core/figures/analysis.ts';
import { dependencyPaths } from '../../src/core/figures/dependencyPaths.ts';
import { toAnalyticsModel } from '../../src/protocol/analyticsModel.ts';
import { toEventLine } from '../../src/protocol/eventLine.ts';
import { toRunBar } from '../../src/protocol/runBar.ts';
import { toTaskCard } from '../../src/protocol/taskCard.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { buildShownAgent, buildSnapshot } from '../support/snapshotBuilder.ts';
import { buildQuestion, buildRun, buildTask } from '../support/swarmBuilders.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';

/** The terminal codes stand first, so that no cut leaves them out. */
const evil = [
	'\u001B[31mred\u001B]8;;https://evil.invalid\u0007',
	'<img src=x onerror="globalThis.isHacked=1">',
	'<script>globalThis.isHacked=1</script><style>main{display:none}</style>',
	'<a href="command:dreamos.swarm.stop">x</a>[y](command:dreamos.swarm.stop)',
	'" onfocus="globalThis.isHacked=1" autofocus="',
].join('');
/** What is left of it where only a few characters have room. */
const remains = 'red';

/** Every word of it is planted, but for those that are not anybody's to choose. */
const ours = ['status', 'priority', 'type', 'kind', 'state', 'severity', 'code', 'board', 'pause'];
function plant<Value>(value: Value, name = ''): Value {
	if (typeof value === 'string') {
		const isTime = !Number.isNaN(Date.parse(value)) && /_at$|^at$|^due$/u.test(name);
		return (ours.includes(name) || isTime ? value : `${evil}${value}`) as Value;
	}
	if (Array.isArray(value)) {
		return value.map((each: unknown) => plant(each, name)) as Value;
	}
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plant(each, key)])) as Value;
	}
	return value;
}

function plantedState() {
	const now = Date.now();
	const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
	const words = {
		description: 'd',
		task_type: 'type',
		category: 'category',
		tags: ['tag'],
		assigned_agent: 'agent',
		notes: 'notes',
		context: ['context'],
		touches: ['touches'],
		required_capabilities: ['able'],
		created_by: 'somebody',
		created_at: ago(90),
		updated_at: ago(1),
	};
	const stored = [
		buildTask('epic', { ...words, status: 'PENDING' }, 0),
		buildTask(
			'blocked',
			{ ...words, parent: 'epic', status: 'BLOCKED', block_reason: { kind: 'conflict', text: 'b' } },
			1,
		),
		buildTask('waits', { ...words, parent: 'epic', status: 'PENDING', dependencies: ['blocked'] }, 2),
		buildTask('works', { ...words, status: 'IN_PROGRESS', claimed_by: 'Agent-1', started_at: ago(9) }, 3),
		buildTask('review', { ...words, status: 'REVIEW', claimed_by: 'Agent-1', started_at: ago(9) }, 4),
		buildTask(
			'failed',
			{ ...words, status: 'FAILED', completed_at: ago(3), started_at: ago(9), claimed_by: 'Agent-1' },
			5,
		),
		buildTask(
			'done',
			{ ...words, status: 'COMPLETED', completed_at: ago(3), started_at: ago(9), claimed_by: 'Agent-1' },
			6,
		),
	].map((each) => ({ ...each, task: plant(each.task), run_id: null }));
	const run = plant(
		buildRun('run', { task_id: 'works', worker: 'Agent-1', opened_at: ago(9), reason: 'why', strays: [] }),
	);
	const over = { ...run, run_id: `${run.run_id}2`, state: 'failed' as const, closed_at: ago(3) };
	const event = (sequence: number, type: LedgerEvent['type']): LedgerEvent => ({
		...plant({ actor: 'agent:Agent-1', task_id: 'works', run_id: 'run', message: 'says' }),
		sequence,
		at: ago(5),
		type,
	});
	const events = [event(2, 'run.reported'), event(1, 'gate.finished'), event(0, 'run.strayed')];
	const shownAgent = buildShownAgent('Agent-1', [run]);
	const snapshot = buildSnapshot(stored, {
		agents: [{ ...shownAgent, agent: { ...plant(shownAgent.agent), enabled: true } }],
		questions: [plant(buildQuestion('q', { task_id: 'works' }))],
		problems: [
			plant({
				code: 'no_json' as never,
				severity: 'error' as const,
				message: 'wrong',
				file: 'runtime/board.json',
				line: 1,
				column: 1,
				advice: 'mend it',
			}),
		],
		events,
	});
	const tasks = [...snapshot.tasks.values()].map(({ task }) => task);
	return {
		overview: toDashboardModel(
			buildDashboardFacts(snapshot, {
				reason: evil,
				folder: evil,
				signs: new Map([[run.run_id, { usage: evil, lastAction: evil }]]),
				driven: new Set([run.run_id]),
			}),
		),
		tasks: [...snapshot.tasks].map(([id, shown]) => toTaskCard(id, shown)),
		paths: dependencyPaths(tasks),
		runs: [run, over].map((each) => toRunBar(each, evil, events)),
		analytics: toAnalyticsModel(
			analyse({
				tasks,
				runs: [run, over],
				events,
				period: { from: now - 86_400_000, to: now + 60_000 },
				offset: 0,
			}),
		),
		log: events.toReversed().map(toEventLine),
	};
}

describe('injection into the dashboard', () => {
	let browser: Browser;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	for (const [lanes, tabs] of [
		['none', ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log']],
		['agent', ['Board']],
		['epic', ['Board']],
	] as const) {
		it(`finds nothing executed in any field (${tabs.join(', ')}; lanes: ${lanes})`, async () => {
			const dashboard = await DashboardBrowser.open(browser, { kept: { tab: 'overview', lanes } });
			await dashboard.show(plantedState());
			for (const tab of tabs) {
				await dashboard.openTab(tab);
				const panel = dashboard.page.locator(`vscode-tab-panel[data-tab="${tab.toLowerCase()}"]`);
				await panel.getByText(remains).filter({ visible: true }).first().waitFor();
				// Each thing that can have the focus gets it: some handlers run only then.
				const found = await dashboard.page.evaluate(() => {
					// Nobody sees those, and the editor is asked by them.
					const isId = (name: string) =>
						name.startsWith('data-') || name === 'id' || name.endsWith('descendant');
					const elements = [...document.querySelectorAll<HTMLElement>('main, main *')];
					elements.forEach((each) => each.focus());
					const texts = elements.flatMap((each) => [
						...[...each.attributes]
							.filter(({ name }) => !isId(name))
							.map(({ name, value }) => `${each.localName}[${name}]: ${value}`),
						...(each.childElementCount === 0 ? [`${each.localName}: ${each.textContent}`] : []),
					]);
					return {
						isHacked: 'isHacked' in globalThis,
						elements: elements
							.filter((each) =>
								each.matches('img, script, style, link, iframe, object, embed, form, a, b'),
							)
							.map((each) => each.outerHTML),
						handlers: elements
							.flatMap((each) => each.getAttributeNames())
							.filter((name) => name.startsWith('on') || name === 'autofocus' || name === 'href'),
						// oxlint-disable-next-line no-control-regex -- they are what must not be there
						codes: texts.filter((text) => /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/u.test(text)),
					};
				});
				assert.deepEqual(found, { isHacked: false, elements: [], handlers: [], codes: [] }, tab);
			}
			await dashboard.page.close();
		});
	}
});
