// Owns programs that npm does not bring: finds them on PATH, installs Debian's package when it may, else says how.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const INSTALL_MILLISECONDS = 5 * 60_000;

/**
 * Makes sure that git is there: the product works on git repositories, and so do its tests.
 * @param {(line: string) => void} say
 */
export async function ensureGit(say) {
	if (await findOnPath(['git'])) {
		return;
	}
	if (!(await canInstallPackages())) {
		throw new Error(`git is missing. Install it: ${installCommand('git')}`);
	}
	await installPackages(['git'], say);
}

/**
 * Makes sure that bubblewrap is there, which contains agents on Linux. Where it may not be installed, its tests say so and skip.
 * @param {(line: string) => void} say
 */
export async function ensureBubblewrap(say) {
	if (platform() !== 'linux' || (await findOnPath(['bwrap']))) {
		return;
	}
	if (!(await canInstallPackages())) {
		say(`bubblewrap is missing: tests of containment are skipped. Install it: ${installCommand('bubblewrap')}`);
		return;
	}
	await installPackages(['bubblewrap'], say).catch((error) => say(`bubblewrap was not installed: ${String(error)}`));
}

/** Whether this process may install Debian packages. */
export async function canInstallPackages() {
	return platform() === 'linux' && process.getuid?.() === 0 && (await findOnPath(['apt-get'])) !== undefined;
}

/**
 * The command a person types to install a package.
 * @param {string} name
 */
export function installCommand(name) {
	switch (platform()) {
		case 'linux':
			return `sudo apt-get update && sudo apt-get install --yes ${name}`;
		case 'darwin':
			return `brew install ${name}`;
		default:
			return `winget install ${name}`;
	}
}

/**
 * @param {readonly string[]} names
 * @param {(line: string) => void} say
 */
export async function installPackages(names, say) {
	say(`Installing with apt-get: ${names.join(', ')}`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: INSTALL_MILLISECONDS };
	await run('apt-get', ['update', '--quiet'], options);
	await run('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', ...names], options);
}

/**
 * First of the named programs that is on PATH.
 * @param {readonly string[]} names
 * @returns {Promise<string | undefined>}
 */
export async function findOnPath(names) {
	const endings = platform() === 'win32' ? ['.exe', '.cmd', ''] : [''];
	for (const name of names) {
		for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
			for (const ending of endings) {
				if (await isExecutable(join(folder, name + ending))) {
					return join(folder, name + ending);
				}
			}
		}
	}
	return undefined;
}

/** @param {string} path */
export async function isExecutable(path) {
	return await access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
}
