// Owns the drawing of the graph: nodes that can be chosen by mouse and by arrow keys, lines between them, and what is lit up.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { taskCount } from '../../shared/taskCount.ts';
import { svg } from '../../shared/svg.ts';
import type { GraphLayout } from './graphLayout.ts';
import { layOut, lineKey, nodeSize } from './graphLayout.ts';
import type { GraphModel, GraphNode } from './graphModel.ts';
import { createPanZoom } from './panZoom.ts';

const shownCharacters = 24;
/** Smaller than this nobody reads a node. */
const readable = 0.6;

export interface GraphViewParts {
	readonly labelOf: (status: TaskCard['status']) => string;
	readonly onChoose: (node: GraphNode | undefined) => void;
	/** A node is opened: an epic unfolds, a task is shown. */
	readonly onOpen: (node: GraphNode) => void;
}

const cutLabel = (text: string): string =>
	text.length > shownCharacters ? `${text.slice(0, shownCharacters - 1)}…` : text;

export function createGraphView({ labelOf, onChoose, onOpen }: GraphViewParts) {
	const layer = svg('g');
	const arrow = svg(
		'marker',
		{ id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
		[svg('path', { d: 'M0 0 L8 4 L0 8 z' })],
	);
	const frame = svg('svg', { class: 'graph', role: 'group', 'aria-label': l10n.t('Tasks and what they wait for') }, [
		svg('defs', {}, [arrow]),
		layer,
	]);
	const view = createPanZoom(frame, layer);
	const drawn = new Map<string, SVGGElement>();
	let model: GraphModel | undefined;
	let place: GraphLayout | undefined;
	let size = '';
	/** The node the keys act on. */
	let active: string | undefined;

	/** The pointer is where the node is: only keys bring one into sight. */
	const activate = (id: string | undefined, by: 'key' | 'pointer' | 'nobody') => {
		drawn.get(active ?? '')?.setAttribute('tabindex', '-1');
		active = id;
		const next = drawn.get(id ?? '');
		next?.setAttribute('tabindex', '0');
		const at = place?.places.get(id ?? '');
		if (by === 'key' && at !== undefined) {
			view.reveal(at.x, at.y);
		}
		if (by !== 'nobody') {
			next?.focus({ preventScroll: true });
		}
	};
	/** The nearest node in a direction. */
	const neighbour = (id: string, dx: number, dy: number): string | undefined => {
		const from = place?.places.get(id);
		if (from === undefined) {
			return undefined;
		}
		const found = [...(place?.places ?? [])].flatMap(([other, { x, y }]) => {
			const along = (x - from.x) * dx + (y - from.y) * dy;
			const across = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
			return other === id || along <= 1 ? [] : [{ other, distance: along + across * 2 }];
		});
		return found.reduce<(typeof found)[number] | undefined>(
			(best, each) => (best === undefined || each.distance < best.distance ? each : best),
			undefined,
		)?.other;
	};
	const nodeOf = (target: EventTarget | null): GraphNode | undefined => {
		const id = target instanceof Element ? target.closest<SVGGElement>('.node')?.dataset['node'] : undefined;
		return model?.nodes.find((node) => node.id === id);
	};
	frame.addEventListener('click', ({ target }) => {
		const node = nodeOf(target);
		activate(node?.id ?? active, node === undefined ? 'nobody' : 'pointer');
		onChoose(node);
	});
	frame.addEventListener('dblclick', ({ target }) => {
		const node = nodeOf(target);
		if (node !== undefined) {
			onOpen(node);
		}
	});
	frame.addEventListener('keydown', (event) => {
		const node = nodeOf(event.target);
		const steps: Readonly<Record<string, readonly [number, number]>> = {
			ArrowLeft: [-1, 0],
			ArrowRight: [1, 0],
			ArrowUp: [0, -1],
			ArrowDown: [0, 1],
		};
		const step = steps[event.key];
		if (node === undefined) {
			return;
		}
		if (step !== undefined) {
			activate(neighbour(node.id, ...step) ?? node.id, 'key');
		} else if (event.key === ' ') {
			onChoose(node);
		} else if (event.key === 'Enter') {
			onOpen(node);
		} else if (event.key === 'Escape') {
			onChoose(undefined);
		} else {
			return;
		}
		event.preventDefault();
	});
	const drawNode = (node: GraphNode, x: number, y: number): SVGGElement => {
		const { width, height } = nodeSize;
		const what = node.isEpic ? `${taskCount(node.tasks.length)} · ${labelOf(node.status)}` : labelOf(node.status);
		const drawing = svg(
			'g',
			{
				class: node.isEpic ? 'node isEpic' : 'node',
				// A picture with a name: what is written in it is cut, and no name of a button may be.
				role: 'img',
				tabindex: -1,
				transform: `translate(${x - width / 2} ${y - height / 2})`,
				'aria-label': l10n.t('{0}, {1}', node.label, what),
				'data-node': node.id,
				'data-status': node.status,
			},
			[
				svg('title', {}, [node.label]),
				svg('rect', { width, height, rx: 3 }),
				svg('rect', { class: 'edge', width: 4, height }),
				svg('text', { class: 'label', x: 12, y: 18, 'aria-hidden': 'true' }, [cutLabel(node.label)]),
				svg('text', { class: 'faint', x: 12, y: 35, 'aria-hidden': 'true' }, [
					cutLabel(node.isEpic ? what : `${node.id} · ${what}`),
				]),
			],
		);
		return drawing;
	};
	const fit = (least?: number) => {
		if (place !== undefined) {
			view.fit(place.width, place.height, least);
		}
	};
	new ResizeObserver(() => fit(readable)).observe(frame);
	return {
		element: frame,
		/** Shows all of it, however small. */
		fitAll: () => fit(),
		zoom: view.zoom,
		show(next: GraphModel) {
			const had = document.activeElement !== null && frame.contains(document.activeElement);
			model = next;
			const laid = layOut(next);
			place = laid;
			drawn.clear();
			const lines = next.edges.map(({ from, to }) => {
				const points = laid.lines.get(lineKey(from, to)) ?? [];
				const d = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
				return svg('path', { class: 'line', d, 'marker-end': 'url(#arrow)', 'data-from': from, 'data-to': to });
			});
			const nodes = next.nodes.map((node) => {
				const { x = 0, y = 0 } = laid.places.get(node.id) ?? {};
				const drawing = drawNode(node, x, y);
				drawn.set(node.id, drawing);
				return drawing;
			});
			layer.replaceChildren(...lines, ...nodes);
			activate(drawn.has(active ?? '') ? active : next.nodes[0]?.id, had ? 'pointer' : 'nobody');
			const shape = `${laid.width} ${laid.height}`;
			if (shape !== size) {
				size = shape;
				fit(readable);
			}
		},
		/** Lights up these nodes and the lines between them; everything where it is undefined. */
		light(ids: ReadonlySet<string> | undefined) {
			frame.classList.toggle('isDimmed', ids !== undefined);
			for (const [id, node] of drawn) {
				node.classList.toggle('isLit', ids?.has(id) === true);
			}
			for (const line of layer.querySelectorAll<SVGPathElement>('.line')) {
				const { from = '', to = '' } = line.dataset;
				line.classList.toggle('isLit', ids?.has(from) === true && ids.has(to));
			}
		},
	};
}
