// Owns the graph: what waits for what, the path that decides when all is done, and the longest chain that stands still. A node that
// is chosen shows what it is tied to; what is lit up can be looked at alone, here or on the board.

import type { ShownPaths, ToldState } from '../../../src/protocol/dashboardState.ts';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { countOf, formatDuration } from '../../../src/base/words.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
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
		labelOf: (status) => counts.find((each) => each.status === status)?.label ?? status,
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
	const empty = element('p', { className: 'note empty hidden', text: 'No unfinished task waits for another one.' });
	const toggle = (wanted: Light) => () => {
		light = light === wanted ? 'none' : wanted;
		showLight();
	};
	const critical = element('button', { onClick: toggle('critical') });
	const blocked = element('button', { onClick: toggle('blocked') });
	const collapse = element('button', {
		text: 'Collapse by Epic',
		onClick: () => {
			isCollapsed = model?.isCollapsed !== true;
			opened.clear();
			draw();
		},
	});
	const show = element('button', {
		text: 'Show on Board',
		onClick: () => {
			const ids = litTasks();
			openOnBoard(
				light === 'chosen'
					? `tied to ${chosen ?? ''}`
					: light === 'critical'
						? 'critical path'
						: 'blocked chain',
				ids,
			);
		},
	});
	const alone = element('button', {
		text: 'Only These',
		onClick: () => {
			only = only === undefined ? new Set(litTasks()) : undefined;
			draw();
		},
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
		const { loose = 0, hidden = 0, nodes = [] } = model ?? {};
		const { minutes } = paths;
		switch (light) {
			case 'critical':
				return `${countOf(paths.critical.length, 'task')} one after the other decide when all is done${minutes === null ? '' : `: ${formatDuration(minutes * 60_000)}`}.`;
			case 'blocked':
				return `${countOf(paths.blocked.length - 1, 'task')} in a row cannot go on before ${paths.blocked[0] ?? ''}.`;
			case 'chosen':
				return `${nodes.find(({ id }) => id === chosen)?.label ?? ''}: ${countOf(litTasks().length - 1, 'task')} before or after it.`;
			case 'none':
				return [
					only === undefined ? '' : `${countOf(only.size, 'task')} of ${cards.length}`,
					loose === 0 ? '' : `${countOf(loose, 'task')} tied to no other`,
					hidden === 0 ? '' : `${countOf(hidden, 'node')} not drawn`,
				]
					.filter(Boolean)
					.join(', ');
		}
	};
	const showLight = () => {
		view.light(litNodes());
		setText(said, describe());
		setText(critical, `Critical Path (${paths.critical.length})`);
		setText(blocked, `Longest Blocked Chain (${paths.blocked.length})`);
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
		title: 'Graph',
		element: element('div', { className: 'graphTab' }, [
			element('div', { className: 'toolbar' }, [
				critical,
				blocked,
				collapse,
				alone,
				show,
				zoom('+', 'Larger', () => view.zoom(1.25)),
				zoom('−', 'Smaller', () => view.zoom(0.8)),
				zoom('Fit', 'Fit all of it', view.fitAll),
				said,
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
