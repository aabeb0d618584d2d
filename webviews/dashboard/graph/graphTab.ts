// Owns the graph: what waits for what, the path that decides when all is done, and the longest chain that stands still. A node that
// is chosen shows what it is tied to; what is lit up can be looked at alone, here or on the board.

import * as l10n from '@vscode/l10n';
import type { ShownPaths, ToldState } from '../../../src/protocol/dashboardState.ts';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { byCount, formatDuration } from '../../../src/base/words.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { wordOf } from '../../shared/coreWords.ts';
import { taskCount } from '../../shared/taskCount.ts';
import type { Tab, TabParts } from '../tab.ts';
import type { GraphModel } from './graphModel.ts';
import { kinOf, toGraph } from './graphModel.ts';
import { createGraphView } from './graphView.ts';

type Light = 'none' | 'critical' | 'blocked' | 'chosen';

const nothing: ShownPaths = { critical: [], minutes: null, blocked: [] };

export function createGraphTab({ post, openOnBoard }: TabParts): Tab {
	let cards: readonly TaskCard[] = [];
	let counts: DashboardModel['counts'] = [];
	let paths = nothing;
	let model: GraphModel | undefined;
	let isCollapsed: boolean | undefined;
	const opened = new Set<string>();
	/** Tasks that are looked at alone. */
	let only: ReadonlySet<string> | undefined;
	let light: Light = 'none';
	let chosen: string | undefined;
	let drawn = '';

	const view = createGraphView({
		labelOf: (status) => wordOf(counts.find((each) => each.status === status)?.label ?? status),
		onChoose(node) {
			chosen = node?.id;
			light = node === undefined ? 'none' : 'chosen';
			showLight();
		},
		onOpen(node) {
			if (node.isEpic) {
				opened.add(node.id.slice('epic '.length));
				draw();
			} else {
				post('revealTask', { taskId: node.id });
			}
		},
	});
	// A line of its own: what it says must not move what is below it between two clicks.
	const said = element('p', { className: 'note said', attributes: { role: 'status' } });
	const empty = element('p', {
		className: 'note empty hidden',
		text: l10n.t('No unfinished task waits for another one.'),
	});
	const toggle = (wanted: Light) => () => {
		light = light === wanted ? 'none' : wanted;
		showLight();
	};
	const critical = element('button', { onClick: toggle('critical') });
	const blocked = element('button', { onClick: toggle('blocked') });
	const collapse = element('button', {
		text: l10n.t('Collapse by Epic'),
		onClick: () => {
			isCollapsed = model?.isCollapsed !== true;
			opened.clear();
			draw();
		},
	});
	const show = element('button', {
		text: l10n.t('Show on Board'),
		onClick: () => {
			const ids = litTasks();
			openOnBoard(
				light === 'chosen'
					? l10n.t('tied to {0}', chosen ?? '')
					: light === 'critical'
						? l10n.t('critical path')
						: l10n.t('blocked chain'),
				ids,
			);
		},
	});
	const alone = element('button', {
		text: l10n.t('Only These'),
		onClick: () => {
			only = only === undefined ? new Set(litTasks()) : undefined;
			draw();
		},
	});
	const looseDoor = element('button', {
		className: 'link hidden',
		onClick: () => openOnBoard(l10n.t('tied to no other'), model?.loose ?? []),
	});
	const hiddenDoor = element('button', {
		className: 'link hidden',
		onClick: () =>
			openOnBoard(
				l10n.t('not drawn in the graph'),
				(model?.hidden ?? []).flatMap(({ tasks }) => tasks),
			),
	});
	/** Nodes that are lit up; undefined when all are alike. */
	const litNodes = (): ReadonlySet<string> | undefined => {
		if (model === undefined || light === 'none') {
			return undefined;
		}
		if (light === 'chosen') {
			return kinOf(chosen ?? '', model.edges);
		}
		const tasks = new Set(paths[light]);
		return new Set(model.nodes.filter((node) => node.tasks.some((id) => tasks.has(id))).map(({ id }) => id));
	};
	const litTasks = (): string[] => {
		if (light === 'critical' || light === 'blocked') {
			return [...paths[light]];
		}
		const nodes = litNodes();
		return (model?.nodes ?? []).filter(({ id }) => nodes?.has(id) === true).flatMap(({ tasks }) => tasks);
	};
	const describe = (): string => {
		const { nodes = [] } = model ?? {};
		const { minutes } = paths;
		switch (light) {
			case 'critical':
				return minutes === null
					? l10n.t('{0} one after the other decide when all is done.', taskCount(paths.critical.length))
					: l10n.t(
							'{0} one after the other decide when all is done: {1}.',
							taskCount(paths.critical.length),
							formatDuration(minutes * 60_000),
						);
			case 'blocked':
				return byCount(
					paths.blocked.length - 1,
					l10n.t(
						'{0} task in a row cannot go on before {1}.',
						paths.blocked.length - 1,
						paths.blocked[0] ?? '',
					),
					l10n.t(
						'{0} tasks in a row cannot go on before {1}.',
						paths.blocked.length - 1,
						paths.blocked[0] ?? '',
					),
				);
			case 'chosen':
				return l10n.t(
					'{0}: {1} before or after it.',
					nodes.find(({ id }) => id === chosen)?.label ?? '',
					taskCount(litTasks().length - 1),
				);
			case 'none':
				return only === undefined ? '' : l10n.t('{0} of {1}', taskCount(only.size), cards.length);
		}
	};
	const showLeftOut = () => {
		const { loose = [], hidden = [] } = model ?? {};
		setText(looseDoor, l10n.t('{0} tied to no other', taskCount(loose.length)));
		looseDoor.classList.toggle('hidden', light !== 'none' || loose.length === 0);
		setText(
			hiddenDoor,
			byCount(
				hidden.length,
				l10n.t('{0} node not drawn', hidden.length),
				l10n.t('{0} nodes not drawn', hidden.length),
			),
		);
		hiddenDoor.classList.toggle('hidden', light !== 'none' || hidden.length === 0);
	};
	const showLight = () => {
		view.light(litNodes());
		showLeftOut();
		setText(said, describe());
		setText(critical, l10n.t('Critical Path ({0})', paths.critical.length));
		setText(blocked, l10n.t('Longest Blocked Chain ({0})', paths.blocked.length));
		critical.disabled = paths.critical.length < 2;
		blocked.disabled = paths.blocked.length === 0;
		setAttribute(critical, 'aria-pressed', String(light === 'critical'));
		setAttribute(blocked, 'aria-pressed', String(light === 'blocked'));
		show.disabled = light === 'none';
		alone.disabled = light === 'none' && only === undefined;
		setAttribute(alone, 'aria-pressed', String(only !== undefined));
	};
	const draw = () => {
		const lookedAt = only;
		const looked = lookedAt === undefined ? cards : cards.filter(({ id }) => lookedAt.has(id));
		model = toGraph(looked, { isCollapsed, opened });
		if (chosen !== undefined && !model.nodes.some(({ id }) => id === chosen)) {
			chosen = undefined;
			light = light === 'chosen' ? 'none' : light;
		}
		empty.classList.toggle('hidden', model.nodes.length > 0);
		view.element.classList.toggle('hidden', model.nodes.length === 0);
		setAttribute(collapse, 'aria-pressed', String(model.isCollapsed));
		view.show(model);
		showLight();
	};
	const zoom = (text: string, label: string, onClick: () => void) =>
		element('button', { text, attributes: { 'aria-label': label }, onClick });
	return {
		id: 'graph',
		title: l10n.t('Graph'),
		element: element('div', { className: 'graphTab' }, [
			element('div', { className: 'toolbar' }, [
				critical,
				blocked,
				collapse,
				alone,
				show,
				zoom('+', l10n.t('Larger'), () => view.zoom(1.25)),
				zoom('−', l10n.t('Smaller'), () => view.zoom(0.8)),
				zoom(l10n.t('Fit'), l10n.t('Fit all of it'), view.fitAll),
				element('div', { className: 'saidLine' }, [said, looseDoor, hiddenDoor]),
			]),
			empty,
			view.element,
		]),
		render(told: ToldState) {
			const version = `${told.revision('tasks')} ${JSON.stringify(told.value('paths') ?? null)}`;
			if (version !== drawn) {
				drawn = version;
				cards = told.list('tasks') ?? [];
				counts = told.overview?.counts ?? [];
				paths = told.value('paths') ?? nothing;
				draw();
			}
		},
	};
}
