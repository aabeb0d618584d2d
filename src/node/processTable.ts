// Owns asking the system which processes live. A process is its pid together with its start: a pid alone is used again.
// Zombies count as gone: they hold nothing but their number, until a parent that may never ask for them does.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { shareLooks } from '../base/async.ts';
import { carriesMark, markVariable } from './processEnvironment.ts';
import { readProcFiles } from './procFiles.ts';

export interface ProcessRow {
	readonly pid: number;
	readonly parent: number;
	/** Process group. */
	readonly group: number;
	/** Session on Linux; 0 where the system does not tell. */
	readonly session: number;
	/** Opaque start time. */
	readonly started: string;
	/** Resident memory in bytes. */
	readonly memory: number;
	/** Processor time so far in milliseconds, that of children that ended included. */
	readonly cpu: number;
}

export interface ProcessTable {
	list(): Promise<ProcessRow[]>;
	/** Starts of those of the given processes that live; an empty text where the system does not tell. */
	startsOf(pids: readonly number[]): Promise<ReadonlyMap<number, string>>;
	/**
	 * The start of a child that has just been made, without giving way to the event loop, in which a child that ended at once
	 * would vanish. Not every system can.
	 */
	startOfChild?(pid: number): string | undefined;
	/** Living processes whose environment carries a run's token, also when they left the tree; empty where it cannot be seen. */
	marked(token: string): Promise<ReadonlySet<number>>;
	/** Those of the given processes that work in the folder or below it; none where that cannot be seen. */
	workingIn(folder: string, pids: readonly number[]): Promise<ReadonlySet<number>>;
}

/** The table of the system we run on. */
export function systemProcessTable(platform: NodeJS.Platform = process.platform): ProcessTable {
	switch (platform) {
		case 'linux':
			return procTable;
		case 'win32':
			return pidTable;
		default:
			return psTable;
	}
}

/** Environments of the processes that carry the mark of any run. One that is gone in between, or somebody else's, is of no run of ours. */
const markedEnvironments = shareLooks(async () => {
	const environments = new Map<number, string>();
	await readProcFiles(await processIds(), 'environ', (pid, environment) => {
		if (environment.includes(markVariable)) {
			environments.set(pid, environment);
		}
	});
	return environments;
});

/** Linux: `/proc`. A look at all processes takes a tenth of a second on a busy machine, so runs that end together share theirs. */
const procTable: ProcessTable = {
	list: shareLooks(async () => readStats(await processIds())),
	async startsOf(pids) {
		return startsByPid(await readStats(pids));
	},
	startOfChild(pid) {
		try {
			return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'), true)?.started;
		} catch {
			return undefined;
		}
	},
	async marked(token) {
		const marked = [...(await markedEnvironments())].filter(([, environment]) => carriesMark(environment, token));
		return new Set(marked.map(([pid]) => pid));
	},
	async workingIn(folder, pids) {
		const places = await Promise.all(
			pids.map(async (pid) => [pid, await readlink(`/proc/${pid}/cwd`).catch(() => '')] as const),
		);
		// What works in a folder that was removed is told with a word behind it.
		const isInside = (place: string) =>
			place === folder || place.startsWith(`${folder}/`) || place.startsWith(`${folder} (`);
		return new Set(places.flatMap(([pid, place]) => (isInside(place) ? [pid] : [])));
	},
};

/** macOS and other Unix systems: `ps`. Environments are not shown there, so a process that leaves its tree is lost. */
export const psTable: ProcessTable = {
	async list() {
		// `ps` itself is in the list, as a child of ours: never part of another tree.
		const { stdout } = await promisify(execFile)('ps', ['-axo', psColumns], {
			env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
			maxBuffer: 64 * 1024 * 1024,
		});
		return parsePs(stdout);
	},
	async startsOf(pids) {
		return startsByPid((await psTable.list()).filter((row) => pids.includes(row.pid)));
	},
	marked: async () => new Set<number>(),
	workingIn: async () => new Set<number>(),
};

/** Windows: `taskkill /T` finds the tree by itself, and the start of a process cannot be had cheaply. */
const pidTable: ProcessTable = {
	list: async () => [],
	startsOf: async (pids) => new Map(pids.filter(isPidTaken).map((pid) => [pid, ''])),
	marked: async () => new Set<number>(),
	workingIn: async () => new Set<number>(),
};

function startsByPid(rows: readonly ProcessRow[]): Map<number, string> {
	return new Map(rows.map(({ pid, started }) => [pid, started]));
}

function isPidTaken(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

async function processIds(): Promise<number[]> {
	return (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);
}

async function readStats(pids: readonly number[]): Promise<ProcessRow[]> {
	const rows: ProcessRow[] = [];
	await readProcFiles(pids, 'stat', (pid, text) => {
		const row = parseStat(pid, text);
		if (row !== undefined) {
			rows.push(row);
		}
	});
	return rows;
}

/** One line of `/proc/<pid>/stat`. The name in brackets may itself hold brackets, spaces and line breaks. */
export function parseStat(pid: number, text: string, withZombies = false): ProcessRow | undefined {
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const [state, parent, group, session] = fields;
	const started = fields[19];
	const isGone = state === 'X' || (state === 'Z' && !withZombies);
	if (started === undefined || isGone) {
		return undefined;
	}
	return {
		pid,
		parent: Number(parent),
		group: Number(group),
		session: Number(session),
		started: `${bootMark()}-${started}`,
		memory: Number(fields[21] ?? 0) * pageSize(),
		cpu: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMilliseconds,
	};
}

const psColumns = 'pid=,ppid=,pgid=,stat=,rss=,time=,lstart=';

/** Rows of `ps` with these columns. */
export function parsePs(text: string): ProcessRow[] {
	return text.split('\n').flatMap((line) => {
		const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(.+?)\s*$/u.exec(line);
		if (match === null || match[4]?.startsWith('Z') === true) {
			return [];
		}
		const [, pid, parent, group, , kilobytes, time = '', started = ''] = match;
		return [
			{
				pid: Number(pid),
				parent: Number(parent),
				group: Number(group),
				session: 0,
				started: started.replace(/\s+/gu, ' '),
				memory: Number(kilobytes) * 1024,
				cpu: readTime(time),
			},
		];
	});
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` in milliseconds. */
function readTime(text: string): number {
	const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
	const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** Linux counts processor time in hundredths of a second whatever its timer does. */
const tickMilliseconds = 10;
let knownPageSize: number | undefined;

/** In bytes; Node does not tell it. */
function pageSize(): number {
	if (knownPageSize === undefined) {
		let text = '';
		try {
			text = readFileSync('/proc/self/smaps', 'latin1');
		} catch {
			// Hardened systems hide it.
		}
		knownPageSize = Number(/^KernelPageSize:\s+(\d+) kB$/mu.exec(text)?.[1] ?? 4) * 1024;
	}
	return knownPageSize;
}

let knownBoot: string | undefined;

/** Start times on Linux count from the boot, and small machines start the same processes in the same order each time. */
function bootMark(): string {
	if (knownBoot === undefined) {
		try {
			knownBoot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
		} catch {
			knownBoot = 'boot';
		}
	}
	return knownBoot;
}
