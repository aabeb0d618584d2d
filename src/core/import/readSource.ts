// Owns reading a whole folder, or one file, that is imported: which files are data, what each holds, what was repaired, what cannot be
// read. Nothing is written, and one file that cannot be read keeps no other from being read.

import { describeError, DreamError, isDreamError } from '../../base/errors.ts';
import type { FileSystem } from '../ports.ts';
import type { FileFacts } from './fileFacts.ts';
import { endingOf, factsOf } from './fileFacts.ts';
import type { FoundMessage } from './findMessages.ts';
import { findMessages, mailboxOwner } from './findMessages.ts';
import type { FoundTask } from './findTasks.ts';
import { findTasks } from './findTasks.ts';
import { isMarkdownMessage, readMarkdownMessage } from './markdownMessage.ts';
import type { DataFormat, Repair, StrictFailure, YamlReader } from './tolerantReader.ts';
import { readTolerantly } from './tolerantReader.ts';
import type { FoundFile, LeftOut, WalkOptions } from './walkFiles.ts';
import { walkFiles } from './walkFiles.ts';

export interface SourceFile {
	readonly file: string;
	/** Absolute. */
	readonly path: string;
	readonly bytes: number;
	readonly format: DataFormat | 'markdown' | undefined;
	readonly repairs: readonly Repair[];
	/** Why strict rules refuse it; undefined when they do not. */
	readonly strict: StrictFailure | undefined;
	/** Why nothing of it could be read; undefined when something was, or when it is no data. */
	readonly reason: string | undefined;
	readonly tasks: readonly FoundTask[];
	readonly messages: readonly FoundMessage[];
}

export interface ImportSource {
	/** Name of the folder, without its path: how the report calls it. Of one file, the folder it lies in. */
	readonly name: string;
	/** Absolute path of the folder the files' paths are relative to. */
	readonly folder: string;
	readonly files: readonly SourceFile[];
	/** Of every file whose text was looked at. */
	readonly facts: readonly FileFacts[];
	/** Files and records that were seen and are none of our business, with the reason. */
	readonly leftOut: readonly LeftOut[];
}

/** A larger file is no board; it is skipped by its size, before a byte of it is read. */
const largestFile = 64 * 1024 * 1024;

const formats: ReadonlyMap<string, DataFormat> = new Map<string, DataFormat>([
	['.json', 'json'],
	['.jsonc', 'json'],
	['.msg', 'json'],
	['.jsonl', 'jsonl'],
	['.ndjson', 'jsonl'],
	['.yaml', 'yaml'],
	['.yml', 'yaml'],
]);

/** Endings whose text is looked at although it is no data. */
const proseEndings: ReadonlySet<string> = new Set(['.md', '.txt', '.csv', '(none)']);

export interface ReadOptions extends WalkOptions {
	readonly yaml: () => Promise<YamlReader>;
}

/** Reads what `path` names. Fails with `import.notFound`; what cannot be read inside it is in the answer. */
export async function readSource(files: FileSystem, path: string, options: ReadOptions): Promise<ImportSource> {
	const stat = await files.stat(path);
	if (stat === undefined) {
		throw new DreamError('import.notFound', `There is no file or folder ${path}.`, {
			details: { path },
			advice: 'Name a folder with boards, or one board file.',
		});
	}
	const isOneFile = !stat.isFolder && !(await isLinkToFolder(files, path, stat));
	const folder = isOneFile ? files.join(path, '..') : path;
	const walk = isOneFile
		? { files: [{ file: nameOf(path), path, bytes: stat.size }], leftOut: [] }
		: await walkFiles(files, path, options);
	const yaml = await options.yaml();
	const found: SourceFile[] = [];
	const facts: FileFacts[] = [];
	const leftOut = [...walk.leftOut];
	for (const each of walk.files) {
		const read = await readOne(files, each, yaml);
		found.push(read.source);
		leftOut.push(...read.leftOut);
		if (read.facts !== undefined) {
			facts.push(read.facts);
		}
	}
	return { name: nameOf(folder), folder, files: found, facts, leftOut };
}

const nameOf = (path: string): string => path.replace(/[\\/]+$/u, '').replace(/^.*[\\/]/u, '');

/** The person may name a folder through a link, although links inside it are not followed. */
async function isLinkToFolder(
	files: FileSystem,
	path: string,
	{ isSymbolicLink }: { readonly isSymbolicLink: boolean },
): Promise<boolean> {
	return isSymbolicLink && (await files.stat(files.join(path, '.')))?.isFolder === true;
}

interface OneFile {
	readonly source: SourceFile;
	readonly facts?: FileFacts;
	readonly leftOut: readonly LeftOut[];
}

async function readOne(files: FileSystem, found: FoundFile, yaml: YamlReader): Promise<OneFile> {
	const { file, path, bytes } = found;
	const ending = endingOf(file);
	const format = formats.get(ending);
	const nothing: SourceFile = {
		file,
		path,
		bytes,
		format,
		repairs: [],
		strict: undefined,
		reason: undefined,
		tasks: [],
		messages: [],
	};
	if (format === undefined && !proseEndings.has(ending)) {
		return { source: nothing, leftOut: [] };
	}
	if (bytes > largestFile) {
		const reason = `it has ${Math.round(bytes / 1024 / 1024)} MB; more than ${largestFile / 1024 / 1024} MB are not read`;
		return format === undefined
			? { source: nothing, leftOut: [{ file, reason }] }
			: { source: { ...nothing, reason }, leftOut: [] };
	}
	if (bytes === 0) {
		return { source: format === undefined ? nothing : { ...nothing, reason: 'it is empty' }, leftOut: [] };
	}
	let content: Uint8Array;
	try {
		content = await files.readBytes(path);
	} catch (error) {
		if (!isDreamError(error)) {
			throw error;
		}
		return { source: { ...nothing, reason: describeError(error) }, leftOut: [] };
	}
	const facts = factsOf(file, content);
	if (format === undefined) {
		return { source: { ...nothing, ...readProse(file, content) }, facts, leftOut: [] };
	}
	const { values, repairs, strict, reason } = readTolerantly(content, format, yaml);
	const search =
		format === 'jsonl' && !/task/iu.test(file)
			? { tasks: [], leftAlone: [] }
			: findTasks({ file, values: format === 'jsonl' ? [[...values]] : values, isArchived: isArchived(file) });
	const messages = format === 'jsonl' ? [] : findMessages(file, values);
	return {
		source: { ...nothing, repairs, strict, reason, tasks: search.tasks, messages },
		facts,
		leftOut: search.leftAlone.map(({ pointer, reason: why }) => ({ file: `${file}${pointer}`, reason: why })),
	};
}

/** Whether a file lies among flattened old copies. Archived messages are no copies: they lie there because they were read. */
export const isArchived = (file: string): boolean => file.startsWith('archive/');

function readProse(file: string, content: Uint8Array): Pick<SourceFile, 'format' | 'messages'> | undefined {
	if (!isMarkdownMessage(file)) {
		return undefined;
	}
	const record = readMarkdownMessage(new TextDecoder('utf-8').decode(content));
	return { format: 'markdown', messages: [{ file, pointer: '', record, owner: mailboxOwner(file) }] };
}
