// Owns git's three-way merge of texts, by `git merge-file` on temp files. Nothing of the repository is read or written.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import type { MergeResult } from '../core/ports.ts';
import type { GitRunner } from './simpleGit.ts';

/** More conflicts than this are counted as this many: the exit code holds no more. */
const mostConflicts = 127;

/**
 * Merges what both sides made of the base. Conflicts carry marks named `workspace`, `base` and `agent`. The line ends are
 * those of `ours` when the other two differ from it only in theirs: a checkout with other line ends is no change.
 */
export async function mergeTexts(runner: GitRunner, base: string, ours: string, theirs: string): Promise<MergeResult> {
	if ([base, ours, theirs].some((text) => text.includes('\0'))) {
		throw new DreamError('git.binaryText', 'Binary content cannot be merged line by line.');
	}
	const [sameBase, sameTheirs] = withLineEndsOf(ours, base, theirs);
	const folder = await mkdtemp(join(tmpdir(), 'dreamos-merge-'));
	try {
		await Promise.all([
			writeFile(join(folder, 'workspace'), ours),
			writeFile(join(folder, 'base'), sameBase),
			writeFile(join(folder, 'agent'), sameTheirs),
		]);
		const { output, exitCode } = await runner.run({
			folder,
			arguments: [
				'merge-file',
				'-p',
				'--diff3',
				'-L',
				'workspace',
				'-L',
				'base',
				'-L',
				'agent',
				'workspace',
				'base',
				'agent',
			],
			accepts: (code) => code > 0 && code <= mostConflicts,
		});
		return { text: output, conflicts: exitCode };
	} finally {
		await rm(folder, { recursive: true, force: true }).catch(() => undefined);
	}
}

function withLineEndsOf(ours: string, base: string, theirs: string): [string, string] {
	const [wanted, present] = [lineEndOf(ours), lineEndOf(base)];
	if (wanted === undefined || present === undefined || present !== lineEndOf(theirs) || wanted === present) {
		return [base, theirs];
	}
	const change = (text: string) =>
		wanted === '\r\n' ? text.replaceAll('\n', '\r\n') : text.replaceAll('\r\n', '\n');
	return [change(base), change(theirs)];
}

/** The line end that a text uses throughout; undefined when it uses none or several. */
function lineEndOf(text: string): '\n' | '\r\n' | undefined {
	const all = text.split('\n').length - 1;
	const windows = text.split('\r\n').length - 1;
	if (all === 0 || (windows !== 0 && windows !== all)) {
		return undefined;
	}
	return windows === 0 ? '\n' : '\r\n';
}
