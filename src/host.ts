// Door 3, the swarm host: `host.cjs --workspace DIR [--parent-stdin]`. One leads per workspace; started by the editor or a terminal.

import { isAbsolute } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from './base/errors.ts';
import { hostExitCodes } from './host/exitCodes.ts';
import { runHost } from './host/runHost.ts';

async function main(): Promise<number> {
	let folder: string | undefined;
	let isOwnedByParent: boolean;
	try {
		const { values } = parseArgs({
			options: { workspace: { type: 'string' }, 'parent-stdin': { type: 'boolean' } },
		});
		folder = values.workspace;
		isOwnedByParent = values['parent-stdin'] === true;
	} catch (error) {
		process.stderr.write(`${describeError(error)}\n`);
		return hostExitCodes.usage;
	}
	if (folder === undefined || !isAbsolute(folder)) {
		process.stderr.write('Usage: host.cjs --workspace ABSOLUTE_FOLDER [--parent-stdin]\n');
		return hostExitCodes.usage;
	}
	try {
		return await runHost({ folder, isOwnedByParent, script: import.meta.filename });
	} catch (error) {
		process.stderr.write(`${describeError(error)}\n`);
		return hostExitCodes.failed;
	}
}

// Ends also when a library keeps a handle open: by now every file is closed and every process ended.
void main().then((code) => process.exit(code));
