// Owns running a piece of a test without the powers of root, who may read and write everything. Does nothing special when
// the test does not run as root.

import { execFileSync } from 'node:child_process';

const nobody = 65_534;

/** Gives the folders to an ordinary user, does the work as that user, and takes folders and powers back. */
export async function asOrdinaryPerson<T>(folders: string | readonly string[], work: () => Promise<T>): Promise<T> {
	if (process.getuid?.() !== 0) {
		return await work();
	}
	const owned = typeof folders === 'string' ? [folders] : folders;
	const give = (owner: number) => execFileSync('chown', ['-R', '--no-dereference', `${owner}:${owner}`, ...owned]);
	give(nobody);
	process.setegid?.(nobody);
	process.seteuid?.(nobody);
	try {
		return await work();
	} finally {
		process.seteuid?.(0);
		process.setegid?.(0);
		give(0);
	}
}
