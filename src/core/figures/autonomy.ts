// Owns how well the swarm gets on alone: how long it works without a person, what it mends by itself, how often it drifts, begins anew,
// and needs somebody. From the ledger's events only; the definitions stand in docs/figures.md. Pure.

import type { EventType, LedgerEvent } from '../events.ts';
import type { Figure } from './figure.ts';
import type { Period } from './throughput.ts';

/** A share of tasks, with those it does not hold for. */
export interface ShareFigure extends Figure {
	/** 0 to 1; null where there is nothing to take a share of. */
	readonly share: number | null;
	/** How many it is a share of; `value` of them have it. */
	readonly of: number;
	/** The others. */
	readonly otherIds: readonly string[];
}

export interface Frequency {
	readonly count: number;
	/** Per hour at work; null where nobody worked. */
	readonly perHour: number | null;
}

export interface Autonomy {
	/** Milliseconds in which an agent had a run. */
	readonly atWork: number;
	/** Longest work without an intervention, in milliseconds. */
	readonly longestAlone: number;
	readonly interventions: number;
	/** Milliseconds at work for each intervention; null without one. */
	readonly betweenInterventions: number | null;
	readonly recovered: ShareFigure;
	readonly unaided: ShareFigure;
	readonly drift: Frequency;
	readonly restarts: Frequency;
}

/** What a person does to work that is under way. To make, order and edit tasks is none: that is what the swarm is for. */
const interventionTypes: readonly EventType[] = [
	'question.answered',
	'run.messaged',
	'run.paused',
	'run.resumed',
	'run.restored',
	'run.narrowed',
	'run.sentBack',
	'run.handedOff',
	'run.takenOver',
	'run.givenBack',
	'run.resolving',
	'run.chose',
	'landing.reverted',
	'swarm.paused',
	'swarm.stopped',
];
/** Moves of a task that only give it out or order it. */
const givingMoves = ['ready', 'shelve'];

/** The events the figures are made of. */
export const autonomyTypes: readonly EventType[] = [
	'run.opened',
	'run.closed',
	'task.moved',
	'host.started',
	'host.stopped',
	...interventionTypes,
	'run.drifted',
];

/** Between two runs the swarm catches its breath; a longer time without any ends what it did without a person. */
const breath = 60_000;
const hour = 3_600_000;

const byPerson = ({ actor }: LedgerEvent): boolean => actor.startsWith('human:') || actor.startsWith('cli:');
const isMove = ({ type }: LedgerEvent): boolean => type === 'task.moved';

function isIntervention(event: LedgerEvent): boolean {
	if (!byPerson(event)) {
		return false;
	}
	const move = event.data?.['move'];
	return isMove(event)
		? typeof move !== 'string' || !givingMoves.includes(move)
		: interventionTypes.includes(event.type);
}

/** How the swarm did in a period. @param events of `autonomyTypes`, oldest first; earlier ones tell what was under way. */
export function autonomy(events: readonly LedgerEvent[], period: Period): Autonomy {
	const isIn = (event: LedgerEvent) => Date.parse(event.at) >= period.from && Date.parse(event.at) <= period.to;
	const inPeriod = events.filter(isIn);
	const { atWork, longestAlone } = workTimes(events, period);
	const interventions = inPeriod.filter(isIntervention).length;
	const frequency = (count: number): Frequency => ({ count, perHour: atWork === 0 ? null : count / (atWork / hour) });
	const ends = taskEnds(events, isIn);
	return {
		atWork,
		longestAlone,
		interventions,
		betweenInterventions: interventions === 0 ? null : atWork / interventions,
		recovered: shareOf('recovered', 'Recovered by itself', ends.recovered),
		unaided: shareOf('unaided', 'Completed without a person', ends.unaided),
		drift: frequency(inPeriod.filter(({ type }) => type === 'run.drifted').length),
		restarts: frequency(countRestarts(events, isIn)),
	};
}

