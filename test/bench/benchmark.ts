// Owns what a benchmark is: the figures it promises with their budgets, and one function that measures them all in one go.

import type { Product } from './product.ts';

/** What a figure may be at most, or must be at least. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

export interface FigurePlan {
	readonly unit: string;
	readonly limit: Limit;
	/** What it measures, in a few words for the table. */
	readonly title: string;
}

export interface Measured {
	readonly value: number;
	/** Spread over the rounds, absolute numbers, method: for people, beside the figure. */
	readonly notes: readonly string[];
}

export interface BenchContext {
	/** Absolute path of an empty folder on a real disk, removed after the benchmark. */
	readonly folder: string;
	/** The product, built once per run. */
	readonly product: () => Promise<Product>;
	/** Tells a person what is going on. */
	readonly say: (line: string) => void;
	/** Called after the benchmark, also when it failed, the last one first. */
	readonly onEnd: (job: () => void | Promise<void>) => void;
}

export interface Benchmark<Name extends string = string> {
	readonly figures: Readonly<Record<Name, FigurePlan>>;
	/** Measures all its figures in one run: they are parts of the same work. */
	readonly measure: (context: BenchContext) => Promise<Readonly<Record<Name, Measured>>>;
}

/** Gives a benchmark its types: a figure that is not planned cannot be measured. */
export function defineBenchmark<Name extends string>(benchmark: Benchmark<Name>): Benchmark {
	return benchmark;
}

export const budgetOf = (limit: Limit): number => ('atMost' in limit ? limit.atMost : limit.atLeast);

export const keeps = (limit: Limit, value: number): boolean =>
	'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
