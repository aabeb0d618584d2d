// Owns finding a Node.js with SQLite when the command was started on an older one. Loads nothing of the product.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const minimum = [22, 13] as const;
const executable = process.platform === 'win32' ? 'node.exe' : 'node';

/** Whether this very process can open a ledger. */
export function hasSqlite(): boolean {
	return isNewEnough(process.versions.node);
}

function isNewEnough(version: string): boolean {
	const [major = 0, minor = 0] = version.replace(/^v/u, '').split('.').map(Number);
	return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/** Looks in DREAMOS_NODE, beside the bundle, and on the PATH; asks each candidate for its version. */
export function findRuntimeWithSqlite(distFolder: string): string | undefined {
	const candidates = [
		process.env['DREAMOS_NODE'],
		join(distFolder, '..', 'node_modules', 'node', 'bin', executable),
		...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, executable)),
	];
	return candidates.find((candidate): candidate is string => {
		if (candidate === undefined || candidate === '' || candidate === process.execPath || !existsSync(candidate)) {
			return false;
		}
		const { status, stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8', timeout: 5000 });
		return status === 0 && isNewEnough(stdout.trim());
	});
}

/** Runs the same command line on another runtime and answers with its exit code. */
export function runAgainOn(runtime: string): number {
	const { status } = spawnSync(runtime, process.argv.slice(1), { stdio: 'inherit' });
	return status ?? 1;
}
