// Owns how an error of the file system becomes one a person understands: a stable code, the path, what to do next.

import type { ErrorCode } from '../base/errors.ts';
import { DreamError, isDreamError } from '../base/errors.ts';

export type FileAction = 'read' | 'write' | 'append to' | 'list' | 'create' | 'remove' | 'rename' | 'look at';

interface Reading {
	readonly code: ErrorCode;
	readonly what: string;
	readonly advice?: string;
}

const full: Reading = {
	code: 'file.full',
	what: 'the disk or its quota is full',
	advice: 'Free some space and try again; the old content is untouched.',
};
const readOnly: Reading = {
	code: 'file.readOnly',
	what: 'writing is not permitted there',
	advice: 'Check who owns the file and its folder, and whether the disk is mounted read-only.',
};
const unreadable: Reading = {
	code: 'file.unreadable',
	what: 'reading is not permitted',
	advice: 'Check who owns the file and its permissions.',
};
const missing: Reading = { code: 'file.notFound', what: 'it does not exist' };
const folder: Reading = {
	code: 'file.isFolder',
	what: 'a folder is in its place',
	advice: 'Move the folder away or choose another name.',
};

/** The `code` of a system error such as `ENOENT`; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A typed error for what the system said about a path. Errors of ours pass unchanged. */
export function fileError(error: unknown, action: FileAction, path: string): DreamError {
	if (isDreamError(error)) {
		return error;
	}
	const reading = readSystemCode(systemCode(error), action);
	const what = reading?.what ?? (error instanceof Error ? error.message : String(error));
	return new DreamError(reading?.code ?? 'file.failed', `Cannot ${action} ${path}: ${what}.`, {
		cause: error,
		details: { path, systemCode: systemCode(error) },
		...(reading?.advice === undefined ? {} : { advice: reading.advice }),
	});
}

function readSystemCode(code: string | undefined, action: FileAction): Reading | undefined {
	switch (code) {
		case 'ENOENT':
			return missing;
		case 'ENOSPC':
		case 'EDQUOT':
			return full;
		case 'EROFS':
		case 'EACCES':
		case 'EPERM':
			return action === 'read' || action === 'list' || action === 'look at' ? unreadable : readOnly;
		case 'EISDIR':
			return folder;
		default:
			return undefined;
	}
}