/** Time with a run of an agent in it, and the longest of it between two interventions. */
function workTimes(events: readonly LedgerEvent[], { from, to }: Period): Pick<Autonomy, 'atWork' | 'longestAlone'> {
	const open = new Set<string>();
	let [atWork, alone, longestAlone] = [0, 0, 0];
	let last = from;
	let idle = 0;
	const pass = (at: number) => {
		const until = Math.min(Math.max(at, last), to);
		if (open.size > 0) {
			atWork += until - last;
			alone += until - last;
			longestAlone = Math.max(longestAlone, alone);
			idle = 0;
		} else {
			idle += until - last;
			alone = idle > breath ? 0 : alone;
		}
		last = until;
	};
	for (const event of events) {
		const { type, run_id: id = '' } = event;
		pass(Date.parse(event.at));
		if (type === 'run.opened' && !byPerson(event)) {
			open.add(id);
		} else if (type === 'run.closed') {
			open.delete(id);
		}
		if (isIntervention(event)) {
			alone = 0;
		}
	}
	pass(to);
	return { atWork, longestAlone };
}

type Ends = Map<string, boolean>;

/**
 * Tasks that came to an end in the period: whether one that had failed was mended without a person, and whether one that an agent
 * completed never needed one.
 */
function taskEnds(events: readonly LedgerEvent[], isIn: (event: LedgerEvent) => boolean) {
	const recovered: Ends = new Map();
	const unaided: Ends = new Map();
	/** Tasks with a failed attempt behind them, by whether the swarm was left alone with it. */
	const failing = new Map<string, boolean>();
	const aided = new Set<string>();
	const byAgent = new Set<string>();
	/** Tasks that stand where only a person gets them away from. */
	const stuck = new Set<string>();
	for (const event of events) {
		const { type, task_id: id, data } = event;
		if (id === undefined) {
			continue;
		}
		const to = isMove(event) ? data?.['to'] : undefined;
		if (isIntervention(event) || to === 'REVIEW') {
			aided.add(id);
			if (failing.has(id)) {
				failing.set(id, false);
			}
		}
		if (type === 'run.opened') {
			byAgent[byPerson(event) ? 'delete' : 'add'](id);
		} else if (type === 'run.closed' && (data?.['code'] !== undefined || isFailure(data?.['state']))) {
			failing.set(id, failing.get(id) ?? true);
			// The end of its last attempt is told after the task's own.
			if (stuck.has(id) && isIn(event)) {
				recovered.set(id, false);
			}
		}
		if (to !== undefined) {
			stuck[to === 'FAILED' || to === 'BLOCKED' ? 'add' : 'delete'](id);
		}
		if (to === 'COMPLETED' || to === 'FAILED' || to === 'BLOCKED' || to === 'CANCELLED') {
			const wasFailing = failing.get(id);
			if (wasFailing !== undefined && isIn(event)) {
				recovered.set(id, to === 'COMPLETED' && wasFailing);
			}
			if (to === 'COMPLETED' && byAgent.has(id) && isIn(event)) {
				unaided.set(id, !aided.has(id));
			}
			if (to === 'COMPLETED') {
				failing.delete(id);
			}
		}
	}
	return { recovered, unaided };
}

const isFailure = (state: unknown): boolean => state === 'failed' || state === 'lost' || state === 'blocked';

function shareOf(key: string, label: string, ends: Ends): ShareFigure {
	const idsWith = (value: boolean) => [...ends].flatMap(([id, has]) => (has === value ? [id] : []));
	const taskIds = idsWith(true);
	const share = ends.size === 0 ? null : taskIds.length / ends.size;
	return { key, label, value: taskIds.length, taskIds, otherIds: idsWith(false), of: ends.size, share };
}

/** Hosts that began although the one before had not ended in order. */
function countRestarts(events: readonly LedgerEvent[], isIn: (event: LedgerEvent) => boolean): number {
	let isLeading = false;
	let restarts = 0;
	for (const event of events) {
		if (event.type === 'host.started') {
			restarts += isLeading && isIn(event) ? 1 : 0;
			isLeading = true;
		} else if (event.type === 'host.stopped') {
			isLeading = false;
		}
	}
	return restarts;
}
