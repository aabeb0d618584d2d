// Owns reading what a task took from what its worker wrote down: tokens and cost, in the shapes workers use. Nothing is guessed.

import type { Task } from '../task/task.ts';

export interface Spending {
	/** Undefined where the worker told none. */
	readonly tokens: number | undefined;
	/** In the currency of the worker; undefined where it told none. */
	readonly cost: number | undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** `12`, `{ "total": 12 }`, or the sum of `{ "input": 5, "output": 7 }`. */
function tokensOf(value: unknown): number | undefined {
	if (isNumber(value)) {
		return value;
	}
	if (typeof value !== 'object' || value === null) {
		return undefined;
	}
	const total: unknown = Reflect.get(value, 'total');
	const numbers = Object.values(value).filter(isNumber);
	return isNumber(total) ? total : numbers.length === 0 ? undefined : numbers.reduce((sum, each) => sum + each, 0);
}

/** `0.12`, `"$0.12"`, `{ "amount": 0.12 }`. */
function costOf(value: unknown): number | undefined {
	if (isNumber(value)) {
		return value;
	}
	if (typeof value === 'string') {
		const number = /\d+(?:\.\d+)?/u.exec(value)?.[0];
		return number === undefined ? undefined : Number(number);
	}
	const amount: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'amount') : undefined;
	return isNumber(amount) ? amount : undefined;
}

export function readSpending({ result }: Pick<Task, 'result'>): Spending {
	return { tokens: tokensOf(result?.tokens), cost: costOf(result?.cost) };
}

/** The sum of what was told; undefined where nobody told anything. */
export function sumTold(values: readonly (number | undefined)[]): number | undefined {
	const told = values.filter((value) => value !== undefined);
	return told.length === 0 ? undefined : told.reduce((sum, value) => sum + value, 0);
}
