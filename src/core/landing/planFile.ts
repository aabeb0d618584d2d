// Owns what becomes of one file of a change: steps that land it, or the conflict that keeps everything from landing.

import type { ChangedFile, Git } from '../ports.ts';
import type { ConflictWords } from './conflictWords.ts';
import { isLinkInside, pathRefusal } from './landingPath.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from './landingTarget.ts';
import { isOneFile, sameBytes } from './landingTarget.ts';
import type { MergeConflict } from './mergeContent.ts';
import { mergeContent, sameContent } from './mergeContent.ts';
import type { LandingConflict, LandingFacts } from './planLanding.ts';

export interface FileFacts extends Omit<LandingFacts, 'renamedHere' | 'words'> {
	readonly words: ConflictWords;
	readonly git: Pick<Git, 'fileAt' | 'mergeText'>;
	readonly target: Pick<LandingTarget, 'read'>;
	readonly renamedHere: () => Promise<ReadonlyMap<string, string>>;
}

export interface FilePlan {
	readonly change: ChangedFile;
	readonly operations?: readonly LandingOperation[];
	readonly conflict?: LandingConflict;
	/** What the conflict is about, where it is something other parts of the change may remove. */
	readonly obstacle?: Extract<LandingEntry, { readonly kind: 'obstacle' }>;
}

type Step = Omit<FilePlan, 'change'>;

const linkMode = '120000';
const executableMode = '100755';
const plainMode = '100644';
const submoduleMode = '160000';

const nothing: Step = {};
const refuse = (path: string, reason: string): Step => ({ conflict: { path, reason } });
const refuseMerge = (path: string, { conflict: reason, bothSides }: MergeConflict): Step => ({
	conflict: { path, reason, ...(bothSides === undefined ? {} : { bothSides }) },
});
const perform = (operation: LandingOperation): Step => ({ operations: [operation] });

/** Compares one file on three sides. Rejects only when git or the target cannot be read. */
export async function planFile(facts: FileFacts, change: ChangedFile): Promise<FilePlan> {
	return { change, ...(await plan(facts, change)) };
}

