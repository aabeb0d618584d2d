// Owns finding the browser of the UI tests. Installs Debian's when it may; otherwise says how, and stops.
import { join } from 'node:path';
import { canInstallPackages, findOnPath, installCommand, installPackages, isExecutable } from './systemPackages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const ELSEWHERE = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
	join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google', 'Chrome', 'Application', 'chrome.exe'),
	join(process.env['PROGRAMFILES(X86)'] ?? 'C:\\', 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
];

/** Flags for a browser that only ever sees 127.0.0.1 and must start as root in a container too. */
export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-dev-shm-usage',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/**
 * Path of a Chromium: `CHROME_PATH`, one on PATH, one in its usual place, or a fresh Debian package.
 * @param {(line: string) => void} [say]
 * @returns {Promise<string>}
 */
export async function ensureChromium(say = () => {}) {
	const found = await findChromium();
	if (found) {
		return found;
	}
	if (await canInstallPackages()) {
		await installPackages(['chromium'], say);
		const installed = await findChromium();
		if (installed) {
			return installed;
		}
	}
	const command = installCommand('chromium');
	throw new Error(`There is no Chromium. Install one (${command}) or set CHROME_PATH to a Chromium or Chrome.`);
}

/** @returns {Promise<string | undefined>} */
async function findChromium() {
	const named = process.env.CHROME_PATH;
	if (named) {
		if (!(await isExecutable(named))) {
			throw new Error(`CHROME_PATH names ${named}, which is not an executable file.`);
		}
		return named;
	}
	const onPath = await findOnPath(NAMES);
	if (onPath) {
		return onPath;
	}
	for (const path of ELSEWHERE) {
		if (await isExecutable(path)) {
			return path;
		}
	}
	return undefined;
}
