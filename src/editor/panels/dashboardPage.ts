// Owns what one page of the dashboard is told and what it may ask: a whole picture when it is ready, comes to sight or the theme
// changes, then differences at most ten times a second and only while it can be seen. A bundle of its own, loaded with the first page.

import type { Disposable, WebviewPanel } from 'vscode';
import { commands, window, workspace as editorWorkspace, l10n } from 'vscode';
import { coalesce } from '../../base/async.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Logger } from '../../base/log.ts';
import { dayBudget } from '../../core/figures/dayBudget.ts';
import type { DayFigures } from '../../core/figures/dayFigures.ts';
import { dayFigures, dayTasks } from '../../core/figures/dayFigures.ts';
import type { DependencyPaths } from '../../core/figures/dependencyPaths.ts';
import { dependencyPaths } from '../../core/figures/dependencyPaths.ts';
import { drivenStates } from '../../core/run/run.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { PlainTask } from '../../core/task/plainTask.ts';
import { taskStatuses } from '../../core/task/taskStatus.ts';
import type { DashboardTab, DropAnswer, SaveRequest, toEditor, Watched } from '../../protocol/dashboardApi.ts';
import { toWebview } from '../../protocol/dashboardApi.ts';
import { dashboardInput } from '../../protocol/dashboardInput.ts';
import type { DashboardState } from '../../protocol/dashboardState.ts';
import { DashboardFeed } from '../../protocol/dashboardState.ts';
import type { Handlers } from '../../protocol/define.ts';
import type { DashboardModel } from '../../protocol/viewModels.ts';
import { attentionTasks, toDashboardModel } from '../../protocol/viewModels.ts';
import type { Notifier } from '../notify.ts';
import { moveTasks } from '../commands/moveTasks.ts';
import type { Performer } from '../performer.ts';
import { throttle } from '../throttle.ts';
import type { TaskView } from '../views/taskView.ts';
import { viewFacts } from '../views/viewFacts.ts';
import { viewMessage, workspaceKey } from '../views/viewState.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { EventLog } from './eventLog.ts';
import { openChannel } from './panelChannel.ts';
import { DashboardAnalytics } from './dashboardAnalytics.ts';
import { editTask, openTaskSearch, planDrops } from './dashboardTasks.ts';
import { RunHistory } from './runHistory.ts';
import { RunSigns } from './runSigns.ts';
import { TaskCards } from './taskCards.ts';

const refreshMilliseconds = 100;
/** How often logs of runs are looked at while somebody sees what they tell. */
const signMilliseconds = 2000;

export interface DashboardPageParts {
	readonly panel: WebviewPanel;
	readonly session: WorkspaceSession;
	readonly tasks: Pick<TaskView, 'revealStatus' | 'revealTask'>;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly log: Logger;
	/** Called with each message that is sent. */
	readonly onSent: () => void;
}

/** Serves a page until it is disposed of; the page's own text is set by the caller afterwards. */
export function openDashboardPage(parts: DashboardPageParts): Disposable {
	const { panel, session, log } = parts;
	const lifetime = new DisposableStore();
	const feed = new DashboardFeed();
	const signs = new RunSigns(session);
	const events = new EventLog(session);
	const cards = new TaskCards();
	const history = new RunHistory(session);
	const analytics = new DashboardAnalytics(session, history);
	let tab: DashboardTab | undefined;
	let isWholeDue = false;

	const state = async (shown: DashboardTab): Promise<DashboardState> => {
		if (shown === 'log') {
			await events.look();
		}
		if (shown === 'timeline') {
			await history.look();
		}
		return {
			overview: overviewOf(session, signs),
			...(shown === 'log' ? { log: events.lines } : {}),
			...(shown === 'board' || shown === 'graph' ? { tasks: cards.of(session.snapshot) } : {}),
			...(shown === 'analytics' ? { analytics: await analytics.look() } : {}),
			...(shown === 'timeline' ? { runs: history.bars } : {}),
			...(shown === 'graph' ? { paths: pathsOf(session.snapshot) } : {}),
		};
	};
	const send = async () => {
		if (tab === undefined || !panel.visible) {
			return;
		}
		const next = await state(tab);
		if (isWholeDue) {
			isWholeDue = false;
			channel.post('snapshot', feed.whole(next));
			parts.onSent();
			return;
		}
		const delta = feed.next(next);
		// Leases are renewed all the time: a picture that shows nothing else is not sent.
		if (delta !== undefined) {
			channel.post('delta', delta);
			parts.onSent();
		}
	};
	const sending = lifetime.add(
		coalesce(
			0,
			() => send(),
			(error) => log.error('The dashboard could not be told what is new.', error),
		),
	);
	const refresh = lifetime.add(throttle(refreshMilliseconds, () => sending.trigger()));
	const sendWhole = () => {
		isWholeDue = true;
		sending.trigger();
	};
	const channel = lifetime.add(
		openChannel<typeof toEditor, typeof toWebview>({
			webview: panel.webview,
			schemas: Promise.resolve(dashboardInput),
			handlers: handlersOf(parts, {
				ready: ({ tab: shown, period }) => {
					tab = shown;
					analytics.period = period;
					sendWhole();
				},
				watch: ({ tab: shown, period }) => {
					tab = shown;
					analytics.period = period;
					sending.trigger();
				},
				openFigure: async (key) => {
					const found = tasksOfOverview(session.snapshot, key) ?? (await analytics.tasksOf(key));
					if (found !== undefined) {
						channel.post('figure', found);
					}
				},
				save: (request) => analytics.save(request, parts.notifier),
				search: (text) => search.set(text),
				answerDrops: (answer) => channel.post('drops', answer),
			}),
			outgoing: toWebview,
			log,
		}),
	);
	const search = lifetime.add(openTaskSearch(session, (found) => channel.post('found', found)));
	lifetime.add(session.onDidChangeSnapshot(() => refresh.trigger()));
	lifetime.add(session.onDidChangeSnapshot(() => search.refresh()));
	lifetime.add(
		session.onDidChange(() => {
			events.forget();
			history.forget();
			refresh.trigger();
		}),
	);
	lifetime.add(window.onDidChangeActiveColorTheme(sendWhole));
	lifetime.add(panel.onDidChangeViewState(sendWhole));
	lifetime.add(
		everySo(
			signMilliseconds,
			async () => {
				if (tab === 'overview' && panel.visible && (await signs.look())) {
					refresh.trigger();
				}
			},
			log,
		),
	);
	return lifetime;
}

