// Owns how a conflict becomes a person's work: a worktree on what is open now, with all of the agent's change that fits and, in the
// files that do not, both sides. What the person makes of it is measured from what is open now, so that it lands.

import { DreamError } from '../../base/errors.ts';
import { createCommitTarget } from '../landing/commitTarget.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { LandingConflict } from '../landing/planLanding.ts';
import { planLanding } from '../landing/planLanding.ts';
import { renamedSince } from '../landing/renamedSince.ts';
import { snapshotForTrial } from '../landing/trialMerge.ts';
import type { ChangedFile } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { PersonParts } from './personParts.ts';
import { workFolderOf } from './personParts.ts';
import { holderOf, requirePersonRun } from './personRun.ts';
import { isPersonRun } from './isPersonRun.ts';
import type { ConflictSide } from './conflictSide.ts';
import type { FileInConflict, Resolving } from './resolving.ts';
import { readResolving, unresolvedFiles } from './resolving.ts';
import type { WorkPlace } from './workOnTask.ts';
import { claimForPerson, furnish } from './workOnTask.ts';

export interface ConflictWork extends WorkPlace {
	/** Absolute path of the worktree's top folder, where paths begin. */
	readonly top: string;
	readonly resolving: Resolving;
	/** Paths that are still open. */
	readonly open: readonly string[];
}

/** Begins, or goes on. Fails with `task.noConflict`, `task.illegalMove`, `worktrees.*`, `git.*`. */
export async function resolveConflict(parts: PersonParts, taskId: string): Promise<ConflictWork> {
	const { ledger, actor, git } = parts;
	const { holder, last, stored } = await ledger.read(async (reader) => {
		const found = await requireTask(reader, taskId);
		const [newest] = await reader.runs({ task_id: taskId, limit: 1 });
		return { stored: found, holder: await holderOf(reader, found.run_id), last: newest };
	});
	if (holder !== undefined && isPersonRun(holder) && holder.state !== 'review') {
		const before = await ledger.read((reader) => readResolving(reader, holder.run_id));
		if (before !== undefined) {
			return describe(parts, await furnish(parts, holder, undefined), before);
		}
	}
	const isStuck = stored.task.status === 'BLOCKED' && stored.task.block_reason?.kind === 'conflict';
	const from = holder?.state === 'review' ? holder : isStuck ? last : undefined;
	if (from === undefined || from.base_commit === null || from.result_commit === null) {
		throw new DreamError('task.noConflict', `${taskId} is ${stored.task.status}; no change of it is in conflict.`, {
			details: { task_id: taskId, status: stored.task.status },
			advice: 'Only a task that is blocked by a conflict, or whose change waits for review, has one to resolve.',
		});
	}
	const sides = { base: from.base_commit, agent: from.result_commit, yours: await snapshotForTrial(git) };
	const { commit, files } = await mergeAll(parts, sides);
	const resolving = { ...sides, files: [...files] };
	const run = await ledger.write(actor, async (transaction) => {
		if (holder !== undefined) {
			await advanceTask(transaction, {
				taskId,
				move: 'release',
				reason: `${actor.id} resolves its conflicts`,
				token: { run_id: holder.run_id, epoch: holder.epoch },
			});
		}
		const claimed = await claimForPerson(transaction, parts, taskId, 'to resolve the conflict');
		await transaction.append({
			type: 'run.resolving',
			task_id: taskId,
			run_id: claimed.run_id,
			message: `${actor.id} resolves ${files.length === 0 ? 'what is no conflict any more' : files.map(({ path }) => path).join(', ')}`,
			data: resolving,
		});
		return claimed;
	});
	const start = { run: from, base: sides.yours, commit };
	return describe(parts, await furnish(parts, run, start), resolving);
}

async function describe(parts: PersonParts, place: WorkPlace, resolving: Resolving): Promise<ConflictWork> {
	const top = place.run.worktree ?? place.folder;
	return { ...place, top, resolving, open: await unresolvedFiles(parts, place.run.run_id, top) };
}

type Sides = Omit<Resolving, 'files'>;

