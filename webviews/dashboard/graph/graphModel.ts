// Owns which tasks are in the graph and what is one node: a task, or an epic with all its parts. What is over is there only while
// somebody unfinished depends on it; what waits for nobody and is waited for by nobody is left out. Pure.

import { groupBy } from '../../../src/base/groups.ts';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';

export interface GraphNode {
	readonly id: string;
	readonly label: string;
	readonly status: TaskCard['status'];
	/** Tasks behind it. */
	readonly tasks: readonly string[];
	readonly isEpic: boolean;
}

export interface GraphEdge {
	/** What comes first. */
	readonly from: string;
	readonly to: string;
}

export interface GraphModel {
	readonly nodes: readonly GraphNode[];
	readonly edges: readonly GraphEdge[];
	/** Unfinished tasks that are tied to no other. */
	readonly loose: readonly string[];
	/** Nodes that are not drawn, because nobody could read them. */
	readonly hidden: readonly GraphNode[];
	readonly isCollapsed: boolean;
}

export interface GraphWishes {
	/** Undefined: epics are collapsed when there would be too many nodes. */
	readonly isCollapsed: boolean | undefined;
	/** Epics that are open all the same. */
	readonly opened: ReadonlySet<string>;
}

/** With more nodes epics are collapsed. */
const readable = 80;
const mostNodes = 500;
const over: readonly TaskCard['status'][] = ['COMPLETED', 'FAILED', 'CANCELLED'];
/** The status of an epic is that of the part that needs a person most. */
const loudest: readonly TaskCard['status'][] = [
	'BLOCKED',
	'FAILED',
	'REVIEW',
	'IN_PROGRESS',
	'VALIDATING',
	'CLAIMED',
	'READY',
	'PENDING',
	'CANCELLED',
	'COMPLETED',
];

export function toGraph(cards: readonly TaskCard[], { isCollapsed, opened }: GraphWishes): GraphModel {
	const byId = new Map(cards.map((card) => [card.id, card]));
	const open = cards.filter(({ status }) => !over.includes(status));
	const edges = open.flatMap(({ id, dependencies }) =>
		dependencies.filter((from) => byId.has(from)).map((from) => ({ from, to: id })),
	);
	const tied = new Set(edges.flatMap(({ from, to }) => [from, to]));
	const shown = [...tied].flatMap((id) => byId.get(id) ?? []);
	const collapses = isCollapsed ?? shown.length > readable;
	const parents = new Set(cards.flatMap(({ parent }) => parent ?? []));
	const nodeOf = ({ id, parent }: TaskCard): string => {
		const epic = parents.has(id) ? id : parent;
		return collapses && epic !== null && byId.has(epic) && !opened.has(epic) ? `epic ${epic}` : id;
	};
	const groups = groupBy(shown, nodeOf);
	const nodes = [...groups].map(([id, group]): GraphNode => {
		const isEpic = id.startsWith('epic ') && !byId.has(id);
		const card = isEpic ? byId.get(id.slice(5)) : group[0];
		const status = loudest.find((each) => group.some((member) => member.status === each)) ?? 'PENDING';
		return { id, label: card?.name ?? id, status, tasks: group.map((member) => member.id), isEpic };
	});
	const nodeIdOf = new Map(nodes.flatMap(({ id, tasks }) => tasks.map((task) => [task, id])));
	const joined = new Map<string, GraphEdge>();
	for (const edge of edges) {
		const [from = '', to = ''] = [nodeIdOf.get(edge.from), nodeIdOf.get(edge.to)];
		if (from !== to) {
			joined.set(`${from}\n${to}`, { from, to });
		}
	}
	return {
		...cut(nodes, [...joined.values()]),
		loose: open.filter(({ id }) => !tied.has(id)).map(({ id }) => id),
		isCollapsed: collapses,
	};
}

/** Keeps the nodes that are tied to most others. */
function cut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Pick<GraphModel, 'nodes' | 'edges' | 'hidden'> {
	if (nodes.length <= mostNodes) {
		return { nodes, edges, hidden: [] };
	}
	const ties = new Map<string, number>();
	for (const { from, to } of edges) {
		ties.set(from, (ties.get(from) ?? 0) + 1);
		ties.set(to, (ties.get(to) ?? 0) + 1);
	}
	const kept = [...nodes]
		.sort((left, right) => (ties.get(right.id) ?? 0) - (ties.get(left.id) ?? 0))
		.slice(0, mostNodes);
	const ids = new Set(kept.map(({ id }) => id));
	return {
		nodes: kept,
		edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
		hidden: nodes.filter(({ id }) => !ids.has(id)),
	};
}

/** A node with everything it waits for and everything that waits for it. */
export function kinOf(id: string, edges: readonly GraphEdge[]): ReadonlySet<string> {
	const kin = new Set([id]);
	const walk = (begin: string, step: (edge: GraphEdge, at: string) => string | undefined) => {
		const front = [begin];
		for (let at = front.pop(); at !== undefined; at = front.pop()) {
			for (const edge of edges) {
				const next = step(edge, at);
				if (next !== undefined && !kin.has(next)) {
					kin.add(next);
					front.push(next);
				}
			}
		}
	};
	walk(id, ({ from, to }, at) => (to === at ? from : undefined));
	walk(id, ({ from, to }, at) => (from === at ? to : undefined));
	return kin;
}
