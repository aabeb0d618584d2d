// Owns the fixes of names that lead nowhere, or in a circle: dependencies and agents. Near names are offered, and taking it out.

import { removeValue, replaceValue } from '../jsonEdit.ts';
import type { BoardFix, FixInput } from './fix.ts';
import { recordFix } from './fix.ts';
import { nearestWords } from './nearestWords.ts';

const mostNames = 5;

export function fixUnknownDependency(input: FixInput): BoardFix[] {
	const { problem, place, facts, syntax } = input;
	const wrong = String(problem.value);
	const known = new Set([...facts.tasks.keys(), ...syntax.records.flatMap(({ id }) => id ?? [])]);
	known.delete(problem.task_id ?? '');
	known.delete(wrong);
	const near = nearestWords(wrong, known, mostNames);
	return [
		...near.flatMap((id, index) =>
			recordFix(input, `Change it to ${id}`, replaceValue(place.text, place.path, id), {
				isPreferred: index === 0,
			}),
		),
		...removeDependency(input, 'Remove it from the dependencies'),
	];
}

export function fixCycle(input: FixInput): BoardFix[] {
	return removeDependency(input, `Remove the dependency on ${String(input.problem.value)}`);
}

/** A single id that stands for a list of one leaves an empty list. */
function removeDependency(input: FixInput, title: string): BoardFix[] {
	const { text, path } = input.place;
	const isElement = typeof path.at(-1) === 'number';
	return recordFix(input, title, isElement ? removeValue(text, path) : replaceValue(text, path, []));
}

export function fixUnknownAgent(input: FixInput): BoardFix[] {
	const { place, facts } = input;
	const wrong = place.found?.value;
	const ids = facts.agents.map(({ id }) => id);
	const near = typeof wrong === 'string' ? nearestWords(wrong, ids, mostNames) : [];
	return [
		...near.flatMap((id, index) =>
			recordFix(input, `Assign it to ${id}`, replaceValue(place.text, place.path, id), {
				isPreferred: index === 0,
			}),
		),
		...recordFix(input, 'Assign it to nobody', replaceValue(place.text, place.path, null)),
		{ title: 'Add the agent to runtime/agents.json…', deed: 'openAgents' },
	];
}
