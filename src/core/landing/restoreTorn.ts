// Owns what is done first when a landing that was cut short is done again: a file that was taken away for another one that did not come
// any more is put back. The plan would take it for deleted by the person.

import type { Git } from '../ports.ts';
import type { LandedRecord } from './landedRecord.ts';
import type { LandingOperation, LandingTarget } from './landingTarget.ts';

/** Rejects as `LandingTarget.apply` does, or when git cannot be read. */
export async function restoreTorn(
	git: Pick<Git, 'changes' | 'fileAt'>,
	target: LandingTarget,
	{ before, after }: LandedRecord,
	label: string,
): Promise<void> {
	const operations: LandingOperation[] = [];
	for (const { path, previousPath, mode, previousMode } of await git.changes(before, after, [])) {
		const isReplaced = mode !== '' && previousMode !== '' && previousPath === undefined;
		if (!isReplaced) {
			continue;
		}
		const expected = await target.read(path);
		const content = expected.kind === 'none' ? await git.fileAt(before, path) : undefined;
		if (content !== undefined) {
			operations.push({ kind: 'create', path, content, mode: previousMode, expected });
		}
	}
	if (operations.length > 0) {
		await target.apply(operations, label);
	}
}
