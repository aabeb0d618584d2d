// Owns the tools with which a language model finds its way in a worktree: names of files, and text in them. It follows no link, looks
// into neither `.git` nor downloaded packages, and shows of no file what may not be read.

import type { Dirent } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import { matchesPath } from '../../core/policy/policyPattern.ts';
import type { WorktreeFence } from '../worktreeFence.ts';
import { decodeText } from './lmFileTools.ts';
import type { LmPermissions } from './lmPermissions.ts';
import type { LmTool } from './lmTool.ts';
import { defineTool } from './lmTool.ts';

/** Files looked at, names shown, and lines shown of one search. */
const mostFiles = 50_000;
const mostNames = 500;
const mostHits = 100;
const mostHitFiles = 30;
const shownLine = 300;
const searchedBytes = 2 * 1024 * 1024;
/** Other people's code, which is large and not what a task is about; it can still be read by its path. */
const passedOver: readonly string[] = ['.git', 'node_modules', '.venv', '__pycache__'];

const where = z.string().max(4000).default('.').describe('Folder or file to look in; your whole folder unless said');
const pattern = z
	.string()
	.max(1000)
	.optional()
	.describe('Pattern of paths: * within a name, ** over folders, such as src/**/*.ts; a name alone at any depth');

export interface LookToolParts {
	readonly worktree: string;
	readonly fence: WorktreeFence;
	readonly permissions: LmPermissions;
	readonly tell: (update: DriverUpdate) => void;
}

export function createLookTools(parts: LookToolParts): LmTool[] {
	const { tell } = parts;
	return [
		defineTool({
			name: 'list_files',
			description: `Lists files below a folder, at most ${mostNames}; without .git and downloaded packages.`,
			input: { path: where, pattern },
			async run({ path, pattern: wanted }, signal) {
				const found = await filesBelow(parts, { path, pattern: wanted, title: `List ${path}` }, signal);
				tell({ kind: 'tool', text: `Listed ${displayLine(path)} (${found.length} files)` });
				const rest = found.length - mostNames;
				const note = rest > 0 ? `\n[… and ${rest} more; name a folder or a pattern]` : '';
				return found.length === 0 ? 'There is no such file.' : `${found.slice(0, mostNames).join('\n')}${note}`;
			},
		}),
		defineTool({
			name: 'search_text',
			description: `Finds lines that contain a text (no regular expression), as path:line: text; at most ${mostHits}.`,
			input: {
				text: z.string().min(1).max(1000).describe('The text to find'),
				path: where,
				pattern,
				any_case: z.boolean().default(false).describe('Whether upper and lower case are the same'),
			},
			async run({ text, path, pattern: wanted, any_case: isAnyCase }, signal) {
				const title = `Search for ${displayLine(text, 100)}`;
				const found = await filesBelow(parts, { path, pattern: wanted, title }, signal);
				const sought = isAnyCase ? text.toLowerCase() : text;
				const hits = await searchIn(parts, found, sought, isAnyCase, signal);
				tell({ kind: 'tool', text: `Searched for "${displayLine(text, 100)}" (${hits.length} lines)` });
				return hits.length === 0 ? 'Nothing found.' : hits.join('\n');
			},
		}),
	];
}

interface Looking {
	readonly path: string;
	readonly pattern: string | undefined;
	readonly title: string;
}

/** Paths of files from the worktree with forward slashes, sorted by folder. */
async function filesBelow(
	{ worktree, fence, permissions }: LookToolParts,
	{ path, pattern: wanted, title }: Looking,
	signal: AbortSignal,
): Promise<string[]> {
	const placed = await fence.place(path);
	const [start] = placed.names;
	if (placed.place !== 'inside' || start === undefined) {
		throw new DreamError('file.refused', `${path} is outside your folder.`);
	}
	const why = await permissions.refuse({ kind: 'search', title, paths: [path] }, signal);
	if (why !== undefined) {
		throw new DreamError('file.refused', `${path} was not looked at: ${why}`);
	}
	const found: string[] = [];
	const look = async (folder: string): Promise<void> => {
		const entries = await readdir(join(worktree, folder), { withFileTypes: true });
		for (const entry of entries.toSorted(byName)) {
			signal.throwIfAborted();
			const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
			if (passedOver.includes(entry.name.toLowerCase()) || found.length >= mostFiles) {
				continue;
			}
			if (entry.isDirectory()) {
				await look(name);
			} else if (entry.isFile() && (wanted === undefined || matchesPath(wanted, name, false))) {
				found.push(name);
			}
		}
	};
	try {
		await look(start === '.' ? '' : start);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOTDIR') {
			return [start];
		}
		if (code === 'ENOENT') {
			throw new DreamError('file.missing', `There is no ${path}.`, { advice: 'Look with list_files.' });
		}
		throw error;
	}
	return found;
}

const byName = (left: Dirent, right: Dirent): number => (left.name < right.name ? -1 : 1);

/** Lines with the text. Of a file that has some nothing is shown without leave to read it. */
async function searchIn(
	{ worktree, permissions }: LookToolParts,
	paths: readonly string[],
	wanted: string,
	isAnyCase: boolean,
	signal: AbortSignal,
): Promise<string[]> {
	const hits: string[] = [];
	let asked = 0;
	let refused = 0;
	for (const path of paths) {
		signal.throwIfAborted();
		if (hits.length >= mostHits || asked >= mostHitFiles) {
			hits.push('[… more was found than is shown; name a folder or a pattern]');
			break;
		}
		const lines = (await textOf(join(worktree, path)))?.split('\n') ?? [];
		const found = lines.flatMap((line, index) =>
			(isAnyCase ? line.toLowerCase() : line).includes(wanted)
				? [`${path}:${index + 1}: ${line.trimEnd().slice(0, shownLine)}`]
				: [],
		);
		if (found.length === 0) {
			continue;
		}
		asked += 1;
		const why = await permissions.refuse({ kind: 'read', title: `Read ${path}`, paths: [path] }, signal);
		if (why === undefined) {
			hits.push(...found.slice(0, mostHits - hits.length));
		} else {
			refused += 1;
		}
	}
	return refused === 0 ? hits : [...hits, `[${refused} files with the text may not be read]`];
}

/** undefined for what is no text, is too large or cannot be read. */
async function textOf(path: string): Promise<string | undefined> {
	try {
		const { size } = await lstat(path);
		return size > searchedBytes ? undefined : decodeText(await readFile(path));
	} catch {
		return undefined;
	}
}
