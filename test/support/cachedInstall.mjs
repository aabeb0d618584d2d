// Owns installing from npm on demand what tests need and the project must not carry: pinned, into the user's cache folder. Never
// touches node_modules of the project.
import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, platform, arch } from 'node:os';
import { join } from 'node:path';

const COMPLETE_MARKER = 'complete.json';

/** Half-made installations older than this belong to a run that died. */
const ABANDONED_AFTER_MILLISECONDS = 30 * 60_000;

/**
 * Where downloads of the test rig live, outside the repository. `DREAMOS_TEST_CACHE` overrides it.
 * @returns {string}
 */
export function testCacheFolder() {
	if (process.env.DREAMOS_TEST_CACHE) {
		return process.env.DREAMOS_TEST_CACHE;
	}
	if (process.env.XDG_CACHE_HOME) {
		return join(process.env.XDG_CACHE_HOME, 'dreamos-test');
	}
	if (platform() === 'darwin') {
		return join(homedir(), 'Library', 'Caches', 'dreamos-test');
	}
	if (platform() === 'win32') {
		return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'dreamos-test');
	}
	return join(homedir(), '.cache', 'dreamos-test');
}

/**
 * A folder of the cache with something installed in it; done first when it is not there yet.
 * Two runs may race: each installs into a folder of its own, the first rename wins, the other one is thrown away.
 * @param {{ name: string, install: (folder: string) => Promise<void>, note: string }} what `name` holds the version; `note` says what
 * is being installed and how large it is
 * @param {(line: string) => void} say receives a line when something slow begins
 * @returns {Promise<string>}
 */
export async function ensureCached({ name, install, note }, say) {
	const cache = testCacheFolder();
	const target = join(cache, `${name}-${platform()}-${arch()}`);
	if (await exists(join(target, COMPLETE_MARKER))) {
		return target;
	}
	say(`Installing ${note} into ${target}`);
	await mkdir(cache, { recursive: true });
	await removeAbandoned(cache);
	const temporary = join(cache, `installing-${process.pid}-${Date.now()}`);
	try {
		await mkdir(temporary, { recursive: true });
		await writeFile(join(temporary, 'package.json'), '{ "private": true }\n');
		await install(temporary);
		await writeFile(join(temporary, COMPLETE_MARKER), `${JSON.stringify({ name })}\n`);
		await publish(temporary, target);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
	return target;
}

/**
 * @param {string} temporary
 * @param {string} target
 */
async function publish(temporary, target) {
	try {
		await rename(temporary, target);
	} catch (error) {
		if (await exists(join(target, COMPLETE_MARKER))) {
			return;
		}
		// A folder without its marker was damaged by hand: replace it.
		await rm(target, { recursive: true, force: true });
		await rename(temporary, target).catch(() => {
			throw error;
		});
	}
}

/** @param {string} cache */
async function removeAbandoned(cache) {
	for (const name of await readdir(cache)) {
		const path = join(cache, name);
		if (name.startsWith('installing-')) {
			const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
			if (Date.now() - mtimeMs > ABANDONED_AFTER_MILLISECONDS) {
				await rm(path, { recursive: true, force: true });
			}
		}
	}
}

/**
 * Runs npm in a folder; rejects with what it printed.
 * @param {string} folder
 * @param {string[]} args
 * @returns {Promise<void>}
 */
export function npm(folder, args) {
	const cli = process.env.npm_execpath;
	const [command, ...first] = cli?.endsWith('.js') ? [process.execPath, cli] : ['npm'];
	// What npm tells its scripts about *this* project must not reach the installation of another one.
	const foreign = /^npm_(package|lifecycle|command|config_local_prefix|config_global_prefix)/;
	const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
	return new Promise((resolve, reject) => {
		const child = spawn(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
			cwd: folder,
			env,
			shell: platform() === 'win32' && first.length === 0,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (output += chunk));
		child.once('error', reject);
		child.once('close', (code) =>
			code === 0 ? resolve() : reject(new Error(`npm ${args.join(' ')} failed with code ${code}:\n${output}`)),
		);
	});
}

/** @param {string} path */
async function exists(path) {
	return await stat(path).then(
		() => true,
		() => false,
	);
}
