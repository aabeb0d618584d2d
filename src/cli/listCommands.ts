// Owns `dreamos task import` and `dreamos boards export`: lists come from a file or stdin and go to a file or stdout. An existing
// file is never overwritten unasked.

import { basename, resolve } from 'node:path';
import { DreamError, isDreamError } from '../base/errors.ts';
import { countOf } from '../base/words.ts';
import { decodeText } from '../core/board/decodeText.ts';
import { describeListProblem } from '../core/list/importTasks.ts';
import type { SkippedEntry } from '../core/list/planImport.ts';
import type { ListProblem } from '../core/list/taskList.ts';
import type { FileSystem } from '../core/ports.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import type { CommandContext } from './runCli.ts';
import { mirrorBoards } from './mirrorBoards.ts';

export interface ImportChoices {
	readonly format?: string;
	readonly dryRun?: boolean;
	readonly skipExisting?: boolean;
	readonly asIs?: boolean;
}

interface ImportAnswer {
	readonly ok: boolean;
	readonly created: readonly { readonly task_id: string; readonly name: string; readonly status: string }[];
	readonly skipped: readonly SkippedEntry[];
	readonly problems: readonly ListProblem[];
}

/** Creates the tasks of a list; `file` is a path or `-` for stdin. */
export async function importListCommand(
	{ workspace, actor, output }: CommandContext,
	file: string,
	{ format, dryRun = false, skipExisting = false, asIs = false }: ImportChoices,
): Promise<ExitCode> {
	const text = await readListText(workspace.ports.files, file);
	const answer = (await workspace.dream.perform(
		'task.import',
		{
			text,
			source: file === '-' ? 'stdin' : basename(file),
			...(format === undefined ? {} : { format }),
			dry_run: dryRun,
			skip_existing: skipExisting,
			as_is: asIs,
		},
		actor,
	)) as ImportAnswer;
	await mirrorBoards(workspace, output);
	output.answer(answer);
	answer.problems.forEach((problem) => output.say(`${problem.severity}: ${describeListProblem(problem)}`));
	answer.skipped.forEach(({ task_id, line, reason }) => output.say(`skipped: line ${line}, ${task_id}: ${reason}`));
	answer.created.forEach(({ task_id, status, name }) => output.say(`${task_id}  ${status}  ${name}`));
	const count = countOf(answer.created.length, 'task');
	output.say(
		dryRun ? `${count} would be created${answer.ok ? '' : ', were the list in order'}.` : `${count} created.`,
	);
	return answer.ok ? exitCodes.done : exitCodes.attention;
}

async function readListText(files: FileSystem, file: string): Promise<string> {
	const bytes = file === '-' ? await readStdin() : await files.readBytes(resolve(file));
	const { text, failure } = decodeText(bytes);
	if (failure !== undefined) {
		throw new DreamError('list.encoding', `${file} cannot be read: ${failure.message}`, {
			details: { file, offset: failure.offset },
			advice: 'Save it as UTF-8 and import it again.',
		});
	}
	return text;
}

async function readStdin(): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) {
		chunks.push(Buffer.from(chunk as Uint8Array));
	}
	return Buffer.concat(chunks);
}

export interface ExportChoices {
	readonly board?: string;
	readonly status?: string;
	readonly task?: readonly string[];
	readonly format?: string;
	readonly output?: string;
	readonly force?: boolean;
}

interface ExportAnswer {
	readonly format: string;
	readonly count: number;
	readonly missing: readonly string[];
	readonly text: string;
}

/** Writes tasks to a file, or to stdout where none is named. */
export async function exportListCommand(
	{ workspace, actor, output }: CommandContext,
	{ board, status, task, format, output: target, force = false }: ExportChoices,
): Promise<ExitCode> {
	const path = target === undefined ? undefined : resolve(target);
	if (path !== undefined && !force) {
		await assertFree(workspace.ports.files, path);
	}
	const answer = (await workspace.dream.perform(
		'boards.export',
		{
			...(board === undefined ? {} : { board }),
			...(status === undefined ? {} : { status }),
			...(task === undefined ? {} : { task_ids: task }),
			...(format === undefined ? {} : { format }),
		},
		actor,
	)) as ExportAnswer;
	const { text, ...facts } = answer;
	if (path === undefined) {
		output.answer(answer);
		output.pass(text);
	} else {
		// Asked once more right before the rename, so that a file made meanwhile is safe too.
		await workspace.ports.files
			.writeAtomic(path, text, async () => force || (await workspace.ports.files.stat(path)) === undefined)
			.catch((error: unknown) => {
				throw isDreamError(error, 'file.changed') ? fileExists(path) : error;
			});
		output.answer({ ...facts, file: path });
		output.say(`${countOf(facts.count, 'task')} written to ${path}.`);
	}
	if (facts.missing.length > 0) {
		output.warn(`There is no task ${facts.missing.join(', ')}.`);
		return exitCodes.attention;
	}
	return exitCodes.done;
}

async function assertFree(files: FileSystem, path: string): Promise<void> {
	if ((await files.stat(path)) !== undefined) {
		throw fileExists(path);
	}
}

function fileExists(path: string): DreamError {
	return new DreamError('file.exists', `${path} is there already; it was not overwritten.`, {
		details: { path },
		advice: 'Name another file, or give --force.',
	});
}
