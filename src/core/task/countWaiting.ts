// Owns how many tasks wait on each task, directly or through others. Exact and fast at any size: circles are drawn together, what
// hangs on one task alone is added up, and only where ways meet are sets of tasks compared, a block of bits at a time.

import type { Task } from './task.ts';
import { isFinished } from './taskStatus.ts';

type Waiting = Pick<Task, 'task_id' | 'dependencies' | 'status'>;

/** Tasks whose dependants are looked at together; a word holds 32. */
const blockSize = 1024;
const blockWords = blockSize / 32;

/** For each unfinished task the number of unfinished tasks that wait on it. A circle counts once, and nobody waits on himself. */
export function countWaiting(tasks: readonly Waiting[]): Map<string, number> {
	const open = tasks.filter(({ status }) => !isFinished(status));
	const counts = new Map(open.map(({ task_id }) => [task_id, 0]));
	const named = new Set(open.flatMap(({ dependencies }) => dependencies));
	// Most tasks have nothing to do with any other.
	const tied = open.filter(({ task_id, dependencies }) => dependencies.length > 0 || named.has(task_id));
	const groups = condense(dependantsOf(tied));
	const reached = countReached(groups);
	tied.forEach(({ task_id }, index) => {
		const group = groups.groupOf[index] ?? 0;
		counts.set(task_id, (reached[group] ?? 0) + (groups.sizes[group] ?? 1) - 1);
	});
	return counts;
}

/** For each task, by its place in the list, the places of those that name it as a dependency. */
function dependantsOf(tasks: readonly Waiting[]): number[][] {
	const places = new Map(tasks.map(({ task_id }, index) => [task_id, index]));
	const dependants: number[][] = tasks.map(() => []);
	tasks.forEach(({ dependencies }, index) => {
		for (const dependency of new Set(dependencies)) {
			const place = places.get(dependency);
			if (place !== undefined && place !== index) {
				dependants[place]?.push(index);
			}
		}
	});
	return dependants;
}

/** The graph with every circle drawn together into one group. Groups nobody waits on come first: edges lead to lower numbers only. */
interface Groups {
	readonly groupOf: Int32Array;
	readonly sizes: readonly number[];
	/** Groups that wait on each group. */
	readonly edges: readonly (readonly number[])[];
}

/** Tarjan's algorithm without recursion, so that a chain of any length is safe. */
function condense(edges: readonly (readonly number[])[]): Groups {
	const count = edges.length;
	const groupOf = new Int32Array(count).fill(-1);
	const order = new Int32Array(count).fill(-1);
	const low = new Int32Array(count);
	const next = new Int32Array(count);
	const members: number[][] = [];
	const stack: number[] = [];
	let clock = 0;
	for (let root = 0; root < count; root++) {
		const path = order[root] === -1 ? [root] : [];
		for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
			if (order[node] === -1) {
				order[node] = low[node] = clock++;
				stack.push(node);
			}
			const target = edges[node]?.[next[node] ?? 0];
			if (target !== undefined) {
				next[node] = (next[node] ?? 0) + 1;
				if (order[target] === -1) {
					path.push(target);
				} else if (groupOf[target] === -1) {
					low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
				}
				continue;
			}
			path.pop();
			const parent = path.at(-1);
			if (parent !== undefined) {
				low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
			}
			if (low[node] === order[node]) {
				const group = stack.splice(stack.lastIndexOf(node));
				group.forEach((member) => (groupOf[member] = members.length));
				members.push(group);
			}
		}
	}
	const between = members.map((group, index) => {
		const targets = new Set(group.flatMap((member) => edges[member]?.map((target) => groupOf[target] ?? 0) ?? []));
		targets.delete(index);
		return [...targets];
	});
	return { groupOf, sizes: members.map(({ length }) => length), edges: between };
}

