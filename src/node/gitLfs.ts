// Owns large files (git-lfs) where its program is missing: a required filter would break every snapshot and every worktree. Then
// pointers stay pointers, which is what the person sees too.

import type { Logger } from '../base/log.ts';
import type { GitRunner } from './simpleGit.ts';

const off = [
	['filter.lfs.process', ''],
	['filter.lfs.clean', ''],
	['filter.lfs.smudge', ''],
	['filter.lfs.required', 'false'],
] as const;

/** The runner itself, or one that leaves the filter out because git-lfs is set up and cannot be found. */
export async function withoutMissingLfs(runner: GitRunner, folder: string, log: Logger): Promise<GitRunner> {
	const any = () => true;
	const { exitCode, output } = await runner.run({
		folder,
		arguments: ['config', '--get-regexp', String.raw`^filter\.lfs\.(process|clean|smudge)$`],
		accepts: any,
	});
	if (exitCode !== 0 || output.trim() === '') {
		return runner;
	}
	if ((await runner.run({ folder, arguments: ['lfs', 'version'], accepts: any })).exitCode === 0) {
		return runner;
	}
	log.warn(
		'git-lfs is set up and was not found: agents get pointers instead of the contents of large files. Install git-lfs, or put it on the PATH of the editor.',
	);
	return {
		run: (call) => runner.run({ ...call, configuration: [...off, ...(call.configuration ?? [])] }),
		catFile: (call) => runner.catFile({ ...call, configuration: [...off, ...(call.configuration ?? [])] }),
	};
}
