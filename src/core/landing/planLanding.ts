// Owns the decision how a change lands: for each file, what base, agent and open workspace make together. It changes nothing;
// one conflict means that nothing lands. Planning again after a landing that was cut short ends in the same content.

import type { ChangedFile, Git } from '../ports.ts';
import type { LandingBounds } from './landingPath.ts';
import { isLinkInside, pathRefusal } from './landingPath.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from './landingTarget.ts';
import { sameBytes } from './landingTarget.ts';
import { mergeContent, sameContent } from './mergeContent.ts';

export interface LandingConflict {
	readonly path: string;
	/** Phrase that follows the path: `was changed on both sides in one place`. */
	readonly reason: string;
}

export interface LandingPlan {
	/** Empty when there is a conflict, or when everything is there already. */
	readonly operations: readonly LandingOperation[];
	readonly conflicts: readonly LandingConflict[];
}

export interface LandingFacts {
	readonly changes: readonly ChangedFile[];
	/** Commit the agent began with, and the one it ended with. */
	readonly base: string;
	readonly result: string;
	readonly bounds: LandingBounds;
}

const linkMode = '120000';
const submoduleMode = '160000';
/** Files that are looked at together: enough to hide latency, few enough to hold in memory. */
const batchSize = 16;

type Step = { readonly operation: LandingOperation } | { readonly conflict: LandingConflict } | undefined;

/** Compares and plans. Rejects only when git or the target cannot be read. */
export async function planLanding(
	git: Pick<Git, 'fileAt' | 'mergeText'>,
	target: Pick<LandingTarget, 'read'>,
	facts: LandingFacts,
): Promise<LandingPlan> {
	const steps: Step[] = [];
	for (let start = 0; start < facts.changes.length; start += batchSize) {
		const batch = facts.changes.slice(start, start + batchSize);
		steps.push(...(await Promise.all(batch.map((change) => planFile(git, target, facts, change)))));
	}
	const conflicts = steps.flatMap((step) => (step !== undefined && 'conflict' in step ? [step.conflict] : []));
	return {
		operations:
			conflicts.length > 0
				? []
				: steps.flatMap((step) => (step !== undefined && 'operation' in step ? [step.operation] : [])),
		conflicts,
	};
}

