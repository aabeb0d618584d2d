// Owns how often the files of a run were changed to something they never were before, as far as a step can tell of it.

import type { DriftStep } from './driftSteps.ts';

/** How often what a step depends on was changed to something it never was before. */
export class FileVersions {
	private all = 0;
	private other = 0;
	private readonly byPath = new Map<string, number>();

	/** Without paths it may be any file. */
	bump(paths: readonly string[]): void {
		this.all += 1;
		this.other += paths.length === 0 ? 1 : 0;
		for (const path of paths) {
			this.byPath.set(path, (this.byPath.get(path) ?? 0) + 1);
		}
	}

	/** A command may depend on any file; the other calls on those they name. */
	of({ kind, paths }: DriftStep): number {
		return kind === 'execute' || paths.length === 0
			? this.all
			: paths.reduce((sum, path) => sum + (this.byPath.get(path) ?? 0), this.other);
	}
}
