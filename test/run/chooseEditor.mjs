// Owns the choice of the editor that in-host tests run in, and the sentence that says why.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { download, SilentReporter } from '@vscode/test-electron';
import { ensureChromium } from '../support/chromium.mjs';
import { readManifest } from '../support/project.mjs';
import { testCacheFolder } from '../support/cachedInstall.mjs';
import { canInstallPackages, findOnPath, installCommand, installPackages } from '../support/systemPackages.mjs';

const PROBE_MILLISECONDS = 5_000;
const IDLE_DOWNLOAD_MILLISECONDS = 15_000;
const DOWNLOAD_MILLISECONDS = 4 * 60_000;

/**
 * @typedef {{ kind: 'desktop', executable: string, label: string } | { kind: 'served', label: string }} ChosenEditor
 */

/**
 * Desktop VS Code where there is one or one can be fetched: the oldest supported and the current version. Else the
 * served editor, which needs npm and a Chromium only.
 * @param {'served' | 'desktop' | undefined} wish
 * @returns {Promise<{ editors: ChosenEditor[], why: string }>}
 */
export async function chooseEditor(wish) {
	const served = { kind: /** @type {const} */ ('served'), label: 'VS Code served in the browser' };
	if (wish === 'served') {
		return { editors: [served], why: 'no desktop VS Code is used' };
	}
	const named = process.env.DREAMOS_VSCODE;
	if (named && !existsSync(named)) {
		throw new Error(`DREAMOS_VSCODE names ${named}, which does not exist.`);
	}
	try {
		const { executables, why } = named
			? { executables: [named], why: 'named by DREAMOS_VSCODE' }
			: await fetchExecutables();
		await ensureDisplay();
		const editors = executables.map((executable) => ({
			kind: /** @type {const} */ ('desktop'),
			executable,
			label: `VS Code at ${executable}`,
		}));
		return { editors, why };
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		if (wish === 'desktop' || named) {
			throw new Error(`A desktop VS Code was asked for, but ${reason}`, { cause: error });
		}
		return { editors: [served], why: reason };
	}
}

/** @returns {Promise<{ executables: string[], why: string }>} */
async function fetchExecutables() {
	const cachePath = join(testCacheFolder(), 'vscode');
	const cached = await readdir(cachePath).catch(() => []);
	const isReachable = await canReachDownloads();
	if (!isReachable && !cached.some((name) => name.startsWith('vscode-'))) {
		throw new Error('update.code.visualstudio.com cannot be reached and no VS Code is in the cache');
	}
	const oldest = readManifest().engines.vscode.replace(/^\D+/, '');
	const executables = [];
	for (const version of [oldest, 'stable']) {
		const options = { version, cachePath, timeout: IDLE_DOWNLOAD_MILLISECONDS, reporter: new SilentReporter() };
		executables.push(await withDeadline(download(options), `the download of VS Code ${version} took too long`));
	}
	return { executables, why: isReachable ? 'VS Code can be downloaded' : 'VS Code is in the cache' };
}

async function canReachDownloads() {
	const url = 'https://update.code.visualstudio.com/api/releases/stable';
	return await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MILLISECONDS) }).then(
		({ ok }) => ok,
		() => false,
	);
}

/** A Linux machine without a screen needs a virtual one, and the libraries that come with a browser. */
async function ensureDisplay() {
	if (platform() !== 'linux' || process.env.DISPLAY || (await findOnPath(['xvfb-run']))) {
		return;
	}
	if (!(await canInstallPackages())) {
		throw new Error(`there is no display (${installCommand('xvfb xauth')} makes a virtual one)`);
	}
	const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
	await ensureChromium(say);
	await installPackages(['xvfb', 'xauth'], say);
}

/**
 * @template Value
 * @param {Promise<Value>} promise
 * @param {string} complaint
 * @returns {Promise<Value>}
 */
async function withDeadline(promise, complaint) {
	/** @type {NodeJS.Timeout | undefined} */
	let timer;
	const late = new Promise((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(complaint)), DOWNLOAD_MILLISECONDS);
	});
	try {
		return await /** @type {Promise<Value>} */ (Promise.race([promise, late]));
	} finally {
		clearTimeout(timer);
	}
}
