// Owns what is kept of a landing so that it can be taken back: two hidden commits with the files it touched, as they were right before
// and as it left them. Made before anything is applied; a landing that is cut short and done again adds to what it kept.

import type { CommittedFile, Git } from '../ports.ts';
import type { LandingEntry, LandingOperation } from './landingTarget.ts';

type RecordGit = Pick<Git, 'changes' | 'fileAt' | 'commitFiles' | 'listReferences' | 'setReference'>;

export interface LandedRecord {
	readonly before: string;
	readonly after: string;
}

const prefix = 'refs/dreamos/landed/';
const reference = (runId: string, side: keyof LandedRecord): string => `${prefix}${runId}/${side}`;
/** Landings that can be taken back; older ones are history. */
const keptRecords = 200;

export async function readRecord(git: Pick<Git, 'listReferences'>, runId: string): Promise<LandedRecord | undefined> {
	const found = new Map((await git.listReferences(`${prefix}${runId}/`)).map(({ name, commit }) => [name, commit]));
	const [before, after] = [found.get(reference(runId, 'before')), found.get(reference(runId, 'after'))];
	return before === undefined || after === undefined ? undefined : { before, after };
}

/**
 * Keeps what these steps replace and make. `earlier` is what a landing of the same run that was cut short had kept: what stood there
 * before that one is what stood there before.
 */
export async function keepRecord(
	git: RecordGit,
	runId: string,
	base: string,
	operations: readonly LandingOperation[],
	earlier: LandedRecord | undefined,
): Promise<void> {
	const before = new Map<string, CommittedFile>();
	const after = new Map<string, CommittedFile>();
	for (const operation of operations) {
		const { path, previousPath, expected, content, mode } = operation;
		if (previousPath !== undefined) {
			after.set(previousPath, { path: previousPath, mode: '' });
			before.set(path, { path, mode: '' });
		}
		const origin = previousPath ?? path;
		before.set(origin, committed(origin, expected));
		after.set(path, content === undefined ? { path, mode: '' } : { path, content, mode });
	}
	if (earlier !== undefined) {
		await addEarlier(git, earlier, before, after);
	}
	const first = await git.commitFiles(base, [...before.values()], `Dream.OS: before ${runId} landed`);
	const last = await git.commitFiles(first, [...after.values()], `Dream.OS: ${runId} landed`);
	await git.setReference(reference(runId, 'before'), first);
	await git.setReference(reference(runId, 'after'), last);
}

export async function forgetRecord(git: Pick<Git, 'setReference'>, runId: string): Promise<void> {
	await git.setReference(reference(runId, 'after'), undefined);
	await git.setReference(reference(runId, 'before'), undefined);
}

/** Forgets the oldest records beyond those that are kept; ids of runs sort by time. */
export async function forgetOldRecords(git: Pick<Git, 'listReferences' | 'setReference'>): Promise<void> {
	const ids = new Set(
		(await git.listReferences(prefix)).map(({ name }) => name.slice(prefix.length).split('/')[0] ?? ''),
	);
	for (const runId of [...ids].sort().slice(0, -keptRecords)) {
		await forgetRecord(git, runId);
	}
}

function committed(path: string, entry: LandingEntry): CommittedFile {
	switch (entry.kind) {
		case 'file':
			return { path, content: entry.content, mode: entry.isExecutable ? '100755' : '100644' };
		case 'link':
			return { path, content: new TextEncoder().encode(entry.target), mode: '120000' };
		case 'none':
		case 'obstacle':
			return { path, mode: '' };
	}
}

async function addEarlier(
	git: RecordGit,
	earlier: LandedRecord,
	before: Map<string, CommittedFile>,
	after: Map<string, CommittedFile>,
): Promise<void> {
	const add = (files: Map<string, CommittedFile>, file: CommittedFile) => files.set(file.path, file);
	for (const { path, previousPath, mode, previousMode } of await git.changes(earlier.before, earlier.after, [])) {
		if (previousPath !== undefined) {
			add(before, { path, mode: '' });
		}
		add(before, await fileOf(git, earlier.before, previousPath ?? path, previousMode));
		if (previousPath !== undefined && !after.has(previousPath)) {
			add(after, { path: previousPath, mode: '' });
		}
		if (!after.has(path)) {
			add(after, await fileOf(git, earlier.after, path, mode));
		}
	}
}

async function fileOf(git: Pick<Git, 'fileAt'>, commit: string, path: string, mode: string): Promise<CommittedFile> {
	const content = mode === '' ? undefined : await git.fileAt(commit, path);
	return content === undefined ? { path, mode: '' } : { path, content, mode };
}
