// Owns opening the ledger of a folder that is ours: as it is, read-only where it must be, or built anew when it was lost.

import { DreamError, isDreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { GuardedLedger } from '../core/hooks/guardedLedger.ts';
import { HooksFile } from '../core/hooks/hooksFile.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import type { Clock, FileSystem, ProcessRunner, Watcher } from '../core/ports.ts';
import { timestamp } from '../core/ports.ts';
import { rebuildLedger } from '../core/workspace/adoptBoards.ts';
import { isSetUp } from '../core/workspace/setUp.ts';
import { isLedgerDamaged, setLedgerAside } from '../ledger/damagedLedger.ts';
import { openLedger } from '../ledger/openLedger.ts';

export interface WorkspaceLedgerParts {
	readonly folder: string;
	readonly files: FileSystem;
	readonly clock: Clock;
	readonly log: Logger;
	/** To notice changes of other processes at once; left out by programs that do not stay. */
	readonly watcher: Watcher | undefined;
	/** For the guards of moves. */
	readonly processes: Pick<ProcessRunner, 'run'>;
	/** Why nothing may be run here, as a sentence; undefined when it may. */
	readonly refusal: () => string | undefined;
}

export interface OpenedLedger {
	readonly ledger: Ledger;
	readonly isWritable: boolean;
}

/** Opens the ledger file, creating it where it may be written. One that may only be read is opened for reading, and that is logged. */
export async function openWorkspaceLedger(parts: WorkspaceLedgerParts, mayWrite: boolean): Promise<OpenedLedger> {
	if (mayWrite) {
		try {
			const ledger = await open(parts, false);
			return { ledger, isWritable: ledger.refusal === undefined };
		} catch (error) {
			// On a full disk a command can still read; who stays is to be told, and opens it anew when there is room.
			const isCommand = parts.watcher === undefined;
			if (!isDreamError(error, 'ledger.readOnly') && !(isCommand && isDreamError(error, 'ledger.full'))) {
				throw error;
			}
			const readable = await open(parts, true, error).catch((second: unknown) => {
				// Where there is nothing to read, what is in the way of making it is all there is to say.
				throw isDreamError(second, 'ledger.missing') ? error : second;
			});
			parts.log.warn(error.fullMessage);
			return { ledger: readable, isWritable: false };
		}
	}
	return { ledger: await open(parts, true), isWritable: false };
}

/**
 * Opens a ledger that was there. One whose set-up was cut short (a crash, a full disk) is set up from the boards; one that is
 * damaged is set aside, where that is allowed, and built anew.
 */
export async function openExistingLedger(parts: WorkspaceLedgerParts, mayWrite: boolean): Promise<OpenedLedger> {
	try {
		return await openOrSetUp(parts, mayWrite);
	} catch (error) {
		if (!isDreamError(error, 'ledger.corrupt') || !mayWrite || setDamagedAside(parts) === undefined) {
			throw error;
		}
		return rebuildWorkspaceLedger(parts);
	}
}

async function openOrSetUp(parts: WorkspaceLedgerParts, mayWrite: boolean): Promise<OpenedLedger> {
	const opened = await openWorkspaceLedger(parts, mayWrite);
	if (opened.isWritable && !(await isSetUp(opened.ledger))) {
		const { report } = await rebuildLedger(
			{
				files: parts.files,
				clock: parts.clock,
				folder: parts.folder,
				openLedger: () => Promise.resolve(opened.ledger),
			},
			{ kind: 'system', id: 'workspace' },
		);
		parts.log.warn(`The ledger was empty and was set up from the boards: ${report.lines.join(' ')}`);
	}
	return opened;
}

/** Builds a lost ledger from the boards and says so in the log. Fails where the folder cannot be written. */
export async function rebuildWorkspaceLedger(parts: WorkspaceLedgerParts): Promise<OpenedLedger> {
	let ledger: Ledger | undefined;
	const { report, isPerformed } = await rebuildLedger(
		{
			files: parts.files,
			clock: parts.clock,
			folder: parts.folder,
			openLedger: async () => (ledger ??= await open(parts, false)),
		},
		{ kind: 'system', id: 'workspace' },
	);
	if (ledger === undefined) {
		throw new DreamError('workspace.ledgerLost', 'The ledger is gone and could not be rebuilt.', {
			details: { path: runtimePaths.ledger },
		});
	}
	if (isPerformed) {
		parts.log.warn(`The ledger was gone and was rebuilt from the boards: ${report.lines.join(' ')}`);
	}
	return { ledger, isWritable: true };
}

/**
 * Sets a damaged ledger aside, so that it counts as lost. Undefined when there is no damage, or somebody else was faster; else the
 * path of the copy inside the workspace.
 */
export function setDamagedAside({ folder, files, clock, log }: WorkspaceLedgerParts): string | undefined {
	const path = files.join(folder, runtimePaths.ledger);
	const name = `ledger.${timestamp(clock).replace(/[-:]|\.\d+/gu, '')}.db`;
	if (!isLedgerDamaged(path) || !setLedgerAside(path, files.join(folder, runtimePaths.quarantine, name))) {
		return undefined;
	}
	const copy = `${runtimePaths.quarantine}/${name}`;
	log.warn(`The ledger was damaged. It is kept as ${copy}; the ledger is built anew from the boards.`);
	return copy;
}

/** Every program opens the ledger here, so that no move of anybody goes past its guards. */
async function open(parts: WorkspaceLedgerParts, readOnly: boolean, because?: DreamError): Promise<Ledger> {
	const { folder, files, clock, log, watcher, processes, refusal } = parts;
	const ledger = await openLedger({
		path: files.join(folder, runtimePaths.ledger),
		clock,
		log,
		readOnly,
		...(because === undefined ? {} : { readOnlyBecause: because }),
		...(watcher === undefined ? {} : { watcher }),
	});
	const hooks = new HooksFile(files, files.join(folder, runtimePaths.hooks));
	return new GuardedLedger(ledger, { hooks, processes, log, folder, refusal });
}
