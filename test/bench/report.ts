// Owns how figures are told: one JSON object for programs, a table for people.

import type { FigurePlan, Measured } from './benchmark.ts';
import { budgetOf, keeps } from './benchmark.ts';

export interface Outcome {
	readonly name: string;
	readonly plan: FigurePlan;
	/** What was measured, or why nothing could be. */
	readonly result: Measured | { readonly failure: string };
}

export const isKept = ({ plan, result }: Outcome): boolean => 'value' in result && keeps(plan.limit, result.value);

/** `{"<name>":{"value":n,"unit":"…","budget":n,"ok":true}}`; the value is null when it could not be measured. */
export function toJson(outcomes: readonly Outcome[]): string {
	return JSON.stringify(
		Object.fromEntries(
			outcomes.map((outcome) => [
				outcome.name,
				{
					value: 'value' in outcome.result ? rounded(outcome.result.value) : null,
					unit: outcome.plan.unit,
					budget: budgetOf(outcome.plan.limit),
					ok: isKept(outcome),
				},
			]),
		),
	);
}

/** One figure with what stands behind it. */
export function toLines({ name, plan, result }: Outcome): string[] {
	const budget = `${'atMost' in plan.limit ? '≤' : '≥'} ${withUnit(budgetOf(plan.limit), plan.unit)}`;
	if ('failure' in result) {
		return [
			`${mark(false)} ${name.padEnd(28)} not measured (budget ${budget}): ${plan.title}`,
			`      ${result.failure}`,
		];
	}
	const isOk = keeps(plan.limit, result.value);
	const value = withUnit(rounded(result.value), plan.unit);
	return [
		`${mark(isOk)} ${name.padEnd(28)} ${value.padStart(14)}   ${budget.padEnd(14)} ${plan.title}`,
		...result.notes.map((note) => `      ${note}`),
	];
}

const mark = (isOk: boolean): string => (isOk ? '  ok  ' : 'MISSED');

const withUnit = (value: number, unit: string): string => (unit === 'ratio' ? String(value) : `${value} ${unit}`);

/** Three digits are more than a shared machine can tell apart. */
function rounded(value: number): number {
	return Number(value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
}
