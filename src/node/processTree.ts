// Owns ending a process with everything it started: descendants, its group and session, and on Linux also what left the
// tree (daemons), by the mark in their environment. Never signals a pid whose start time is not the one it saw.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sleep } from '../base/async.ts';
import { DreamError } from '../base/errors.ts';
import type { ProcessIdentity } from '../core/ports.ts';
import type { ProcessRow, ProcessTable } from './processTable.ts';

export interface EndingTimes {
	/** From the polite signal to the hard one. */
	readonly politeMilliseconds: number;
	/** From the beginning until it is given up. */
	readonly totalMilliseconds: number;
}

/** Together with closing stdin and a last look this stays within the 5 s that a stop may take. */
export const defaultEndingTimes: EndingTimes = { politeMilliseconds: 1_000, totalMilliseconds: 4_500 };

const pollMilliseconds = 25;

/** The token of the run is kept in the opaque start, so that another program can find the run's daemons after a crash. */
export function makeIdentity(pid: number, started: string, token: string): ProcessIdentity {
	return { pid, started: `${started}~${token}` };
}

/** The system's start time and the run's token, taken apart again. */
export function readIdentity(identity: ProcessIdentity): { readonly started: string; readonly token: string } {
	const border = identity.started.lastIndexOf('~');
	return border === -1
		? { started: identity.started, token: '' }
		: { started: identity.started.slice(0, border), token: identity.started.slice(border + 1) };
}

/** True while that very process lives. Without a start time only the pid can be compared. */
export async function isProcessAlive(table: ProcessTable, identity: ProcessIdentity): Promise<boolean> {
	const found = (await table.startsOf([identity.pid])).get(identity.pid);
	const { started } = readIdentity(identity);
	return found !== undefined && (started === '' || found === started);
}

/**
 * Ends a tree, politely first. `isOwnChild` says that we started the root and so know that its number still means it, even
 * after it ended; of a root that somebody else recorded and that is gone, only marked processes are ended. Resolves when nothing of it is left; rejects with `process.survived` when the system does
 * not let go of something (a sleep in the kernel, another user's process).
 */
export async function endProcessTree(
	table: ProcessTable,
	identity: ProcessIdentity,
	isOwnChild: boolean,
	times: EndingTimes = defaultEndingTimes,
): Promise<void> {
	if (process.platform === 'win32') {
		await endWindowsTree(table, identity);
		return;
	}
	const known = new Map<number, string>();
	await endKnown(table, known, () => look(table, identity, isOwnChild, known), times);
}

/** Ends what a living process started that works in a folder or below it, with all that those started; never the process itself. */
export async function endInFolder(
	table: ProcessTable,
	identity: ProcessIdentity,
	folder: string,
	times: EndingTimes = defaultEndingTimes,
): Promise<void> {
	const known = new Map<number, string>();
	const lookAgain = async () => {
		const tree = new Map<number, string>();
		const below = (await look(table, identity, true, tree)).filter((pid) => pid !== identity.pid);
		for (const pid of await table.workingIn(folder, below)) {
			known.set(pid, tree.get(pid) ?? '');
		}
		const rows = (await table.list()).filter(({ pid }) => below.includes(pid));
		addDescendants(rows, known);
		return rows.filter((row) => known.get(row.pid) === row.started).map(({ pid }) => pid);
	};
	await endKnown(table, known, lookAgain, times);
}

/** Signals what each look finds until a look finds nothing. A look adds to `known` what it finds. */
async function endKnown(
	table: ProcessTable,
	known: ReadonlyMap<number, string>,
	lookAgain: () => Promise<number[]>,
	times: EndingTimes,
): Promise<void> {
	const begin = performance.now();
	const elapsed = () => performance.now() - begin;
	const signalled = new Set<number>();
	for (;;) {
		let living = await lookAgain();
		if (living.length === 0) {
			return;
		}
		const isPolite = elapsed() < times.politeMilliseconds;
		for (const pid of living) {
			if (!isPolite || !signalled.has(pid)) {
				signalled.add(pid);
				signal(pid, isPolite ? 'SIGTERM' : 'SIGKILL');
			}
		}
		// Watching the known ones is cheap; a full look follows when they are gone, or when the kind of signal changes.
		const border = isPolite ? times.politeMilliseconds : elapsed() + 200;
		while (living.length > 0 && elapsed() < border) {
			await sleep(pollMilliseconds);
			living = await stillLiving(table, living, known);
		}
		if (elapsed() > times.totalMilliseconds) {
			living = await lookAgain();
			if (living.length === 0) {
				return;
			}
			throw new DreamError('process.survived', `Processes could not be ended: ${living.join(', ')}.`, {
				details: { pids: living },
				advice: 'End them by hand; they may belong to another user or hang in the system.',
			});
		}
	}
}

/** All living processes of the tree; remembers them, because a process whose parent died is no longer found by descent. */
async function look(
	table: ProcessTable,
	identity: ProcessIdentity,
	isOwnChild: boolean,
	known: Map<number, string>,
): Promise<number[]> {
	const { started, token } = readIdentity(identity);
	const [all, marked] = await Promise.all([
		table.list(),
		token === '' ? Promise.resolve<ReadonlySet<number>>(new Set()) : table.marked(token),
	]);
	const rows = all.filter((row) => row.pid !== process.pid);
	const byPid = new Map(rows.map((row) => [row.pid, row]));
	const isKnown = (row: ProcessRow | undefined) => row !== undefined && known.get(row.pid) === row.started;
	const root = byPid.get(identity.pid);
	const isRootAlive = root !== undefined && (started === '' ? isOwnChild : root.started === started);
	// The system does not give a leader's number away while its group lives. So without another process of that number the
	// group is ours if we made it; long after a crash it may be anybody's.
	const isGroupOurs = isRootAlive || (isOwnChild && root === undefined);
	for (const row of rows) {
		const isMember = row.pid === identity.pid || row.group === identity.pid || row.session === identity.pid;
		if (marked.has(row.pid) || (isGroupOurs && isMember)) {
			known.set(row.pid, row.started);
		}
	}
	addDescendants(rows, known);
	return rows.filter(isKnown).map((row) => row.pid);
}

/** Adds everything that known processes started, directly or not. */
export function addDescendants(rows: readonly ProcessRow[], known: Map<number, string>): void {
	const byPid = new Map(rows.map((row) => [row.pid, row]));
	for (let size = -1; size !== known.size;) {
		size = known.size;
		for (const row of rows) {
			const parent = byPid.get(row.parent);
			if (parent !== undefined && known.get(parent.pid) === parent.started) {
				known.set(row.pid, row.started);
			}
		}
	}
}

async function stillLiving(
	table: ProcessTable,
	pids: readonly number[],
	known: ReadonlyMap<number, string>,
): Promise<number[]> {
	const starts = await table.startsOf(pids);
	return pids.filter((pid) => starts.has(pid) && starts.get(pid) === known.get(pid));
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// Gone since we looked, or not ours to end: the next look tells.
	}
}

async function endWindowsTree(table: ProcessTable, identity: ProcessIdentity): Promise<void> {
	if (await isProcessAlive(table, identity)) {
		// Fails when the process ends by itself meanwhile.
		await promisify(execFile)('taskkill', ['/pid', String(identity.pid), '/T', '/F'], { windowsHide: true }).catch(
			() => undefined,
		);
	}
}
