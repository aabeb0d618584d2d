// Owns how what git says becomes an error a person understands: a stable code, the file, what to do next.

import type { ErrorOptions } from '../base/errors.ts';
import { DreamError } from '../base/errors.ts';
import { tailText } from '../base/text.ts';

export interface GitFailure {
	/** The command without the program, for the person who looks into it. */
	readonly command: string;
	readonly folder: string;
	readonly exitCode: number;
	readonly errorOutput: string;
}

interface Reading {
	readonly pattern: RegExp;
	read(failure: GitFailure, match: RegExpExecArray): DreamError;
}

const installAdvice = 'Install git 2.34 or later from https://git-scm.com and make sure that it is on the PATH.';

/** The first that fits wins. */
const readings: readonly Reading[] = [
	{
		pattern: /spawn \S+ ENOENT|xcrun: error|xcode-select: (?:note|error)/u,
		read: (failure) =>
			new DreamError('git.missing', 'git was not found.', { ...facts(failure), advice: installAdvice }),
	},
	{
		pattern: /detected dubious ownership in repository at '([^']+)'/u,
		read: (failure, match) =>
			new DreamError(
				'git.notTrusted',
				`git refuses ${match[1] ?? failure.folder}, because another user owns it.`,
				{
					...facts(failure),
					advice: `If you trust it, run: git config --global --add safe.directory '${match[1] ?? failure.folder}'`,
				},
			),
	},
	{
		pattern: /not a git repository|must be run in a work tree/u,
		read: (failure) => notARepository(failure.folder, facts(failure)),
	},
	{
		pattern: /Unable to create '([^']+\.lock)': File exists|cannot lock ref .*'([^']+\.lock)': File exists/u,
		read: (failure, match) => {
			const file = match[1] ?? match[2] ?? '';
			return new DreamError('git.locked', `Another git command holds ${file}.`, {
				...facts(failure),
				details: { ...facts(failure).details, file },
				advice: 'Wait for it to end. If no git command runs, one was killed: then remove that file.',
			});
		},
	},
	{
		pattern: /No space left on device|Disk quota exceeded/u,
		read: (failure) =>
			new DreamError('file.full', `The disk or its quota is full: git could not write (${failure.command}).`, {
				...facts(failure),
				advice: 'Free some space and try again.',
			}),
	},
	{
		pattern: /Read-only file system|Permission denied|insufficient permission for adding/u,
		read: (failure) =>
			new DreamError(
				'file.readOnly',
				`git is not permitted to read or write what it has to: ${firstLine(failure)}`,
				{
					...facts(failure),
					advice: 'Check who owns the files in the repository and its .git folder.',
				},
			),
	},
	{
		pattern:
			/bad object|unknown revision|Not a valid (?:object|commit) name|invalid reference|not a valid SHA1|not a tree object|invalid object/u,
		read: (failure) =>
			new DreamError(
				'git.unknownCommit',
				`git does not know a commit any more: ${firstLine(failure)}`,
				facts(failure),
			),
	},
	{
		pattern: /^(?:fatal|error): (.+): (smudge|clean) filter '?(.+?)'? failed$/mu,
		read: (failure, [, file = '', kind = '', filter = '']) =>
			new DreamError('git.filterFailed', `The ${kind} filter ${filter} failed on ${file}.`, {
				...facts(failure),
				details: { ...facts(failure).details, file, filter },
				advice: `Look at filter.${filter} in git's configuration, and whether its program is on the PATH of the editor.`,
			}),
	},
	{
		pattern: /block timeout reached/u,
		read: (failure) =>
			new DreamError('git.timeout', `git did not come back for minutes: git ${failure.command}`, {
				...facts(failure),
				advice: 'A filter (such as git-lfs) or a network drive may hang. Try the command by hand.',
			}),
	},
];

/** The typed error of a git command that failed. */
export function gitError(failure: GitFailure): DreamError {
	for (const reading of readings) {
		const match = reading.pattern.exec(failure.errorOutput);
		if (match !== null) {
			return reading.read(failure, match);
		}
	}
	return new DreamError('git.failed', `git ${failure.command} failed: ${firstLine(failure)}`, facts(failure));
}

function notARepository(folder: string, options: ErrorOptions): DreamError {
	return new DreamError('git.notARepository', `${folder} is in no git repository.`, {
		...options,
		details: { ...options.details, folder },
		advice: 'Initialise one: `git init` there, `dreamos init --git`, or Initialize Workspace in the editor.',
	});
}

export function gitTooOld(version: string, minimum: string): DreamError {
	return new DreamError('git.tooOld', `git ${version} is too old; Dream.OS needs ${minimum} or later.`, {
		details: { version, minimum },
		advice: installAdvice,
	});
}

function facts(failure: GitFailure): ErrorOptions & { details: Record<string, unknown> } {
	return {
		details: {
			command: failure.command,
			folder: failure.folder,
			exitCode: failure.exitCode,
			errorOutput: tailText(failure.errorOutput.trim(), 2_000),
		},
	};
}

/** What git said first without its prefix: it goes on with hints. */
function firstLine(failure: GitFailure): string {
	const lines = failure.errorOutput.split('\n').filter((line) => line.trim() !== '');
	const line = lines.find((candidate) => /^(?:fatal|error):/u.test(candidate)) ?? lines[0];
	const ending = failure.exitCode < 0 ? 'it was ended from outside' : `exit code ${failure.exitCode}`;
	return line?.replace(/^(?:fatal|error): /u, '') ?? ending;
}
