// Owns the tools with which a language model reads and changes files. It sees and writes text only: bytes that are no UTF-8 would
// not come back as they were.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { WorktreeFence } from '../worktreeFence.ts';
import type { WorktreeFiles } from '../worktreeFiles.ts';
import type { LmTool } from './lmTool.ts';
import { defineTool } from './lmTool.ts';

/** Lines and characters one reading shows at most. */
const mostLines = 1000;
const mostCharacters = 40_000;

const path = z.string().min(1).max(4000).describe('Path from the top of your folder, such as src/main.ts');

export interface FileToolParts {
	readonly fence: WorktreeFence;
	/** Files of the worktree for a call that may be cut short. */
	readonly files: (signal: AbortSignal) => WorktreeFiles;
	readonly tell: (update: DriverUpdate) => void;
}

export function createFileTools({ fence, files, tell }: FileToolParts): LmTool[] {
	const changed = (what: string, name: string) =>
		tell({ kind: 'tool', text: `${what} ${displayLine(fence.show(name))}`, data: { path: displayLine(name) } });
	return [
		defineTool({
			name: 'read_file',
			description: `Reads a text file, or some lines of it; at most ${mostLines} lines at a time.`,
			input: {
				path,
				first_line: z.number().int().min(1).optional().describe('The first line to show; 1 unless said'),
				lines: z.number().int().min(1).max(mostLines).optional().describe('How many lines to show'),
			},
			async run({ path: name, first_line: first = 1, lines = mostLines }, signal) {
				const text = await requireText(files(signal), name);
				tell({
					kind: 'tool',
					text: `Read ${displayLine(fence.show(name))}`,
					data: { path: displayLine(name) },
				});
				return shownLines(text, first, lines);
			},
		}),
		defineTool({
			name: 'write_file',
			description: 'Creates a text file, or replaces all of it. To change a part of a file use edit_file.',
			input: { path, content: z.string().describe('The whole new text of the file') },
			async run({ path: name, content }, signal) {
				const isChanged = await files(signal).write(name, content);
				changed(isChanged ? 'Wrote' : 'Wrote (no change)', name);
				return isChanged ? `${name} is written.` : `${name} held that text already.`;
			},
		}),
		defineTool({
			name: 'edit_file',
			description:
				'Replaces text in a file. The old text must be in it exactly once, with its blanks; give enough of the lines around to be sure.',
			input: {
				path,
				old_text: z.string().min(1).describe('Text that is in the file exactly once'),
				new_text: z.string().describe('What stands there instead'),
			},
			async run({ path: name, old_text: old, new_text: next }, signal) {
				const own = files(signal);
				const text = await requireText(own, name);
				await own.write(name, replaceOnce(text, old, next, name));
				changed('Edited', name);
				return `${name} is changed.`;
			},
		}),
		defineTool({
			name: 'delete_file',
			description: 'Deletes a file.',
			input: { path },
			async run({ path: name }, signal) {
				if (!(await files(signal).remove(name))) {
					throw new DreamError('file.missing', `There is no file ${name}.`);
				}
				changed('Deleted', name);
				return `${name} is deleted.`;
			},
		}),
	];
}

async function requireText(files: WorktreeFiles, name: string): Promise<string> {
	const content = await files.read(name);
	if (content === undefined) {
		throw new DreamError('file.missing', `There is no file ${name}.`, { advice: 'Look with list_files.' });
	}
	const text = decodeText(content);
	if (text === undefined) {
		throw new DreamError('file.notText', `${name} is no text file (${content.length} bytes).`);
	}
	return text;
}

/** The text of a file, its byte order mark included; undefined for what is no UTF-8. */
export function decodeText(content: Uint8Array): string | undefined {
	if (content.includes(0)) {
		return undefined;
	}
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
	} catch {
		return undefined;
	}
}

function shownLines(text: string, first: number, count: number): string {
	const lines = text.split('\n');
	const total = text.endsWith('\n') ? lines.length - 1 : lines.length;
	const wanted = lines.slice(first - 1, Math.min(first - 1 + count, total)).join('\n');
	const shown = wanted.length > mostCharacters ? wanted.slice(0, mostCharacters) : wanted;
	const last = first - 1 + shown.split('\n').length;
	if (first > total && total > 0) {
		return `[The file has ${total} lines.]`;
	}
	const isWhole = first === 1 && last >= total && shown.length === wanted.length;
	return isWhole ? shown : `${shown}\n[Lines ${first} to ${last} of ${total}.]`;
}

/** Replaces the only occurrence of a text. In a file with CRLF line ends both texts get them, as models write none. */
function replaceOnce(text: string, old: string, next: string, name: string): string {
	const isCrLf = text.includes('\r\n') && !text.includes(old) && !old.includes('\r\n');
	const [before, after] = isCrLf ? [old, next].map((each) => each.replaceAll(/\r?\n/gu, '\r\n')) : [old, next];
	const [from = '', to = ''] = [before, after];
	const at = text.indexOf(from);
	if (at < 0) {
		throw new DreamError('tool.notFound', `The old text is not in ${name}.`, {
			advice: 'Read the file again and copy the text with its blanks.',
		});
	}
	if (text.includes(from, at + 1)) {
		throw new DreamError('tool.ambiguous', `The old text is in ${name} more than once.`, {
			advice: 'Give more of the lines around it.',
		});
	}
	return `${text.slice(0, at)}${to}${text.slice(at + from.length)}`;
}
