// Owns the look at a file before it is opened: whether it may be a ledger, and may be one here. What is not ours stays untouched.

import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { DreamError } from '../base/errors.ts';
import { ledgerError, toLedgerError } from './ledgerErrors.ts';
import { ledgerApplicationId } from './migrations.ts';
import type { DetectNetworkFolder } from './networkFolder.ts';
import type { NodeSqlite } from './nodeSqlite.ts';

export interface LedgerPlace {
	readonly path: string;
	readonly sqlite: NodeSqlite;
	readonly isReadOnly: boolean;
}

const magic = 'SQLite format 3\0';
const headerLength = 100;
const applicationIdOffset = 68;

/** Fails with `ledger.networkFolder` when the folder is on another machine. */
export async function refuseNetworkFolder(file: string, detectNetworkFolder: DetectNetworkFolder): Promise<void> {
	const folder = path.dirname(file);
	const kind = await detectNetworkFolder(folder);
	if (kind !== undefined) {
		throw new DreamError(
			'ledger.networkFolder',
			`The folder ${folder} is on a network file system (${kind}); a ledger is not safe there.`,
			{
				details: { file, folder, kind },
				advice: 'Two ways out: keep the workspace in a folder on this machine, or use the PostgreSQL ledger for several machines once your version of Dream.OS offers it.',
			},
		);
	}
}

/**
 * Looks at the bytes before SQLite does, because SQLite changes files by opening them. Fails with `ledger.corrupt`,
 * `ledger.foreign`, `ledger.unreadable`, `ledger.noFolder`, and read-only with `ledger.missing`.
 */
export async function refuseForeignFile({ path: file, sqlite, isReadOnly }: LedgerPlace): Promise<void> {
	const header = await readHeader(file);
	if (header === undefined) {
		if (isReadOnly) {
			throw missingError(file);
		}
		await assertFolder(file);
		return;
	}
	if (header.length === 0) {
		return;
	}
	if (header.length < headerLength || header.toString('latin1', 0, magic.length) !== magic) {
		throw ledgerError(
			'ledger.corrupt',
			`${file} is not a ledger: it does not begin as a SQLite file does. It was left as it is.`,
			file,
			'Move it aside; the ledger is then rebuilt from the boards.',
		);
	}
	const applicationId = header.readInt32BE(applicationIdOffset);
	if (applicationId === ledgerApplicationId) {
		return;
	}
	if (applicationId !== 0 || hasTables(sqlite, file)) {
		throw ledgerError(
			'ledger.foreign',
			`${file} is a SQLite file of another program. It was left as it is.`,
			file,
			'Move it to where it belongs; Dream.OS then makes a ledger of its own.',
		);
	}
}

export const missingError = (file: string): DreamError =>
	ledgerError('ledger.missing', `There is no ledger ${file}.`, file, 'Initialize the workspace first.');

async function assertFolder(file: string): Promise<void> {
	const folder = path.dirname(file);
	const found = await stat(folder).catch(() => undefined);
	if (found?.isDirectory() !== true) {
		throw ledgerError(
			'ledger.noFolder',
			`There is no folder ${folder} for the ledger.`,
			file,
			'Initialize the workspace first.',
		);
	}
}

async function readHeader(file: string): Promise<Buffer | undefined> {
	try {
		const handle = await open(file, 'r');
		try {
			const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerLength), 0, headerLength, 0);
			return buffer.subarray(0, bytesRead);
		} finally {
			await handle.close();
		}
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'ENOENT') {
			return undefined;
		}
		const what = code === 'EISDIR' ? 'is a folder, not a ledger' : `cannot be read (${String(code)})`;
		throw new DreamError('ledger.unreadable', `${file} ${what}.`, {
			cause: error,
			details: { file },
			advice: 'Make it readable for your user, or move it aside.',
		});
	}
}

/** An SQLite file without an application id is ours only while it is empty: a process was ended while it made the ledger. */
function hasTables(sqlite: NodeSqlite, file: string): boolean {
	try {
		const database = new sqlite.DatabaseSync(file, { readOnly: true });
		try {
			return database.prepare('select 1 from sqlite_schema limit 1').get() !== undefined;
		} finally {
			database.close();
		}
	} catch (error) {
		throw toLedgerError(error, file);
	}
}
