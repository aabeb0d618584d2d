// Owns recognising what was imported before: by the file a record came from, the id it had there, and what it said. A task that was
// worked on since, or renamed on the way in, is recognised all the same.

import { isJsonObject } from '../../base/json.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { ImportedTask, SourcePlace, TaskSource } from './importedTask.ts';

/** Tasks of earlier imports by the id they had in their source. */
export class KnownSources {
	private readonly byId = new Map<
		string,
		{ readonly stored: StoredTask; readonly places: readonly SourcePlace[] }[]
	>();

	constructor(stored: readonly StoredTask[]) {
		for (const each of stored) {
			const source = sourceOf(each.task);
			if (source !== undefined) {
				const places = [{ ...source, status: '' }, ...(source.also ?? [])];
				this.byId.set(source.id, [...(this.byId.get(source.id) ?? []), { stored: each, places }]);
			}
		}
	}

	/** The task one of these records became; of several the one whose source did not change. */
	find(records: readonly ImportedTask[]): { readonly stored: StoredTask; readonly hasChanged: boolean } | undefined {
		const [first] = records;
		const candidates = first === undefined ? [] : (this.byId.get(first.found.id) ?? []);
		const matching = (isSame: (place: SourcePlace, record: ImportedTask) => boolean) =>
			candidates.find(({ places }) => places.some((place) => records.some((record) => isSame(place, record))));
		const exact = matching(
			(place, { file, source }) =>
				place.hash === source.hash && isSameFile(place, { file, origin: source.origin }),
		);
		const found = exact ?? matching(({ origin }, { source }) => origin === source.origin);
		return found === undefined ? undefined : { stored: found.stored, hasChanged: exact === undefined };
	}
}

type FilePlace = Pick<SourcePlace, 'file' | 'origin'>;

/** The same file, or the same path in a copy of the folder: of two imports one may have begun further up than the other. */
const isSameFile = (left: FilePlace, right: FilePlace): boolean =>
	left.origin === right.origin ||
	left.file === right.file ||
	left.file.endsWith(`/${right.file}`) ||
	right.file.endsWith(`/${left.file}`);

function sourceOf({ source }: Task): TaskSource | undefined {
	return isJsonObject(source) &&
		['file', 'pointer', 'origin', 'id', 'hash'].every((key) => typeof source[key] === 'string')
		? (source as unknown as TaskSource)
		: undefined;
}
