// Owns opening a desktop editor with a profile of its own, so that the person's own is neither read nor changed.
import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CALM_SETTINGS } from '../support/servedEditor.mjs';
import { findOnPath } from '../support/systemPackages.mjs';

const run = promisify(execFile);

const INSTALL_MILLISECONDS = 60_000;

/** In the order of preference. */
export const DESKTOP_EDITORS = /** @type {const} */ (['cursor', 'code', 'codium']);

/** @typedef {(typeof DESKTOP_EDITORS)[number]} DesktopEditor */

/**
 * The first of them on PATH. None where there is no screen to open it on.
 * @param {readonly DesktopEditor[]} names
 * @returns {Promise<string | undefined>}
 */
export async function findDesktopEditor(names) {
	const hasScreen = platform() !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
	return hasScreen ? await findOnPath([...names]) : undefined;
}

/**
 * Installs the package into a fresh profile and opens the folder. Resolves when the window is closed, or at once.
 * @param {string} program
 * @param {{ vsix: string, folder: string, profile: string, isWaiting: boolean }} options
 */
export async function openDesktopEditor(program, { vsix, folder, profile, isWaiting }) {
	const data = join(profile, 'data');
	await mkdir(join(data, 'User'), { recursive: true });
	await writeFile(join(data, 'User', 'settings.json'), `${JSON.stringify(CALM_SETTINGS, undefined, '\t')}\n`);
	const own = ['--user-data-dir', data, '--extensions-dir', join(profile, 'extensions')];
	const shell = platform() === 'win32';
	await run(program, [...own, '--install-extension', vsix, '--force'], { timeout: INSTALL_MILLISECONDS, shell });
	const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
	const waiting = isWaiting ? ['--wait'] : [];
	const args = [...own, ...asRoot, ...waiting, '--disable-workspace-trust', '--new-window', folder];
	await new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: 'ignore', shell });
		child.once('error', reject);
		child.once('exit', (code) =>
			code === 0 ? resolve(undefined) : reject(new Error(`${program} ended with code ${code}.`)),
		);
	});
}
