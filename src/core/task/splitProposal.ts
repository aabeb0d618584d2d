// Owns whether a task looks too big for one agent, and the parts it would fall into: by the points of its description, else by the places
// it touches. Deterministic, and only ever a proposal. Pure.

import { formatDuration } from '../../base/words.ts';
import { addTo } from '../../base/groups.ts';
import type { AcceptancePoint } from '../gate/gatePlan.ts';
import { acceptancePoints } from '../gate/gatePlan.ts';
import type { Task } from './task.ts';

export interface TaskPartDraft {
	readonly name: string;
	readonly description: string;
	readonly touches: readonly string[];
	/** Its share of the acceptance list; undefined where it was not cut by that. */
	readonly acceptance?: readonly AcceptancePoint[];
	/** Minutes. */
	readonly estimate: number | null;
}

export interface SplitProposal {
	/** Why it looks too big, as phrases; empty when it does not. */
	readonly reasons: readonly string[];
	/** At least two, or none. */
	readonly parts: readonly TaskPartDraft[];
	/** Why there are no parts, as a phrase; undefined when there are. */
	readonly obstacle?: string | undefined;
}

const most = { points: 6, touches: 8, minutes: 240, parts: 8 };
/** Points a part gets, where that makes no more parts than a person reads. */
const pointsOfPart = 3;
/** Ways to fail that a smaller task would not. */
const sizeCodes: ReadonlySet<string> = new Set(['agent.timeout', 'agent.limit']);

/** `failures` are the codes its runs ended with, whatever they are. */
export function proposeSplit(task: Task, failures: readonly string[]): SplitProposal {
	const points = pointsOf(task);
	const reasons = sizeReasons(task, points, failures);
	if (task.action !== null || (task.params.run ?? []).length > 0) {
		return { reasons, parts: [], obstacle: 'its steps are fixed' };
	}
	const parts = points.length > 1 ? byPoints(task, points) : byPlaces(task);
	return parts.length > 1
		? { reasons, parts }
		: {
				reasons,
				parts: [],
				obstacle:
					'nothing says where to cut: write its points as "- [ ] …" lines, or name the folders it touches',
			};
}

function sizeReasons(
	{ touches, estimate }: Task,
	points: readonly Point[],
	failures: readonly string[],
): readonly string[] {
	const ranOut = failures.filter((code) => sizeCodes.has(code)).length;
	return [
		...(points.length > most.points ? [`it has ${points.length} points`] : []),
		...(touches.length > most.touches ? [`it touches ${touches.length} places`] : []),
		...((estimate ?? 0) > most.minutes ? [`it should take ${formatDuration((estimate ?? 0) * 60_000)}`] : []),
		...(ranOut > 1 ? [`${ranOut} runs ran out of time or room`] : []),
	];
}

interface Point {
	readonly text: string;
	readonly acceptance?: AcceptancePoint;
}

/** The acceptance list where it has several points, else a list in the description. */
function pointsOf(task: Task): readonly Point[] {
	const points = acceptancePoints(task);
	return points.length > 1
		? points.map((acceptance) => ({ text: acceptance.text, acceptance }))
		: listedIn(task.description).map((text) => ({ text }));
}

/** Lines of a list: open boxes where there are any, else numbered or marked lines that are not part of another. */
function listedIn(description: string): string[] {
	const lines = description.split('\n');
	const matched = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.groups?.['text']?.trim() ?? []);
	const boxes = matched(/^\s*[-*+]\s+\[ \]\s+(?<text>\S.*)$/u);
	const hasBoxes = boxes.length > 0 || lines.some((line) => /^\s*[-*+]\s+\[[xX]\]/u.test(line));
	return hasBoxes ? boxes : matched(/^(?:[-*+]|\d+[.)])\s+(?<text>\S.*)$/u);
}

function byPoints(task: Task, points: readonly Point[]): TaskPartDraft[] {
	const size = Math.max(Math.min(pointsOfPart, Math.ceil(points.length / 2)), Math.ceil(points.length / most.parts));
	const groups: Point[][] = [];
	for (let index = 0; index < points.length; index += size) {
		groups.push(points.slice(index, index + size));
	}
	return groups.map((group, index) => ({
		name: nameOf(task, group.length === 1 ? (group[0]?.text ?? '') : `part ${index + 1} of ${groups.length}`),
		description: [
			`Only these points of ${task.task_id}:`,
			...group.map(({ text }) => `- [ ] ${text}`),
			'',
			`All of ${task.task_id}, for orientation:`,
			'',
			task.description,
		].join('\n'),
		touches: task.touches,
		...(group.some(({ acceptance }) => acceptance !== undefined)
			? { acceptance: group.flatMap(({ acceptance }) => acceptance ?? []) }
			: {}),
		estimate: shareOf(task, groups.length),
	}));
}

function byPlaces(task: Task): TaskPartDraft[] {
	const places = new Map<string, string[]>();
	for (const glob of task.touches) {
		addTo(places, placeOf(glob), glob);
	}
	const groups = [...places].slice(0, places.size > most.parts ? most.parts - 1 : most.parts);
	const rest = [...places].slice(groups.length).flatMap(([, globs]) => globs);
	const all = rest.length === 0 ? groups : [...groups, ['the rest', rest] as const];
	return all.map(([place, globs]) => ({
		name: nameOf(task, place),
		description: [
			`Only what concerns ${globs.join(', ')} of ${task.task_id}.`,
			'',
			`All of ${task.task_id}, for orientation:`,
			'',
			task.description,
		].join('\n'),
		touches: globs,
		estimate: shareOf(task, all.length),
	}));
}

/** The first two folders, as far as they are names. */
function placeOf(glob: string): string {
	const folders = glob.split('/').slice(0, -1);
	const named = folders.findIndex((folder) => /[*?[\]{}()!]/u.test(folder));
	return folders.slice(0, Math.min(2, named === -1 ? 2 : named)).join('/') || glob;
}

const nameOf = ({ name }: Task, part: string): string => `${name.slice(0, 300)}: ${part}`.slice(0, 500);
const shareOf = ({ estimate }: Task, count: number): number | null =>
	estimate === null ? null : Math.max(1, Math.round(estimate / count));
