// Owns finding and ending everything a test started, also children that left their process group:
// each carries a mark in its environment. Refuses to guess by process name.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Name of the environment variable that marks the processes of one test run. */
export const PROCESS_MARK = 'DREAMOS_TEST_MARK';

/** A mark of its own for one program; who looks for the mark of the run around it finds this one too. */
export function createMark() {
	const around = process.env[PROCESS_MARK];
	return around ? `${around}/${randomUUID()}` : randomUUID();
}

/**
 * @typedef {object} FoundProcess
 * @property {number} pid
 * @property {string} command
 */

/**
 * Living processes that carry the mark. On Linux the environment is read, so detached grandchildren are found too;
 * elsewhere the descendants of `root`.
 * @param {string} mark
 * @param {number | undefined} root
 * @returns {Promise<FoundProcess[]>}
 */
export async function findProcesses(mark, root) {
	if (platform() === 'linux') {
		return await findByEnvironment(`${PROCESS_MARK}=${mark}`);
	}
	return platform() === 'win32' || root === undefined ? [] : await findDescendants(root);
}

/** @param {string} entry */
async function findByEnvironment(entry) {
	/** @type {FoundProcess[]} */
	const found = [];
	for (const name of await readdir('/proc')) {
		if (!/^\d+$/.test(name) || Number(name) === process.pid) {
			continue;
		}
		// A process may end between the listing and the reading, or belong to somebody else.
		const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
		if (environment.split('\0').some((each) => each.startsWith(entry))) {
			const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
			found.push({ pid: Number(name), command: command.split('\0').join(' ').trim() });
		}
	}
	return found;
}

/** @param {number} root */
async function findDescendants(root) {
	const { stdout } = await run('ps', ['-Ao', 'pid=,ppid=,command=']);
	const rows = stdout.split('\n').flatMap((line) => {
		const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
		return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }] : [];
	});
	const family = new Set([root]);
	for (let size = 0; size < family.size;) {
		size = family.size;
		rows.filter((row) => family.has(row.parent)).forEach((row) => family.add(row.pid));
	}
	return rows.filter((row) => family.has(row.pid)).map(({ pid, command }) => ({ pid, command }));
}

/**
 * Asks every marked process to end, waits, then ends the rest the hard way.
 * @param {string} mark
 * @param {number | undefined} root
 * @param {number} [graceMilliseconds]
 * @returns {Promise<FoundProcess[]>} those that had to be killed
 */
export async function endProcesses(mark, root, graceMilliseconds = 5_000) {
	if (platform() === 'win32') {
		if (root !== undefined) {
			await run('taskkill', ['/pid', String(root), '/T', '/F']).catch(() => {});
		}
		return [];
	}
	const family = new Set((await findProcesses(mark, root)).map(({ pid }) => pid));
	family.forEach((pid) => signal(pid, 'SIGTERM'));
	const deadline = Date.now() + graceMilliseconds;
	let left = await survivors(mark, root, family);
	while (left.length > 0 && Date.now() < deadline) {
		await delay(50);
		left = await survivors(mark, root, family);
	}
	for (let round = 0; left.length > 0 && round < 20; round++) {
		left.forEach(({ pid }) => signal(pid, 'SIGKILL'));
		await delay(50);
		if ((await survivors(mark, root, family)).length === 0) {
			break;
		}
	}
	return left;
}

/**
 * Once the root is gone its orphans have another parent: keep asking for those seen before.
 * @param {string} mark
 * @param {number | undefined} root
 * @param {Set<number>} family
 */
async function survivors(mark, root, family) {
	const found = await findProcesses(mark, root);
	if (platform() === 'linux') {
		return found;
	}
	found.forEach(({ pid }) => family.add(pid));
	return [...family].filter(isAlive).map((pid) => ({ pid, command: '' }));
}

/** @param {number} pid */
function isAlive(pid) {
	return signal(pid, 0);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} name
 */
function signal(pid, name) {
	try {
		return process.kill(pid, name);
	} catch {
		return false;
	}
}
