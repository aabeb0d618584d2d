// Owns what the editor and the page of the dashboard agree on: a state, one whole picture of it, and numbered differences. A page
// that missed a number knows it and asks for the whole again. Pure; both ends use this file.

import type { DependencyPaths } from '../core/figures/dependencyPaths.ts';
import type { AnalyticsModel } from './analyticsModel.ts';
import type { EventLine } from './eventLine.ts';
import type { RunBar } from './runBar.ts';
import type { TaskCard } from './taskCard.ts';
import type { DashboardModel } from './viewModels.ts';

/** Lists of which only what changed is sent, by what names an item in them. */
interface DashboardLists {
	readonly log: EventLine;
	readonly tasks: TaskCard;
	readonly runs: RunBar;
}
type ListName = keyof DashboardLists;

export type ShownPaths = DependencyPaths;

/** Small things that are sent as a whole when they are another. */
interface DashboardValues {
	readonly paths: ShownPaths;
	readonly analytics: AnalyticsModel;
}
type ValueName = keyof DashboardValues;
const valueNames: readonly ValueName[] = ['paths', 'analytics'];

const keyOf: { readonly [Name in ListName]: (item: DashboardLists[Name]) => string } = {
	log: ({ sequence }) => String(sequence),
	tasks: ({ id }) => id,
	runs: ({ id }) => id,
};
const listNames = Object.keys(keyOf) as ListName[];

type AnyItem = DashboardLists[ListName];
const keyIn = (name: ListName, item: AnyItem): string =>
	// The list's own items only ever come under its name.
	(keyOf[name] as (item: AnyItem) => string)(item);

/** What a page shows now. A list that no open tab shows is left out. */
export type DashboardState = {
	readonly overview: DashboardModel;
} & { readonly [Name in ListName]?: readonly DashboardLists[Name][] } & Partial<DashboardValues>;

interface ListDelta<Item> {
	/** The page had nothing of it, or something else. */
	readonly isWhole: boolean;
	readonly changed: readonly Item[];
	readonly removed: readonly string[];
}

export type DashboardDelta = {
	/** One more than the number before. */
	readonly sequence: number;
	readonly overview?: Partial<DashboardModel>;
} & { readonly [Name in ListName]?: ListDelta<DashboardLists[Name]> } & Partial<DashboardValues>;

export interface DashboardSnapshot {
	readonly sequence: number;
	readonly state: DashboardState;
}

const isSame = (left: unknown, right: unknown): boolean =>
	left === right || JSON.stringify(left) === JSON.stringify(right);

/** The editor's end: remembers what the page knows and tells what is new to it. */
export class DashboardFeed {
	private sequence = 0;
	private overview: DashboardModel | undefined;
	private readonly lists = new Map<ListName, ToldList>();
	private values: Partial<DashboardValues> = {};

	/** Everything, for a page that is new, was hidden, or lost its place. */
	whole(state: DashboardState): DashboardSnapshot {
		this.sequence += 1;
		this.overview = state.overview;
		this.lists.clear();
		for (const name of listNames) {
			this.keep(name, state[name]);
		}
		this.nextValues(state, {});
		return { sequence: this.sequence, state };
	}

	/** What is new since the last telling; undefined when nothing is. */
	next(state: DashboardState): DashboardDelta | undefined {
		const overview = this.nextOverview(state.overview);
		const lists = Object.fromEntries(
			listNames.flatMap((name) => {
				const delta = this.nextList(name, state[name]);
				return delta === undefined ? [] : [[name, delta]];
			}),
		);
		const values = this.nextValues(state, this.values);
		if (overview === undefined && Object.keys({ ...lists, ...values }).length === 0) {
			return undefined;
		}
		this.sequence += 1;
		return { sequence: this.sequence, ...(overview === undefined ? {} : { overview }), ...lists, ...values };
	}

	private nextOverview(next: DashboardModel): Partial<DashboardModel> | undefined {
		const before = this.overview;
		this.overview = next;
		const changed = Object.entries(next).filter(
			([name, value]) => before === undefined || !isSame(before[name as keyof DashboardModel], value),
		);
		return changed.length === 0 ? undefined : Object.fromEntries(changed);
	}

	private nextValues(state: DashboardState, before: Partial<DashboardValues>): Partial<DashboardValues> {
		const names = valueNames.filter((name) => state[name] !== undefined);
		this.values = Object.fromEntries(names.map((name) => [name, state[name]]));
		return Object.fromEntries(
			names.filter((name) => !isSame(before[name], state[name])).map((name) => [name, state[name]]),
		);
	}

