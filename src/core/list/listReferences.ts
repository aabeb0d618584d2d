// Owns what a word in a list means that names another task: an id of the list, an id that is there already, or a title of the list.

import type { ExistingTasks } from './existingTasks.ts';
import { foldTitle } from './existingTasks.ts';

export type Reference =
	| { readonly id: string; readonly why?: undefined }
	| { readonly id: undefined; readonly why: string };

export class ListReferences {
	private readonly existing: ExistingTasks;
	private readonly ids = new Set<string>();
	private readonly titles = new Map<string, { readonly id: string; readonly line: number }[]>();

	constructor(existing: ExistingTasks) {
		this.existing = existing;
	}

	/** Makes an entry of the list known. All are known before the first is asked for, so that their order does not matter. */
	add(id: string, title: string, line: number): void {
		this.ids.add(id);
		const key = foldTitle(title);
		if (key !== '') {
			this.titles.set(key, [...(this.titles.get(key) ?? []), { id, line }]);
		}
	}

	resolve(text: string): Reference {
		if (this.ids.has(text) || this.existing.byId(text) !== undefined) {
			return { id: text };
		}
		const titled = this.titles.get(foldTitle(text)) ?? [];
		const [first] = titled;
		if (first === undefined) {
			return { id: undefined, why: `There is no task ${text}, neither here nor on the boards.` };
		}
		return titled.length === 1
			? { id: first.id }
			: {
					id: undefined,
					why: `More than one entry is called ${text} (lines ${titled.map(({ line }) => line).join(', ')}); name the id.`,
				};
	}
}