/** Chains among the tasks on the boards. */
function pathsOf(snapshot: SwarmSnapshot): DependencyPaths {
	return dependencyPaths([...tasksIn(snapshot)]);
}

function* tasksIn({ tasks }: SwarmSnapshot): Generator<PlainTask['task']> {
	for (const { task } of tasks.values()) {
		yield task;
	}
}

function everySo(milliseconds: number, job: () => Promise<void>, log: Logger): Disposable {
	const timer = setInterval(() => {
		job().catch((error: unknown) => log.error('The logs of runs could not be looked at.', error));
	}, milliseconds);
	return { dispose: () => clearInterval(timer) };
}

function overviewOf(session: WorkspaceSession, signs: RunSigns): DashboardModel {
	const { current, snapshot } = session;
	const facts = viewFacts(session);
	return toDashboardModel({
		workspace: workspaceKey(facts),
		reason: viewMessage(facts) ?? '',
		folder: current.kind === 'open' ? current.folder.name : '',
		isTrusted: editorWorkspace.isTrusted,
		snapshot,
		today: dayFigures(tasksIn(snapshot), midnight()),
		budget: current.kind === 'open' ? dayBudget(current.workspace.settings(), snapshot.today.total) : null,
		signs: signs.current,
		driven: new Set(
			snapshot.agents.flatMap(({ run }) =>
				run !== undefined && run.host_id !== null && drivenStates.includes(run.state) ? [run.run_id] : [],
			),
		),
	});
}

const midnight = (): number => new Date().setHours(0, 0, 0, 0);

const todayTitles: Readonly<Record<keyof DayFigures, string>> = {
	completed: l10n.t('completed today'),
	failed: l10n.t('failed today'),
	tokens: l10n.t('tokens today'),
	cost: l10n.t('cost today'),
};

/** The tasks behind a figure of the overview; undefined when the key is of another figure. */
function tasksOfOverview(snapshot: SwarmSnapshot, key: string) {
	if (key === 'attention') {
		return { title: l10n.t('Needs You'), ids: attentionTasks(snapshot) };
	}
	if (key === 'today budget') {
		return { title: l10n.t('budget used today'), ids: snapshot.today.taskIds };
	}
	const figure = (Object.keys(todayTitles) as (keyof DayFigures)[]).find((each) => key === `today ${each}`);
	return figure === undefined
		? undefined
		: {
				title: todayTitles[figure],
				ids: dayTasks(tasksIn(snapshot), midnight(), figure),
			};
}

interface PageHandlers {
	readonly ready: (watched: Watched) => void;
	readonly watch: (watched: Watched) => void;
	readonly openFigure: (key: string) => Promise<void>;
	readonly save: (request: SaveRequest) => Promise<void>;
	readonly search: (text: string) => void;
	readonly answerDrops: (answer: DropAnswer) => void;
}

function handlersOf(
	{ tasks, session, performer, notifier, log }: DashboardPageParts,
	page: PageHandlers,
): Handlers<typeof toEditor> {
	const run = (work: Promise<unknown>) =>
		void work.catch((error: unknown) => log.error('The dashboard could not do it.', error));
	return {
		ready: page.ready,
		watch: page.watch,
		openFigure: ({ key }) => run(page.openFigure(key)),
		save: (request) =>
			void page.save(request).catch((error: unknown) => notifier.refuse(l10n.t('Export Analytics'), error)),
		perform: ({ command, ...row }) => run(Promise.resolve(commands.executeCommand(`dreamos.${command}`, row))),
		revealStatus: ({ status }) => {
			const known = taskStatuses.find((each) => each === status);
			if (known !== undefined) {
				run(tasks.revealStatus(known));
			}
		},
		revealTask: ({ taskId }) => run(tasks.revealTask(taskId)),
		planDrop: ({ taskIds }) => page.answerDrops({ taskIds, places: planDrops(session.snapshot, taskIds) }),
		moveTasks: ({ taskIds, to }) => run(moveTasks(session.snapshot, taskIds, to)),
		editTask: (request) =>
			void editTask(performer, request).catch((error: unknown) => notifier.refuse(l10n.t('Edit Task'), error)),
		search: ({ text }) => page.search(text),
	};
}