/** What is open now with all that fits, and with marks in what does not. */
async function mergeAll(
	parts: PersonParts,
	sides: Sides,
): Promise<{ readonly commit: string; readonly files: readonly FileInConflict[] }> {
	const { git, bounds } = parts;
	const { base, agent: result, yours } = sides;
	const message = 'Dream.OS: a change with its conflicts';
	const target = createCommitTarget(git, yours, message);
	let changes = await git.changes(base, result, excludedPaths);
	const files: FileInConflict[] = [];
	for (;;) {
		const facts = { changes, base, result, bounds, renamedHere: () => renamedSince(git, base, yours) };
		const { operations, conflicts } = await planLanding(git, target, facts);
		if (conflicts.length === 0) {
			await target.apply(operations, message);
			break;
		}
		const named = new Map(conflicts.map((conflict) => [conflict.path, conflict]));
		const isNamed = ({ path, previousPath = path }: ChangedFile) => named.has(path) || named.has(previousPath);
		const stuck = changes.filter(isNamed);
		if (stuck.length === 0) {
			throw new DreamError(
				'task.noConflict',
				`The conflict cannot be taken apart: ${conflicts[0]?.reason ?? ''}.`,
			);
		}
		for (const change of stuck) {
			const conflict = named.get(change.path) ?? named.get(change.previousPath ?? '');
			files.push(await kindOf(parts, sides, change, conflict));
		}
		changes = changes.filter((change) => !isNamed(change));
	}
	const marked = await Promise.all(
		files.filter(({ kind }) => kind === 'merge').map((file) => withMarks(parts, sides, file)),
	);
	return {
		commit: marked.length === 0 ? target.commit : await git.commitFiles(target.commit, marked, message),
		files,
	};
}

async function kindOf(
	{ git }: PersonParts,
	{ base, agent, yours }: Sides,
	{ path, previousPath }: ChangedFile,
	conflict: LandingConflict | undefined,
): Promise<FileInConflict> {
	const origin = previousPath ?? path;
	const modes = await Promise.all([git.modeAt(agent, path), git.modeAt(yours, path)]);
	const contents = await Promise.all([git.fileAt(agent, path), git.fileAt(yours, path), git.fileAt(base, origin)]);
	const isText =
		modes.every((mode) => mode.startsWith('100')) &&
		contents.slice(0, 2).every((content) => content !== undefined && isUtf8(content)) &&
		isUtf8(contents[2] ?? new Uint8Array());
	return { path, origin, kind: isText ? 'merge' : 'choice', reason: conflict?.reason ?? '' };
}

function isUtf8(content: Uint8Array): boolean {
	try {
		return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\0');
	} catch {
		return false;
	}
}

async function withMarks({ git }: PersonParts, { base, agent, yours }: Sides, { path, origin }: FileInConflict) {
	const read = async (commit: string, place: string) =>
		new TextDecoder('utf-8', { ignoreBOM: true }).decode((await git.fileAt(commit, place)) ?? new Uint8Array());
	const { text } = await git.mergeText(await read(base, origin), await read(yours, path), await read(agent, path));
	return { path, content: new TextEncoder().encode(text), mode: await git.modeAt(yours, path) };
}

/** Puts one side of a file into the worktree. Fails with `run.noSuchPart`, `landing.failed`, and as `requirePersonRun` does. */
export async function chooseSide(
	parts: PersonParts,
	runId: string,
	path: string,
	side: ConflictSide,
): Promise<{ readonly run: Run; readonly folder: string; readonly open: readonly string[] }> {
	const { ledger, actor, git } = parts;
	const { run, folder } = await ledger.read((reader) => requirePersonRun(reader, runId, actor));
	const resolving = await ledger.read((reader) => readResolving(reader, runId));
	const file = resolving?.files.find((each) => each.path === path);
	if (resolving === undefined || file === undefined) {
		throw new DreamError('run.noSuchPart', `${path} is not in conflict in ${runId}.`, {
			details: { run_id: runId, path },
			advice: `In conflict: ${resolving?.files.map((each) => each.path).join(', ') ?? 'nothing'}.`,
		});
	}
	const commit = resolving[side];
	const [content, mode] = [await git.fileAt(commit, path), await git.modeAt(commit, path)];
	const target = parts.worktreeTarget(folder);
	const expected = await target.read(path);
	if (content !== undefined) {
		const kind = expected.kind === 'none' ? 'create' : 'edit';
		await target.apply([{ kind, path, content, mode, expected }], runId);
	} else if (expected.kind !== 'none') {
		await target.apply([{ kind: 'delete', path, mode: '', expected }], runId);
	}
	await ledger.write(actor, (transaction) =>
		transaction.append({
			type: 'run.chose',
			task_id: run.task_id,
			run_id: runId,
			message: `${actor.id} takes ${side === 'agent' ? "the agent's" : 'the open workspace’s'} ${path}`,
			data: { path, side },
		}),
	);
	return { run, folder: workFolderOf(parts, folder), open: await unresolvedFiles(parts, runId, folder) };
}
