// Door 4, tools for MCP clients: `mcp.cjs --workspace DIR`. Makes sure the runtime has SQLite before anything else is loaded.

import { findRuntimeWithSqlite, hasSqlite, runAgainOn } from './node/sqliteRuntime.ts';

async function main(): Promise<number> {
	if (!hasSqlite()) {
		const runtime = findRuntimeWithSqlite(import.meta.dirname);
		if (runtime !== undefined) {
			return runAgainOn(runtime);
		}
		process.stderr.write(
			`Dream.OS needs Node.js 22.13 or later for its built-in SQLite; this is ${process.versions.node}.\n` +
				'Name one in the variable DREAMOS_NODE.\n',
		);
		return 1;
	}
	// Loaded late: on an older runtime nothing of the product may be evaluated.
	const { runMcp } = await import('./mcp/runMcp.ts');
	return runMcp(process.argv.slice(2), import.meta.dirname);
}

void main().then((code) => process.exit(code));
