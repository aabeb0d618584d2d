// Owns how signals become one score with its reasons. Pure: the same signals give the same score, and none of them lowers it.

import { isJsonObject } from '../../base/json.ts';

export const driftSignalNames = ['repeat', 'errors', 'idle', 'outside', 'goal', 'plan', 'context', 'pace'] as const;
export type DriftSignalName = (typeof driftSignalNames)[number];

export interface DriftSignal {
	readonly name: DriftSignalName;
	/** What was measured, in the unit of the signal: a share, steps, or a factor. */
	readonly figure: number;
	/** From 0, nothing to see, to 1. */
	readonly strength: number;
	/** One line a person reads, with the figure in it. */
	readonly text: string;
}

export interface DriftReading {
	/** From 0 to 1. */
	readonly score: number;
	/** The strongest first; none that tells nothing. */
	readonly reasons: readonly string[];
	readonly signals: readonly DriftSignal[];
}

/** How much a signal at its full strength says by itself. */
const weights: Readonly<Record<Exclude<DriftSignalName, 'context' | 'pace'>, number>> = {
	repeat: 0.9,
	errors: 0.75,
	idle: 0.45,
	outside: 0.65,
	goal: 0.5,
	plan: 0.3,
};
/** These alone say nothing: long healthy work fills its context and takes its time. They add to what others say. */
const aggravations = { context: 0.2, pace: 0.3 } as const;
const worthTelling = 0.1;

/** Score at which an agent counts as drifting, by how sensitive a person wants that to be. */
export const driftThresholds = { low: 0.75, normal: 0.6, high: 0.45 } as const;
export type DriftSensitivity = keyof typeof driftThresholds;

export function readDrift(signals: readonly DriftSignal[]): DriftReading {
	let rest = 1;
	let factor = 1;
	for (const { name, strength } of signals) {
		if (name === 'context' || name === 'pace') {
			factor += aggravations[name] * strength;
		} else {
			rest *= 1 - weights[name] * strength;
		}
	}
	const weightOf = ({ name, strength }: DriftSignal): number =>
		strength * (name === 'context' || name === 'pace' ? aggravations[name] : weights[name]);
	return {
		score: Math.min(1, (1 - rest) * factor),
		signals,
		reasons: signals
			.filter((signal) => weightOf(signal) >= worthTelling)
			.toSorted((left, right) => weightOf(right) - weightOf(left))
			.map(({ text }) => text),
	};
}

/** What is done about drift, in this order. */
export const driftRungs = ['remind', 'restate', 'fresh', 'release', 'ask'] as const;
export type DriftRung = (typeof driftRungs)[number];

/** The same, as it is told. */
export const driftSteps: Readonly<Record<DriftRung, string>> = {
	remind: 'reminded',
	restate: 'told its task again',
	fresh: 'begun anew from its checkpoint',
	release: 'relieved of the task',
	ask: 'stopped, and you are asked',
};

/** What a run, and an event about drift, keep of a reading. */
export interface DriftNote {
	readonly score: number;
	readonly reasons: readonly string[];
	/** What was done about it last; null while nothing was. */
	readonly step: DriftRung | null;
}

/** `72%: Nothing was changed for 80 steps`, the first reasons. */
export function describeDrift({ score, reasons, step }: DriftNote): string {
	const done = step === null ? '' : ` (${driftSteps[step]})`;
	return `${Math.round(score * 100)}%${done}${reasons.length === 0 ? '' : `: ${reasons.slice(0, 2).join('; ')}`}`;
}

/** Lower scores are shown nowhere but in figures. */
const worthShowing = 0.3;

/** The same where it is worth a person's look; undefined where it is not. */
export const shownDrift = (note: DriftNote | null | undefined): string | undefined =>
	note === null || note === undefined || (note.score < worthShowing && note.step === null)
		? undefined
		: describeDrift(note);

/** Reads the data of such an event; undefined when it is none. */
export function parseDriftNote(data: unknown): DriftNote | undefined {
	if (!isJsonObject(data) || typeof data['score'] !== 'number' || !Array.isArray(data['reasons'])) {
		return undefined;
	}
	return {
		score: data['score'],
		reasons: data['reasons'].filter((each) => typeof each === 'string'),
		step: driftRungs.find((rung) => rung === data['step']) ?? null,
	};
}