/** Tasks in all groups that can be reached from each group, itself left out. */
function countReached({ sizes, edges }: Groups): Float64Array {
	const count = sizes.length;
	const waitsOn = new Int32Array(count);
	for (const targets of edges) {
		targets.forEach((target) => (waitsOn[target] = (waitsOn[target] ?? 0) + 1));
	}
	/** Everything behind the group is reached on one way only, so that it can be added up. */
	const isTree = new Uint8Array(count);
	/** The group itself and what is reached through it alone. */
	const weight = Float64Array.from(sizes);
	const met: number[] = [];
	const metEdges: number[][] = [];
	const metPlace = new Int32Array(count).fill(-1);
	for (let group = 0; group < count; group++) {
		const rest: number[] = [];
		for (const target of edges[group] ?? []) {
			if (isTree[target] === 1 && waitsOn[target] === 1) {
				weight[group] = (weight[group] ?? 0) + (weight[target] ?? 0);
			} else {
				rest.push(metPlace[target] ?? 0);
			}
		}
		isTree[group] = rest.length === 0 ? 1 : 0;
		if (rest.length > 0 || (waitsOn[group] ?? 0) > 1) {
			metPlace[group] = met.length;
			met.push(group);
			metEdges.push(rest);
		}
	}
	const counts = weight.map((each, group) => each - (sizes[group] ?? 0));
	addMet(met, metEdges, weight, counts);
	return counts;
}

/** Adds what is reached where ways meet: for each block of groups, who reaches which of them, as bits. */
function addMet(
	met: readonly number[],
	edges: readonly (readonly number[])[],
	weight: Float64Array,
	counts: Float64Array,
): void {
	const bits = new Uint32Array(met.length * blockWords);
	/** Start of the last block each place was seen to reach into; its bits are of that block. */
	const reaching = new Int32Array(met.length).fill(-1);
	for (let start = 0; start < met.length; start += blockSize) {
		const sums = blockSums(met.slice(start, start + blockSize).map((group) => weight[group] ?? 0));
		// Edges lead to lower places, so nothing before the block reaches into it.
		for (let place = start; place < met.length; place++) {
			const row = place * blockWords;
			for (const target of edges[place] ?? []) {
				const isMember = target >= start && target < start + blockSize;
				const isReaching = reaching[target] === start;
				if ((isMember || isReaching) && reaching[place] !== start) {
					reaching[place] = start;
					bits.fill(0, row, row + blockWords);
				}
				if (isMember) {
					const word = row + ((target - start) >>> 5);
					bits[word] = (bits[word] ?? 0) | (1 << ((target - start) & 31));
				}
				if (isReaching) {
					const from = target * blockWords;
					for (let word = 0; word < blockWords; word++) {
						bits[row + word] = (bits[row + word] ?? 0) | (bits[from + word] ?? 0);
					}
				}
			}
			if (reaching[place] === start) {
				const group = met[place] ?? 0;
				counts[group] = (counts[group] ?? 0) + weighBits(bits, row, sums);
			}
		}
	}
}

/** For each byte of a block and each of its values, the weight of the bits that are set. */
function blockSums(weights: readonly number[]): Float64Array {
	const sums = new Float64Array((blockSize / 8) * 256);
	for (let byte = 0; byte < blockSize / 8; byte++) {
		for (let value = 1; value < 256; value++) {
			const lowest = 31 - Math.clz32(value & -value);
			sums[byte * 256 + value] =
				(sums[byte * 256 + (value & (value - 1))] ?? 0) + (weights[byte * 8 + lowest] ?? 0);
		}
	}
	return sums;
}

function weighBits(bits: Uint32Array, row: number, sums: Float64Array): number {
	let sum = 0;
	for (let word = 0; word < blockWords; word++) {
		const value = bits[row + word] ?? 0;
		if (value !== 0) {
			const base = word * 1024;
			sum +=
				(sums[base + (value & 255)] ?? 0) +
				(sums[base + 256 + ((value >>> 8) & 255)] ?? 0) +
				(sums[base + 512 + ((value >>> 16) & 255)] ?? 0) +
				(sums[base + 768 + (value >>> 24)] ?? 0);
		}
	}
	return sum;
}