async function plan(facts: FileFacts, change: ChangedFile): Promise<Step> {
	const { path } = change;
	for (const each of change.previousPath === undefined ? [path] : [path, change.previousPath]) {
		const refusal = pathRefusal(each, facts.bounds);
		if (refusal !== undefined) {
			return refuse(each, refusal);
		}
	}
	if (change.mode === submoduleMode) {
		return refuse(path, 'is a submodule; changes of submodules do not land');
	}
	const origin = change.previousPath ?? path;
	const base = change.kind === 'created' ? undefined : await facts.git.fileAt(facts.base, origin);
	const theirs = change.kind === 'deleted' ? undefined : await facts.git.fileAt(facts.result, path);
	if ((change.kind !== 'created' && base === undefined) || (change.kind !== 'deleted' && theirs === undefined)) {
		return refuse(path, 'cannot be read from the repository');
	}
	if (theirs !== undefined && change.mode === linkMode && !isLinkInside(path, decode(theirs))) {
		return refuse(path, 'is a link to a place outside the repository');
	}
	const current = await facts.target.read(path);
	if (theirs === undefined) {
		return base === undefined ? nothing : planDeletion(facts, path, base, current);
	}
	if (current.kind === 'obstacle') {
		const isMoved = change.kind === 'edited' && (await facts.renamedHere()).has(path);
		return isMoved && base !== undefined
			? planEditOfMoved(facts, change, base, theirs)
			: { ...refuse(path, current.reason), obstacle: current };
	}
	if (base === undefined) {
		return planCreation(facts, change, theirs, current);
	}
	if (change.previousPath !== undefined) {
		return planRename(facts, change, { base, theirs, current, previousPath: change.previousPath });
	}
	return current.kind === 'none'
		? planEditOfMoved(facts, change, base, theirs)
		: planEdit(facts, change, base, theirs, current);
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

/** The mode three sides make: what the agent changed of it, else what it is here. */
function mergeMode({ mode, previousMode }: ChangedFile, current: LandingEntry): string {
	if (mode === linkMode || current.kind !== 'file' || mode !== previousMode) {
		return mode;
	}
	return current.isExecutable ? executableMode : plainMode;
}

/** Whether the entry has the type and permission the mode asks for. */
function hasMode(entry: LandingEntry, mode: string): boolean {
	return mode === linkMode
		? entry.kind === 'link'
		: entry.kind === 'file' && entry.isExecutable === (mode === executableMode);
}

async function planDeletion(facts: FileFacts, path: string, base: Uint8Array, current: LandingEntry): Promise<Step> {
	// Whatever else is in its place, the file itself is gone.
	if (current.kind === 'none' || current.kind === 'obstacle') {
		const moved = (await facts.renamedHere()).get(path);
		return moved === undefined ? nothing : refuse(path, facts.words.deletedAndRenamedHere(moved));
	}
	return sameContent(bytesOf(current), base)
		? perform({ kind: 'delete', path, mode: '', expected: current })
		: refuse(path, facts.words.deletedAndChangedHere);
}

function planCreation(
	{ words }: FileFacts,
	{ path, mode }: ChangedFile,
	theirs: Uint8Array,
	current: LandingEntry,
): Step {
	if (current.kind === 'none') {
		return perform({ kind: 'create', path, content: theirs, mode, expected: current });
	}
	if (!sameContent(bytesOf(current), theirs)) {
		return refuse(path, words.createdDifferentlyHere);
	}
	return hasMode(current, mode)
		? nothing
		: perform({ kind: 'edit', path, content: bytesOf(current), mode, expected: current });
}

async function planEdit(
	{ git }: Pick<FileFacts, 'git'>,
	change: ChangedFile,
	base: Uint8Array,
	theirs: Uint8Array,
	current: LandingEntry,
): Promise<Step> {
	const { path } = change;
	const ours = bytesOf(current);
	const isLink = change.mode === linkMode || current.kind === 'link';
	if (isLink && !sameBytes(ours, base) && !sameBytes(ours, theirs)) {
		return refuse(path, 'is a link that was changed on both sides');
	}
	const merged = isLink ? { content: theirs } : await mergeContent(git, base, ours, theirs);
	if ('conflict' in merged) {
		return refuseMerge(path, merged);
	}
	const mode = mergeMode(change, current);
	return sameBytes(merged.content, ours) && hasMode(current, mode)
		? nothing
		: perform({ kind: 'edit', path, content: merged.content, mode, expected: current });
}

/** The agent's edit follows a file that was renamed here. */
async function planEditOfMoved(
	facts: FileFacts,
	change: ChangedFile,
	base: Uint8Array,
	theirs: Uint8Array,
): Promise<Step> {
	const moved = (await facts.renamedHere()).get(change.path);
	const refusal = moved === undefined ? undefined : pathRefusal(moved, facts.bounds);
	const current = moved === undefined || refusal !== undefined ? undefined : await facts.target.read(moved);
	return moved === undefined || current?.kind !== 'file' || change.mode === linkMode
		? refuse(change.path, facts.words.editedAndDeletedHere)
		: planEdit(facts, { ...change, path: moved }, base, theirs, current);
}

/** A rename that happened here too (a landing that was cut short, or a person) is an edit of the renamed file. */
async function planRename(
	facts: FileFacts,
	change: ChangedFile,
	sides: {
		readonly base: Uint8Array;
		readonly theirs: Uint8Array;
		readonly current: LandingEntry;
		readonly previousPath: string;
	},
): Promise<Step> {
	const { path } = change;
	const { base, theirs, current, previousPath } = sides;
	const previous = await facts.target.read(previousPath);
	switch (previous.kind) {
		case 'obstacle':
		case 'none':
			return current.kind === 'none'
				? refuse(
						previousPath,
						previous.kind === 'none'
							? facts.words.renamedAndDeletedHere(path)
							: facts.words.renamedAndObstructed(path, previous.reason),
					)
				: planEdit(facts, change, base, theirs, current);
		case 'file':
		case 'link':
			break;
	}
	if (current.kind !== 'none' && !isOneFile(path, current, previousPath, previous)) {
		return sameContent(bytesOf(current), theirs)
			? planDeletion(facts, previousPath, base, previous)
			: refuse(path, facts.words.renamedToExisting(previousPath));
	}
	const isLink = change.mode === linkMode || previous.kind === 'link';
	const merged =
		isLink && sameBytes(bytesOf(previous), base)
			? { content: theirs }
			: await mergeContent(facts.git, base, bytesOf(previous), theirs);
	const mode = mergeMode(change, previous);
	return 'conflict' in merged
		? refuseMerge(path, merged)
		: perform({ kind: 'rename', path, previousPath, content: merged.content, mode, expected: previous });
}
