// Owns what becomes of a ledger whose file is damaged: it is kept as it is under another name, so that one can be built anew from the
// boards. Whoever still has the old file open can write nothing more into it: what nobody will read must not be acknowledged.

import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSqliteError } from './ledgerErrors.ts';
import { loadNodeSqlite } from './nodeSqlite.ts';

const damageCodes: ReadonlySet<number> = new Set([11, 26]);
/** What SQLite keeps beside the file. The log may hold what the file does not have yet. */
const kept = ['', '-wal'] as const;
const removed = ['', '-wal', '-shm', '-line', '-claims', '-bell'] as const;
const waitMilliseconds = 2000;

/** Whether SQLite itself finds the file damaged. False for a file that is whole, missing, or cannot be looked at now. */
export function isLedgerDamaged(path: string): boolean {
	if (!existsSync(path)) {
		return false;
	}
	const { DatabaseSync } = loadNodeSqlite();
	try {
		const database = new DatabaseSync(path, { readOnly: true, timeout: waitMilliseconds });
		try {
			return Object.values(database.prepare('pragma quick_check(1)').get() ?? {})[0] !== 'ok';
		} finally {
			database.close();
		}
	} catch (error) {
		return isSqliteError(error) && damageCodes.has(error.errcode & 0xff);
	}
}

/**
 * Copies a damaged ledger to `target`, with its log beside it, and takes it away. False when somebody else has done so meanwhile.
 * Rejects when the copy cannot be made; then nothing is taken away.
 */
export function setLedgerAside(path: string, target: string): boolean {
	const before = statSync(path, { throwIfNoEntry: false })?.ino;
	const release = lock(path);
	try {
		if (before === undefined || statSync(path, { throwIfNoEntry: false })?.ino !== before) {
			return false;
		}
		mkdirSync(dirname(target), { recursive: true });
		for (const suffix of kept.filter((each) => existsSync(path + each))) {
			copyFileSync(path + suffix, target + suffix);
		}
	} finally {
		release();
	}
	if (statSync(path, { throwIfNoEntry: false })?.ino !== before) {
		return false;
	}
	for (const suffix of removed) {
		rmSync(path + suffix, { force: true });
	}
	return true;
}

/** Keeps writers away, as far as the damage lets it, and closes the file to them for good at the end. */
function lock(path: string): () => void {
	const { DatabaseSync } = loadNodeSqlite();
	let database: InstanceType<typeof DatabaseSync> | undefined;
	try {
		database = new DatabaseSync(path, { timeout: waitMilliseconds });
		database.exec('begin immediate');
	} catch {
		// So damaged that nobody else can write either.
	}
	return () => {
		try {
			database?.exec(
				"create trigger set_aside before insert on events begin select raise(abort, 'this ledger was set aside'); end; commit",
			);
		} catch {
			// The same.
		}
		try {
			database?.close();
		} catch {
			// It never opened.
		}
	};
}
