// Owns the contract of a place where changes land: the files of a repository, or the same files seen through an editor with
// its unsaved text. A target checks nothing about whose change is right; planLanding does, and hands over finished content.

import { DreamError } from '../../base/errors.ts';

/** What stands at a path. Contents are the bytes git would store, for a link the path it points to. */
export type LandingEntry =
	| { readonly kind: 'none' }
	| {
			readonly kind: 'file';
			readonly content: Uint8Array;
			readonly isExecutable: boolean;
			/** The content is unsaved text of an editor; what is on disk is older. */
			readonly isDirty: boolean;
			/** Equal for two names of one file, as on a disk that does not tell upper from lower case. */
			readonly identity?: string;
	  }
	| { readonly kind: 'link'; readonly target: string }
	/**
	 * Nothing can be read or written here: a folder, a device, a path that leads through a link. `reason` says which; `by` names
	 * the paths that have to go to clear the way, where a change could remove them.
	 */
	| { readonly kind: 'obstacle'; readonly reason: string; readonly by?: readonly string[] };

/** One step of a landing. Paths are relative to the repository's top folder, with forward slashes, and were checked. */
export interface LandingOperation {
	readonly kind: 'create' | 'edit' | 'delete' | 'rename';
	/** The path after the step; for a deletion the path that goes. */
	readonly path: string;
	/** Where a renamed file is before the step. */
	readonly previousPath?: string;
	/** What stands at `path` afterwards; undefined for a deletion. For a link (mode 120000) the path it points to. */
	readonly content?: Uint8Array;
	/** git's mode of the result: `100644`, `100755`, `120000`; empty for a deletion. */
	readonly mode: string;
	/**
	 * What the plan found at `previousPath ?? path`. The target refuses the whole landing when it holds something else by now. An
	 * obstacle is expected where steps before this one remove it.
	 */
	readonly expected: LandingEntry;
}

export interface LandingTarget {
	/** What stands at a path at this moment. Rejects only when the disk fails. */
	read(path: string): Promise<LandingEntry>;
	/**
	 * Applies every step or none, in order; resolves when the result is durable (or held by the editor, where that is chosen).
	 * Rejects with `landing.changedMeanwhile` when an expectation does not hold any more, and with `landing.failed` when the
	 * disk or the editor refuses; in both cases everything is as it was before.
	 */
	apply(operations: readonly LandingOperation[], label: string): Promise<void>;
}

/** What a target rejects with when an expectation does not hold any more. */
export function changedMeanwhile(path: string): DreamError {
	return new DreamError('landing.changedMeanwhile', `${path} changed while a change was about to land.`, {
		details: { path },
	});
}

/** Whether two paths that differ in upper and lower case only are one file on this disk. */
export function isOneFile(path: string, entry: LandingEntry, other: string, otherEntry: LandingEntry): boolean {
	return (
		path.toLowerCase() === other.toLowerCase() &&
		entry.kind === 'file' &&
		otherEntry.kind === 'file' &&
		entry.identity !== undefined &&
		entry.identity === otherEntry.identity
	);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
	if (left.length !== right.length) {
		return false;
	}
	for (let index = 0; index < left.length; index += 1) {
		if (left[index] !== right[index]) {
			return false;
		}
	}
	return true;
}

/** Whether two readings of a path mean the same content. Whether it is saved does not matter. */
export function sameEntry(left: LandingEntry, right: LandingEntry): boolean {
	if (left.kind === 'file' && right.kind === 'file') {
		return left.isExecutable === right.isExecutable && sameBytes(left.content, right.content);
	}
	if (left.kind === 'link' && right.kind === 'link') {
		return left.target === right.target;
	}
	if (left.kind === 'obstacle' && right.kind === 'obstacle') {
		const [leftBy = [], rightBy = []] = [left.by, right.by];
		return (
			leftBy.length > 0 &&
			leftBy.length === rightBy.length &&
			leftBy.every((path, index) => path === rightBy[index])
		);
	}
	return left.kind === right.kind && left.kind === 'none';
}
