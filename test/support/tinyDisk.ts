// Owns tiny disks of tests: a program of ours runs in a namespace of its own, where an ordinary person may mount.

import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const [unshare, ...ownMounts] = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'] as const;

/** Whether this system allows a private mount. */
export function canMount(): boolean {
	try {
		execFileSync(unshare, [...ownMounts, 'mount -t tmpfs -o size=64k tmpfs /mnt'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

/** Runs a program with a disk of the given size (`1m`) at an existing folder, and gives its output. */
export async function runOnTinyDisk(
	folder: string,
	size: string,
	program: string,
	...words: readonly string[]
): Promise<string> {
	const script = `mount -t tmpfs -o size=${size} tmpfs "$1" && shift && exec "$@"`;
	const { stdout } = await promisify(execFile)(unshare, [
		...ownMounts,
		script,
		'sh',
		folder,
		process.execPath,
		...process.execArgv,
		program,
		...words,
	]);
	return stdout;
}
