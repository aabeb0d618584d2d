// Owns how an error of SQLite becomes one of ours: a code, the file, and what to do next.

import type { ErrorCode } from '../base/errors.ts';
import { describeError, DreamError } from '../base/errors.ts';

interface SqliteError extends Error {
	/** SQLite's extended result code; the low byte is the primary one. */
	readonly errcode: number;
}

interface Translation {
	readonly code: ErrorCode;
	readonly what: string;
	readonly advice: string;
}

const full: Translation = {
	code: 'ledger.full',
	what: 'The disk is full, so nothing was written to',
	advice: 'Free some space and repeat. Everything acknowledged before is safe.',
};
const readOnly: Translation = {
	code: 'ledger.readOnly',
	what: 'This program may not write to',
	advice: 'Make the file and its folder writable for your user, or work on a copy of the workspace.',
};
const corrupt: Translation = {
	code: 'ledger.corrupt',
	what: 'This is not a readable ledger; it was left as it is:',
	advice: 'Move it aside together with the files beside it that begin with its name; the ledger is then rebuilt from the boards.',
};
const disk: Translation = {
	code: 'ledger.disk',
	what: 'The disk reported an error at',
	advice: 'Check the disk and its free space, then repeat.',
};
const busy: Translation = {
	code: 'ledger.busy',
	what: 'Other programs kept the ledger locked for too long:',
	advice: 'Repeat in a moment. If it stays so, end the program that has the file open.',
};

/** By primary result code; see https://sqlite.org/rescode.html. */
const translations: ReadonlyMap<number, Translation> = new Map([
	[5, busy],
	[6, busy],
	[8, readOnly],
	[10, disk],
	[11, corrupt],
	[13, full],
	[14, readOnly],
	[15, busy],
	[26, corrupt],
]);
/** SQLITE_IOERR_SHMSIZE and SQLITE_IOERR_WRITE with a full disk come as I/O errors; the system's own text tells them apart. */
const sharedMemorySize = 10 | (19 << 8);

export function isSqliteError(error: unknown): error is SqliteError {
	return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** True when another connection was in the way and trying again can help. SQLITE_PROTOCOL is a lost race for the log's lock. */
export function isBusy(error: unknown): boolean {
	return isSqliteError(error) && translations.get(error.errcode & 0xff) === busy;
}

/** The domain error for anything SQLite threw; every other error as it is. */
export function toLedgerError(error: unknown, path: string): unknown {
	if (!isSqliteError(error)) {
		return error;
	}
	const translation = error.errcode === sharedMemorySize ? full : translations.get(error.errcode & 0xff);
	if (translation === undefined) {
		return new DreamError('ledger.failed', `The ledger ${path} refused a statement: ${error.message}.`, {
			cause: error,
			details: { file: path, errcode: error.errcode },
		});
	}
	return ledgerError(translation.code, `${translation.what} ${path}.`, path, translation.advice, error);
}

/** What was committed stands, as long as the machine runs; nobody can say that it outlives a power cut. */
export function unsyncedError(cause: unknown, path: string): DreamError {
	return new DreamError(
		'ledger.disk',
		`The disk did not confirm what was written to the ledger ${path}: ${describeError(cause)}.`,
		{ cause, details: { file: path }, advice: 'Check the disk, then look whether the change is there.' },
	);
}

/** A domain error that names the ledger's file. */
export function ledgerError(
	code: ErrorCode,
	message: string,
	path: string,
	advice: string,
	cause?: SqliteError,
): DreamError {
	return new DreamError(code, message, {
		details: { file: path, ...(cause === undefined ? {} : { errcode: cause.errcode }) },
		advice,
		...(cause === undefined ? {} : { cause }),
	});
}

/** The refusal after the deadline, with how long was waited. */
export function busyError(path: string, waitedMilliseconds: number): DreamError {
	const seconds = Math.round(waitedMilliseconds / 100) / 10;
	return ledgerError(
		'ledger.busy',
		`Other programs kept the ledger ${path} locked for ${seconds} s.`,
		path,
		busy.advice,
	);
}
