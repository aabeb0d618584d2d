// Owns which gates a task has to pass: those of the workspace, of its type, and its own. A record that was edited by hand may hold
// anything; what is no gate is left out.

import { isJsonObject } from '../../base/json.ts';
import type { Settings } from '../settings.ts';
import type { GateKind, GateResult, Task } from '../task/task.ts';
import type { GateSet, ProblemSeverity, ReviewKind } from './gateSet.ts';
import { notRead } from './gateVerdict.ts';

export interface PlannedCommand {
	readonly kind: Extract<GateKind, 'command' | 'tests' | 'diagnostics' | 'acceptance'>;
	readonly command: string;
	/** What it shows to be there, where it backs a point of the acceptance list. */
	readonly point?: string;
}

/** What an attached editor is asked for. */
export interface WantedProblems {
	/** The least that counts. */
	readonly severity: ProblemSeverity;
	/** Compilers or linters that count where no editor reads its problems. */
	readonly commands: readonly string[];
}

export interface GatePlan {
	/** In the order in which they run; each command once. */
	readonly commands: readonly PlannedCommand[];
	/** No new problem in an attached editor; undefined where nobody asks for that. */
	readonly editor: WantedProblems | undefined;
	readonly wantsDiff: boolean;
	readonly wantsTouches: boolean;
	readonly review: ReviewKind;
	/** Points of the acceptance list that no command backs: whoever reviews has to confirm them. */
	readonly openPoints: readonly string[];
}

export interface AcceptancePoint {
	readonly text: string;
	/** Shows it; undefined where only a reviewer can. */
	readonly command: string | undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const commandsOf = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((each): each is string => textOf(each) !== '') : [];

/** What the acceptance list of a task holds. */
export function acceptancePoints(task: Pick<Task, 'validation'>): AcceptancePoint[] {
	const list: unknown = task.validation.acceptance;
	return (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
		const { text, command } = isJsonObject(entry) ? entry : { text: entry, command: undefined };
		return textOf(text) === '' ? [] : [{ text: textOf(text), command: textOf(command) || undefined }];
	});
}

/** What `diagnostics` of a set asks of an editor; a plain list of commands asks nothing of it. */
function wantedProblems(asked: unknown): WantedProblems | undefined {
	const { severity, commands } = isJsonObject(asked) ? asked : { severity: asked, commands: undefined };
	return isJsonObject(asked) || asked === true || asked === 'error' || asked === 'warning'
		? { severity: severity === 'warning' ? 'warning' : 'error', commands: commandsOf(commands) }
		: undefined;
}

/** The stricter of all that is asked, and every command. */
function addUp(sets: readonly unknown[]): WantedProblems | undefined {
	const wanted = sets.flatMap((set) => wantedProblems(set) ?? []);
	return wanted.length === 0
		? undefined
		: {
				severity: wanted.some(({ severity }) => severity === 'warning') ? 'warning' : 'error',
				commands: [...new Set(wanted.flatMap(({ commands }) => commands))],
			};
}

/** What a task asks for itself. */
function ownGates({ validation }: Pick<Task, 'validation'>): GateSet {
	return {
		commands: commandsOf(validation.commands),
		tests: commandsOf(validation.tests),
		diff: validation.diff === true,
		touches: validation.touches === true,
		review:
			validation.review === 'agent'
				? 'agent'
				: validation.review === true || validation.review === 'person'
					? 'person'
					: 'none',
	};
}

export type GateSettings = Pick<Settings, 'gates.workspace' | 'gates.byType'>;

/** All gates of a task; a person's review is stricter than an agent's, and either is stricter than none. */
export function planGates(task: Pick<Task, 'validation' | 'task_type'>, settings: GateSettings): GatePlan {
	const byType = settings['gates.byType'];
	const ofType = Object.hasOwn(byType, task.task_type) ? byType[task.task_type] : undefined;
	const sets: readonly GateSet[] = [
		settings['gates.workspace'],
		...(ofType === undefined ? [] : [ofType]),
		ownGates(task),
	];
	const points = acceptancePoints(task);
	const planned: PlannedCommand[] = [
		...sets.flatMap((set) => (set.commands ?? []).map((command) => ({ kind: 'command' as const, command }))),
		...sets.flatMap(({ diagnostics }) =>
			commandsOf(diagnostics).map((command) => ({ kind: 'diagnostics' as const, command })),
		),
		...sets.flatMap((set) => (set.tests ?? []).map((command) => ({ kind: 'tests' as const, command }))),
	];
	const backed = points.flatMap(({ text: point, command }) =>
		command === undefined ? [] : [{ kind: 'acceptance' as const, command, point }],
	);
	const seen = new Set<string>();
	const once = planned.filter(({ command }) => !seen.has(command) && seen.add(command));
	const reviews = sets.map(({ review }) => review);
	return {
		commands: [...once, ...backed],
		editor: addUp([...sets.map(({ diagnostics }) => diagnostics), task.validation.diagnostics]),
		wantsDiff: sets.some(({ diff }) => diff === true),
		wantsTouches: sets.some(({ touches }) => touches === true),
		review: reviews.includes('person') ? 'person' : reviews.includes('agent') ? 'agent' : 'none',
		openPoints: points.filter(({ command }) => command === undefined).map(({ text }) => text),
	};
}

/** Whether somebody has to accept the change, whatever else the workspace says: a point nobody shows is one to look at. */
export const needsReview = ({ review, openPoints }: Pick<GatePlan, 'review' | 'openPoints'>): boolean =>
	review !== 'none' || openPoints.length > 0;

/** Whether a gate that nobody could read has nothing in its place: the work is not proven, and somebody has to decide. */
export const isUnproven = ({ editor }: Pick<GatePlan, 'editor'>, gates: readonly GateResult[]): boolean =>
	editor !== undefined && editor.commands.length === 0 && gates.some(({ ending }) => ending === notRead);
