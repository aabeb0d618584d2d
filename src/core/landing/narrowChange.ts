// Owns accepting a part of a change: which files and places of it are wanted, and a hidden commit that holds just them, which then
// lands as any result does.

import { inBatches } from '../../base/async.ts';
import { DreamError } from '../../base/errors.ts';
import type { ChangedFile, CommittedFile, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { ChangeHunk } from './changeHunks.ts';
import { hunksOf, withHunks } from './changeHunks.ts';
import { excludedPaths } from './landingPath.ts';

export interface ChangeChoice {
	/** Only these files; all when left out. */
	readonly files?: readonly string[] | undefined;
	readonly rejectFiles?: readonly string[] | undefined;
	/** Numbers of places by file that are not wanted. */
	readonly rejectHunks?: Readonly<Record<string, readonly number[]>> | undefined;
}

export interface RejectedPart {
	readonly path: string;
	/** Left out: the whole file. */
	readonly hunks?: readonly number[];
}

export interface FileOfChange extends ChangedFile {
	/** Empty for what is not text, for new and for deleted files: those are taken as a whole. */
	readonly hunks: readonly ChangeHunk[];
}

type ReviewGit = Pick<Git, 'changes' | 'fileAt'>;

/** Base and result of a run; fails with `run.noChange` while it has none. */
export function sidesOf(run: Run): { readonly base: string; readonly result: string } {
	const { base_commit: base, result_commit: result } = run;
	if (base === null || result === null) {
		throw new DreamError('run.noChange', `${run.run_id} has no change to show: it is ${run.state}.`, {
			advice: 'A run has a change once its worker has finished.',
		});
	}
	return { base, result };
}

/** Files of a run's change with their places. */
export async function filesOfChange(git: ReviewGit, run: Run): Promise<readonly FileOfChange[]> {
	const { base, result } = sidesOf(run);
	const changes = await git.changes(base, result, excludedPaths);
	return inBatches(changes, async (change) => {
		const contents = await contentsOf(git, run, change);
		return { ...change, hunks: contents === undefined ? [] : hunksOf(...contents) };
	});
}

/** Both contents of a file that was a file before and after. */
async function contentsOf(
	git: Pick<Git, 'fileAt'>,
	run: Run,
	{ path, previousPath, kind, mode, previousMode }: ChangedFile,
): Promise<[base: Uint8Array, result: Uint8Array] | undefined> {
	const { base, result } = sidesOf(run);
	if (kind === 'created' || kind === 'deleted' || mode === '120000' || previousMode === '120000') {
		return undefined;
	}
	const [before, after] = [await git.fileAt(base, previousPath ?? path), await git.fileAt(result, path)];
	return before === undefined || after === undefined ? undefined : [before, after];
}

/** Makes the commit of what is wanted. Fails with `run.noSuchPart` and `run.nothingAccepted`. */
export async function narrowChange(
	git: ReviewGit & Pick<Git, 'commitFiles'>,
	run: Run,
	choice: ChangeChoice,
): Promise<{ readonly commit: string; readonly files: readonly string[]; readonly rejected: readonly RejectedPart[] }> {
	const { base, result } = sidesOf(run);
	const changes = await filesOfChange(git, run);
	checkChoice(changes, choice, run);
	const wanted: CommittedFile[] = [];
	const files: string[] = [];
	const rejected: RejectedPart[] = [];
	for (const change of changes) {
		const { path, previousPath, kind, mode, hunks } = change;
		const refused = new Set(choice.rejectHunks?.[path] ?? []);
		const isWhole = choice.files?.includes(path) !== false && choice.rejectFiles?.includes(path) !== true;
		if (!isWhole || (hunks.length > 0 && refused.size === hunks.length && previousPath === undefined)) {
			rejected.push({ path });
			continue;
		}
		files.push(path);
		if (previousPath !== undefined) {
			wanted.push({ path: previousPath, mode: '' });
		}
		const contents = refused.size === 0 ? undefined : await contentsOf(git, run, change);
		if (contents !== undefined) {
			const chosen = new Set(hunks.map(({ number }) => number).filter((number) => !refused.has(number)));
			wanted.push({ path, content: withHunks(...contents, chosen), mode });
			rejected.push({ path, hunks: [...refused].sort((left, right) => left - right) });
			continue;
		}
		const content = kind === 'deleted' ? undefined : await git.fileAt(result, path);
		wanted.push({ path, ...(content === undefined ? {} : { content }), mode });
	}
	if (files.length === 0) {
		throw new DreamError('run.nothingAccepted', `Nothing of the change of ${run.run_id} is left to land.`, {
			details: { run_id: run.run_id },
			advice: 'Reject the change instead, and say why.',
		});
	}
	const commit = await git.commitFiles(base, wanted, `Dream.OS: accepted part of ${run.run_id} (${run.task_id})`);
	return { commit, files, rejected };
}

function checkChoice(changes: readonly FileOfChange[], choice: ChangeChoice, run: Run): void {
	const known = new Map(changes.map((change) => [change.path, change]));
	const named = [...(choice.files ?? []), ...(choice.rejectFiles ?? []), ...Object.keys(choice.rejectHunks ?? {})];
	const unknown = named.find((path) => !known.has(path));
	if (unknown !== undefined) {
		throw new DreamError('run.noSuchPart', `${run.run_id} does not change ${unknown}.`, {
			details: { run_id: run.run_id, path: unknown },
			advice: `It changes: ${[...known.keys()].slice(0, 20).join(', ')}.`,
		});
	}
	for (const [path, numbers] of Object.entries(choice.rejectHunks ?? {})) {
		const count = known.get(path)?.hunks.length ?? 0;
		const wrong = numbers.find((number) => number < 1 || number > count);
		if (wrong !== undefined) {
			throw new DreamError('run.noSuchPart', `${path} has no place ${wrong}.`, {
				details: { run_id: run.run_id, path, hunk: wrong },
				advice:
					count === 0
						? 'It can only be taken or left as a whole.'
						: `Its places are numbered from 1 to ${count}.`,
			});
		}
	}
}