async function planFile(
	git: Pick<Git, 'fileAt' | 'mergeText'>,
	target: Pick<LandingTarget, 'read'>,
	facts: LandingFacts,
	change: ChangedFile,
): Promise<Step> {
	const { path } = change;
	const refuse = (reason: string): Step => ({ conflict: { path, reason } });
	for (const each of change.previousPath === undefined ? [path] : [path, change.previousPath]) {
		const refusal = pathRefusal(each, facts.bounds);
		if (refusal !== undefined) {
			return { conflict: { path: each, reason: refusal } };
		}
	}
	if (change.mode === submoduleMode) {
		return refuse('is a submodule; changes of submodules do not land');
	}
	const origin = change.previousPath ?? path;
	const base = change.kind === 'created' ? undefined : await git.fileAt(facts.base, origin);
	const theirs = change.kind === 'deleted' ? undefined : await git.fileAt(facts.result, path);
	if ((change.kind !== 'created' && base === undefined) || (change.kind !== 'deleted' && theirs === undefined)) {
		return refuse('cannot be read from the repository');
	}
	if (theirs !== undefined && change.mode === linkMode && !isLinkInside(path, decode(theirs))) {
		return refuse('is a link to a place outside the repository');
	}
	const current = await target.read(path);
	if (current.kind === 'obstacle') {
		return refuse(current.reason);
	}
	if (theirs === undefined) {
		return base === undefined ? undefined : planDeletion(path, base, current);
	}
	if (base === undefined) {
		return planCreation(change, theirs, current);
	}
	if (change.previousPath === undefined) {
		return current.kind === 'none'
			? refuse('was edited by the agent and deleted here')
			: planEdit(git, change, base, theirs, current);
	}
	return planRename(git, target, change, { base, theirs, current, previousPath: change.previousPath });
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function bytesOf(entry: LandingEntry): Uint8Array {
	switch (entry.kind) {
		case 'file':
			return entry.content;
		case 'link':
			return new TextEncoder().encode(entry.target);
		case 'none':
		case 'obstacle':
			return new Uint8Array();
	}
}

/** Whether the entry has the type and permission the mode asks for. */
function hasMode(entry: LandingEntry, mode: string): boolean {
	return mode === linkMode
		? entry.kind === 'link'
		: entry.kind === 'file' && entry.isExecutable === (mode === '100755');
}

function planDeletion(path: string, base: Uint8Array, current: LandingEntry): Step {
	if (current.kind === 'none') {
		return undefined;
	}
	return sameContent(bytesOf(current), base)
		? { operation: { kind: 'delete', path, mode: '', expected: current } }
		: { conflict: { path, reason: 'was deleted by the agent and changed here' } };
}

function planCreation({ path, mode }: ChangedFile, theirs: Uint8Array, current: LandingEntry): Step {
	if (current.kind === 'none') {
		return { operation: { kind: 'create', path, content: theirs, mode, expected: current } };
	}
	if (!sameContent(bytesOf(current), theirs)) {
		return { conflict: { path, reason: 'was created by the agent and, differently, here' } };
	}
	return hasMode(current, mode)
		? undefined
		: { operation: { kind: 'edit', path, content: bytesOf(current), mode, expected: current } };
}

async function planEdit(
	git: Pick<Git, 'mergeText'>,
	{ path, mode }: ChangedFile,
	base: Uint8Array,
	theirs: Uint8Array,
	current: LandingEntry,
): Promise<Step> {
	const ours = bytesOf(current);
	const isLink = mode === linkMode || current.kind === 'link';
	if (isLink && !sameBytes(ours, base) && !sameBytes(ours, theirs)) {
		return { conflict: { path, reason: 'is a link that was changed on both sides' } };
	}
	const merged = isLink ? { content: theirs } : await mergeContent(git, base, ours, theirs);
	if ('conflict' in merged) {
		return { conflict: { path, reason: merged.conflict } };
	}
	return sameBytes(merged.content, ours) && hasMode(current, mode)
		? undefined
		: { operation: { kind: 'edit', path, content: merged.content, mode, expected: current } };
}

/** A rename that happened here too (a landing that was cut short, or a person) is an edit of the renamed file. */
async function planRename(
	git: Pick<Git, 'mergeText'>,
	target: Pick<LandingTarget, 'read'>,
	change: ChangedFile,
	sides: {
		readonly base: Uint8Array;
		readonly theirs: Uint8Array;
		readonly current: LandingEntry;
		readonly previousPath: string;
	},
): Promise<Step> {
	const { path, mode } = change;
	const { base, theirs, current, previousPath } = sides;
	const previous = await target.read(previousPath);
	switch (previous.kind) {
		case 'obstacle':
			return { conflict: { path: previousPath, reason: previous.reason } };
		case 'none':
			return current.kind === 'none'
				? { conflict: { path: previousPath, reason: `was renamed by the agent to ${path} and deleted here` } }
				: planEdit(git, change, base, theirs, current);
		case 'file':
		case 'link':
			break;
	}
	if (current.kind !== 'none') {
		return sameContent(bytesOf(current), theirs)
			? planDeletion(previousPath, base, previous)
			: { conflict: { path, reason: `exists here; the agent renamed ${previousPath} to it` } };
	}
	const isLink = mode === linkMode || previous.kind === 'link';
	const merged =
		isLink && sameBytes(bytesOf(previous), base)
			? { content: theirs }
			: await mergeContent(git, base, bytesOf(previous), theirs);
	return 'conflict' in merged
		? { conflict: { path, reason: merged.conflict } }
		: { operation: { kind: 'rename', path, previousPath, content: merged.content, mode, expected: previous } };
}

/** One sentence that names the files that stand in the way, at most `limit` of them. */
export function describeConflicts(conflicts: readonly LandingConflict[], limit = 5): string {
	const shown = conflicts.slice(0, limit).map(({ path, reason }) => `${path} ${reason}`);
	const rest = conflicts.length - shown.length;
	return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
