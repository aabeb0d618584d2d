// Owns starting a program for a stage: marked, with a deadline and temporary folders of its own, and with nothing left
// running or lying about afterwards.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createMark, endProcesses, findProcesses, PROCESS_MARK } from '../support/processTree.mjs';
import { PROJECT_FOLDER, projectEnvironment } from '../support/project.mjs';
import { testCacheFolder } from '../support/cachedInstall.mjs';

/** Git and npm finish small work after their parent: only what outlives this is left over. */
const SETTLE_MILLISECONDS = 3_000;

/** @type {Set<() => Promise<unknown>>} */
const running = new Set();

/**
 * @typedef {object} ProgramEnd
 * @property {number | null} code exit code; null when it was killed
 * @property {boolean} isLate whether the deadline passed
 * @property {string[]} leftRunning command lines of processes that outlived it; they are ended by now
 */

/**
 * Runs a program in the project folder, its output going where ours goes, and waits for its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ milliseconds: number, settleMilliseconds?: number, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<ProgramEnd>}
 */
export async function runProgram(command, args, { milliseconds, settleMilliseconds = SETTLE_MILLISECONDS, env = {} }) {
	const mark = createMark();
	const folder = await mkdtemp(join(tmpdir(), 'dreamos-'));
	// Some tests act as an ordinary person when they run as root; that person has to get to the folders.
	await chmod(folder, 0o755);
	const child = spawn(command, args, {
		cwd: PROJECT_FOLDER,
		env: { ...projectEnvironment(), ...ownFolders(folder), ...env, [PROCESS_MARK]: mark },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const end = async () => {
		await endProcesses(mark, child.pid);
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	running.add(end);
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		void end();
	}, milliseconds);
	try {
		const code = await new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', resolve);
		});
		const left = await leftovers(mark, child.pid, settleMilliseconds);
		return { code, isLate, leftRunning: left.map(({ command: line }) => line) };
	} finally {
		clearTimeout(timer);
		await end();
		running.delete(end);
	}
}

/** Ends every program that is still running; for Ctrl-C. */
export async function endAllPrograms() {
	await Promise.all([...running].map((end) => end()));
}

/**
 * Temporary and cache files go where they are removed with certainty, also when the program is killed.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
function ownFolders(folder) {
	if (platform() !== 'linux') {
		// The temporary folder of a Mac has so long a name that sockets in a folder below it cannot be made.
		return {};
	}
	return { TMPDIR: folder, XDG_CACHE_HOME: join(folder, 'cache'), DREAMOS_TEST_CACHE: testCacheFolder() };
}

/**
 * @param {string} mark
 * @param {number | undefined} root
 * @param {number} milliseconds
 */
async function leftovers(mark, root, milliseconds) {
	const deadline = Date.now() + milliseconds;
	let left = await findProcesses(mark, root);
	while (left.length > 0 && Date.now() < deadline) {
		await delay(100);
		left = await findProcesses(mark, root);
	}
	return left;
}
