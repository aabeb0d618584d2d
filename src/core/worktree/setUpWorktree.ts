// Owns what a worktree gets beyond its commit before an agent begins: copies of ignored files, a set-up command, shared caches. A
// step that fails names its setting; nothing is done that no setting asks for.

import { DreamError } from '../../base/errors.ts';
import { describeCommandFailure } from '../gate/commandFailure.ts';
import type { FileSystem, Git, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { cachesFolder } from './worktreeNames.ts';

export interface SetUpParts {
	readonly git: Pick<Git, 'copyIgnored'>;
	readonly files: Pick<FileSystem, 'join' | 'makeFolder'>;
	readonly processes: Pick<ProcessRunner, 'run'>;
	readonly settings: Settings;
}

export interface NewWorktree {
	/** Top folder of the worktree. */
	readonly folder: string;
	/** The workspace's place in it. */
	readonly workFolder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
	/** Told what is done, for the run's log. */
	readonly onNote: (text: string) => void;
}

/** Does the steps in order. Rejects with `worktrees.copyNotIgnored`, `worktrees.setupFailed` or `worktrees.setupTimeout`. */
export async function setUpWorktree(parts: SetUpParts, place: NewWorktree): Promise<void> {
	await copyFiles(parts, place);
	await runCommand(parts, place);
}

/** Where the caches all worktrees share lie, as variables for programs; the folders are made. */
export async function shareCaches(
	{ files, settings }: Pick<SetUpParts, 'files' | 'settings'>,
	worktreesFolder: string,
): Promise<Readonly<Record<string, string>>> {
	const variables: Record<string, string> = {};
	for (const [name, folder] of Object.entries(settings['worktrees.caches'])) {
		const place = files.join(worktreesFolder, cachesFolder, folder);
		await files.makeFolder(place);
		variables[name] = place;
	}
	return variables;
}

async function copyFiles({ git, settings }: SetUpParts, { folder, onNote }: NewWorktree): Promise<void> {
	const patterns = settings['worktrees.copy'];
	if (patterns.length === 0) {
		return;
	}
	const { copied, notIgnored } = await git.copyIgnored(patterns, folder);
	if (notIgnored.length > 0) {
		throw new DreamError(
			'worktrees.copyNotIgnored',
			`dreamos.worktrees.copy names ${notIgnored.join(', ')}, which git does not ignore in the worktree: the copy would become part of the change.`,
			{
				details: { setting: 'dreamos.worktrees.copy', files: [...notIgnored] },
				advice: 'Add it to the .gitignore of the commit agents begin from, or take it off the setting.',
			},
		);
	}
	onNote(
		copied.length === 0
			? 'dreamos.worktrees.copy: no ignored file fits the patterns.'
			: `Copied by dreamos.worktrees.copy: ${copied.join(', ')}`,
	);
}

async function runCommand({ processes, settings }: SetUpParts, place: NewWorktree): Promise<void> {
	const command = settings['worktrees.setup'].trim();
	if (command === '') {
		return;
	}
	const seconds = settings['worktrees.setupTimeoutSeconds'];
	place.onNote(`Set-up command: ${command}`);
	const timeoutMilliseconds = seconds * 1000;
	const result = await processes.run({
		command,
		folder: place.workFolder,
		environment: place.environment,
		timeoutMilliseconds,
		signal: place.signal,
		onStart: place.onProcess,
		onOutput: place.onNote,
	});
	place.signal.throwIfAborted();
	if (result.ending !== 'exited' || result.exitCode !== 0) {
		const title = 'The set-up command (dreamos.worktrees.setup)';
		const timeoutSetting = 'dreamos.worktrees.setupTimeoutSeconds';
		throw new DreamError(
			result.ending === 'timeout' ? 'worktrees.setupTimeout' : 'worktrees.setupFailed',
			describeCommandFailure({ title, command, result, timeoutMilliseconds, timeoutSetting }),
			{ details: { setting: 'dreamos.worktrees.setup', command }, advice: 'Try it by hand in a new worktree.' },
		);
	}
}
