// Owns reading runtime/hooks.json: which commands a person wants run for which events. It lies in runtime/, where no change of an
// agent may land, and is read anew whenever it changed. It is never written.

import { displayLine } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import { isDreamError } from '../../base/errors.ts';
import { readBoard } from '../board/boardFile.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { BoardEntry, BoardReading } from '../board/boardReading.ts';
import { runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';
import type { Hook } from './hook.ts';
import { eventRefusal, hookSchema } from './hook.ts';

export interface HooksReading {
	/** Run after the event, in file order. */
	readonly hooks: readonly Hook[];
	/** Run before the move, in file order. */
	readonly guards: readonly Hook[];
	readonly problems: readonly BoardProblem[];
	/** Why it is not known which moves are guarded: something that says it is a guard cannot be read. Undefined when it is known. */
	readonly doubt: BoardProblem | undefined;
}

const noHooks: HooksReading = { hooks: [], guards: [], problems: [], doubt: undefined };

export function readHooks(content: string | Uint8Array): HooksReading {
	const reading = readBoard(content, { file: runtimePaths.hooks });
	const problems = [...reading.problems];
	const hooks: Hook[] = [];
	const guards: Hook[] = [];
	// A guard that nobody can read must not be open to everybody.
	let doubt = reading.isReadable || !/\bguard\b/u.test(reading.text) ? undefined : problems[0];
	for (const entry of reading.entries) {
		const { hook, isGuard, isEnabled, problem } = readHook(reading, entry);
		if (problem !== undefined) {
			problems.push(problem);
			doubt ??= isGuard ? problem : undefined;
		} else if (hook !== undefined && isEnabled) {
			(isGuard ? guards : hooks).push(hook);
		}
	}
	return { hooks, guards, problems, doubt };
}

function readHook(
	reading: BoardReading,
	entry: BoardEntry,
): { readonly hook?: Hook; readonly isGuard: boolean; readonly isEnabled: boolean; readonly problem?: BoardProblem } {
	const bad = (path: readonly (string | number)[], message: string) =>
		reading.place(entry, {
			code: 'hooks.badHook',
			severity: 'error',
			message: `This hook cannot be used: ${message}`,
			path,
			advice: 'Correct it; until then it is not run, and where it is a guard, moves are refused.',
		});
	const parsed = hookSchema.safeParse(entry.value);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol');
		const isGuard = entry.record?.['guard'] !== undefined && entry.record['guard'] !== false;
		return { isGuard, isEnabled: true, problem: bad(path, `${path.join('.')} ${issue?.message ?? ''}.`.trim()) };
	}
	const { name, on, command, timeout_seconds: timeoutSeconds, guard, enabled } = parsed.data;
	const patterns = typeof on === 'string' ? [on] : on;
	const refusal = patterns.map((pattern) => eventRefusal(pattern, guard)).find((each) => each !== undefined);
	if (refusal !== undefined) {
		return { isGuard: guard, isEnabled: enabled, problem: bad(['on'], refusal) };
	}
	const { line } = reading.position(entry.start);
	const [program = '', ...rest] = typeof command === 'string' ? [] : command;
	const hook: Hook = {
		label:
			name === undefined ? `the hook in ${runtimePaths.hooks}, line ${line}` : `hook ${displayLine(name, 100)}`,
		on: patterns,
		command: typeof command === 'string' ? command : { program, arguments: rest },
		timeoutSeconds,
		line,
	};
	return { hook, isGuard: guard, isEnabled: enabled };
}

/** How many there are, for a person. */
export const describeHooks = ({ hooks, guards }: HooksReading): string =>
	`${countOf(hooks.length, 'hook')}, ${countOf(guards.length, 'guard')}`;

/** The file as it is now; it is read again only when its stamp changed. */
export class HooksFile {
	private readonly files: Pick<FileSystem, 'stat' | 'readBytes'>;
	private readonly path: string;
	private stamp = '';
	private reading: HooksReading = noHooks;

	/** @param path absolute path of the file. */
	constructor(files: Pick<FileSystem, 'stat' | 'readBytes'>, path: string) {
		this.files = files;
		this.path = path;
	}

	/** No file means no hooks. Rejects with `file.*` when it is there and cannot be read at all. */
	async read(): Promise<HooksReading> {
		const found = await this.files.stat(this.path);
		const stamp = found === undefined ? '' : `${found.modified} ${found.size} ${found.inode}`;
		if (stamp !== this.stamp) {
			this.reading = found === undefined ? noHooks : await this.readFile();
			this.stamp = stamp;
		}
		return this.reading;
	}

	private async readFile(): Promise<HooksReading> {
		try {
			return readHooks(await this.files.readBytes(this.path));
		} catch (error) {
			if (isDreamError(error, 'file.notFound')) {
				return noHooks;
			}
			throw error;
		}
	}
}
