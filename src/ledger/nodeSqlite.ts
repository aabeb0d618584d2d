// Owns the one way to SQLite: the module built into Node, asked for when it is needed and not before.

import { DreamError } from '../base/errors.ts';

export type NodeSqlite = typeof import('node:sqlite');

/** Loads `node:sqlite`. Fails with `ledger.noSqlite` on a Node that does not have it. */
export function loadNodeSqlite(
	getBuiltinModule: (id: 'node:sqlite') => NodeSqlite | undefined = (id) => process.getBuiltinModule?.(id),
): NodeSqlite {
	const sqlite = getBuiltinModule('node:sqlite');
	if (sqlite === undefined) {
		throw new DreamError(
			'ledger.noSqlite',
			`Node ${process.versions.node} has no SQLite built in; the ledger needs it.`,
			{
				details: { node: process.versions.node, electron: process.versions['electron'] ?? null },
				advice: 'Use Node 22.13 or newer in a terminal, or update the editor (VS Code 1.105 or newer).',
			},
		);
	}
	return sqlite;
}
