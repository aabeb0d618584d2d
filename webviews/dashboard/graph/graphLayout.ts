// Owns where nodes and lines of the graph are. The library lays out what hangs together, from what comes first at the left; such
// parts are then set beside and below each other, so that many small ones fill the room and not a strip of it.

import { Graph, layout } from '@dagrejs/dagre';
import type { GraphEdge, GraphModel } from './graphModel.ts';

export const nodeSize = { width: 190, height: 44 } as const;
const gap = 28;
const margin = 12;
/** Width by height that is aimed at. */
const aspect = 1.8;

interface Point {
	readonly x: number;
	readonly y: number;
}

export interface GraphLayout {
	readonly width: number;
	readonly height: number;
	/** Centres of nodes. */
	readonly places: ReadonlyMap<string, Point>;
	/** Points of each line, by `from` and `to`. */
	readonly lines: ReadonlyMap<string, readonly Point[]>;
}

export const lineKey = (from: string, to: string): string => `${from}\n${to}`;

/** Ids of nodes that hang together, part by part, and the lines in each. */
function partsOf({ nodes, edges }: GraphModel): { readonly ids: readonly string[]; readonly edges: GraphEdge[] }[] {
	const leader = new Map(nodes.map(({ id }) => [id, id]));
	const find = (id: string): string => {
		let at = id;
		for (let next = leader.get(at) ?? at; next !== at; next = leader.get(at) ?? at) {
			leader.set(at, leader.get(next) ?? next);
			at = next;
		}
		return at;
	};
	edges.forEach(({ from, to }) => leader.set(find(from), find(to)));
	const parts = new Map<string, { ids: string[]; edges: GraphEdge[] }>();
	for (const { id } of nodes) {
		const part = parts.get(find(id)) ?? { ids: [], edges: [] };
		part.ids.push(id);
		parts.set(find(id), part);
	}
	edges.forEach((edge) => parts.get(find(edge.from))?.edges.push(edge));
	return [...parts.values()];
}

function layOutPart(ids: readonly string[], edges: readonly GraphEdge[]): GraphLayout {
	const graph = new Graph();
	graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 48 });
	graph.setDefaultEdgeLabel(() => ({}));
	ids.forEach((id) => graph.setNode(id, { ...nodeSize }));
	edges.forEach(({ from, to }) => graph.setEdge(from, to));
	layout(graph);
	const { width = nodeSize.width, height = nodeSize.height } = graph.graph() as Partial<GraphLayout>;
	return {
		width,
		height,
		places: new Map(
			ids.map((id) => {
				const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
				return [id, { x, y }];
			}),
		),
		lines: new Map(
			edges.map(({ from, to }) => {
				const { points = [] } = graph.edge(from, to) as { readonly points?: readonly Point[] };
				return [lineKey(from, to), points];
			}),
		),
	};
}

/** Sets parts in rows, the largest first. */
function pack(parts: readonly GraphLayout[]): GraphLayout {
	const sorted = [...parts].sort((left, right) => right.height - left.height || right.width - left.width);
	const area = sorted.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
	const wide = Math.max(Math.sqrt(area * aspect), ...sorted.map(({ width }) => width));
	const places = new Map<string, Point>();
	const lines = new Map<string, readonly Point[]>();
	let [x, y, rowHeight, right] = [margin, margin, 0, 0];
	for (const part of sorted) {
		if (x > margin && x + part.width > margin + wide) {
			[x, y, rowHeight] = [margin, y + rowHeight + gap, 0];
		}
		const shift = ({ x: atX, y: atY }: Point): Point => ({ x: atX + x, y: atY + y });
		part.places.forEach((point, id) => places.set(id, shift(point)));
		part.lines.forEach((points, key) => lines.set(key, points.map(shift)));
		x += part.width + gap;
		right = Math.max(right, x - gap);
		rowHeight = Math.max(rowHeight, part.height);
	}
	return { width: right + margin, height: y + rowHeight + margin, places, lines };
}

let kept: { readonly key: string; readonly layout: GraphLayout } | undefined;

/** The same graph is laid out once. */
export function layOut(model: GraphModel): GraphLayout {
	const key = JSON.stringify([model.nodes.map(({ id }) => id), model.edges]);
	if (kept?.key !== key) {
		kept = { key, layout: pack(partsOf(model).map(({ ids, edges }) => layOutPart(ids, edges))) };
	}
	return kept.layout;
}
