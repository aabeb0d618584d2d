// Door 2, the terminal: `dreamos task list`. Makes sure the runtime has SQLite before anything else is loaded.

import { findRuntimeWithSqlite, hasSqlite, runAgainOn } from './node/sqliteRuntime.ts';

async function main(): Promise<void> {
	// A reader that has seen enough (`dreamos task list | head`) is no fault; the command itself still ends in order.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') {
			throw error;
		}
	});
	if (!hasSqlite()) {
		const runtime = findRuntimeWithSqlite(import.meta.dirname);
		if (runtime === undefined) {
			process.stderr.write(
				`Dream.OS needs Node.js 22.13 or later for its built-in SQLite; this is ${process.versions.node}.\n` +
					'Install one (for example: npm install --global node@24) or name one in the variable DREAMOS_NODE.\n',
			);
			process.exitCode = 1;
			return;
		}
		process.exitCode = runAgainOn(runtime);
		return;
	}
	// Loaded late: on an older runtime nothing of the product may be evaluated.
	const { runCli } = await import('./cli/runCli.ts');
	process.exitCode = await runCli(process.argv.slice(2), { distFolder: import.meta.dirname });
}

void main();