	private nextList(name: ListName, items: readonly AnyItem[] | undefined): ListDelta<AnyItem> | undefined {
		const before = this.lists.get(name);
		if (before === undefined || items === undefined) {
			this.keep(name, items);
			return items === undefined ? undefined : { isWhole: true, changed: items, removed: [] };
		}
		const { byKey: known } = before;
		const changed: AnyItem[] = [];
		for (const [index, item] of items.entries()) {
			// Of thousands of tasks nearly all are where they were and what they were.
			if (item !== before.items[index]) {
				const key = keyIn(name, item);
				if (!isSame(known.get(key), item)) {
					changed.push(item);
				}
				known.set(key, item);
			}
		}
		const removed: string[] = [];
		if (known.size !== items.length) {
			const keys = new Set(items.map((item) => keyIn(name, item)));
			for (const key of known.keys()) {
				if (!keys.has(key)) {
					removed.push(key);
					known.delete(key);
				}
			}
		}
		before.items = items;
		return changed.length === 0 && removed.length === 0 ? undefined : { isWhole: false, changed, removed };
	}

	private keep(name: ListName, items: readonly AnyItem[] | undefined): void {
		if (items === undefined) {
			this.lists.delete(name);
		} else {
			this.lists.set(name, { items, byKey: byKey(name, items) });
		}
	}
}

/** A list as the page knows it. */
interface ToldList {
	items: readonly AnyItem[];
	readonly byKey: Map<string, AnyItem>;
}

function byKey(name: ListName, items: readonly AnyItem[]): Map<string, AnyItem> {
	const map = new Map<string, AnyItem>();
	for (const item of items) {
		map.set(keyIn(name, item), item);
	}
	return map;
}

function valuesIn(told: Partial<DashboardValues>): Partial<DashboardValues> {
	return Object.fromEntries(valueNames.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]]])));
}

/** The page's end: what it was told so far. */
export class ToldState {
	private sequence = -1;
	private model: DashboardModel | undefined;
	private readonly lists = new Map<ListName, Map<string, AnyItem>>();
	private readonly changes = new Map<ListName, number>();
	private values: Partial<DashboardValues> = {};

	/** Undefined before the first snapshot. */
	get overview(): DashboardModel | undefined {
		return this.model;
	}

	/** The items of a list by what names them, until the next telling; undefined when it was not told. */
	itemsByKey<Name extends ListName>(name: Name): ReadonlyMap<string, DashboardLists[Name]> | undefined {
		return this.lists.get(name) as ReadonlyMap<string, DashboardLists[Name]> | undefined;
	}

	/** The items of a list in no order; undefined when it was not told. */
	list<Name extends ListName>(name: Name): readonly DashboardLists[Name][] | undefined {
		const items = this.lists.get(name);
		return items === undefined ? undefined : ([...items.values()] as DashboardLists[Name][]);
	}

	/** Undefined when it was not told. */
	value<Name extends ValueName>(name: Name): DashboardValues[Name] | undefined {
		return this.values[name];
	}

	/** Another number whenever the list is another: what was made of it can be kept until then. */
	revision(name: ListName): number {
		return this.changes.get(name) ?? 0;
	}

	take({ sequence, state }: DashboardSnapshot): void {
		this.sequence = sequence;
		this.model = state.overview;
		this.values = valuesIn(state);
		this.lists.clear();
		for (const name of listNames) {
			const items = state[name];
			this.changes.set(name, this.revision(name) + 1);
			if (items !== undefined) {
				this.lists.set(name, byKey(name, items));
			}
		}
	}

	/** False when something before it was missed: then nothing of it is taken. */
	apply(delta: DashboardDelta): boolean {
		if (this.model === undefined || delta.sequence !== this.sequence + 1) {
			return false;
		}
		this.sequence = delta.sequence;
		this.model = { ...this.model, ...delta.overview };
		this.values = { ...this.values, ...valuesIn(delta) };
		for (const name of listNames) {
			const list = delta[name];
			if (list === undefined) {
				continue;
			}
			const known: Map<string, AnyItem> = this.lists.get(name) ?? new Map<string, AnyItem>();
			const items = list.isWhole ? new Map<string, AnyItem>() : known;
			list.removed.forEach((key) => items.delete(key));
			list.changed.forEach((item) => items.set(keyIn(name, item), item));
			this.lists.set(name, items);
			this.changes.set(name, this.revision(name) + 1);
		}
		return true;
	}
}
