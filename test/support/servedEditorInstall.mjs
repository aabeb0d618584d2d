// Owns the copy of VS Code (as code-server packages it) that tests and `npm start` serve in a browser:
// installed from npm on demand, pinned, into the user's cache folder. Never touches node_modules of the project.
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCached, npm } from './cachedInstall.mjs';

const VERSION = '4.139.1';

/** Bump when what is done to the installed package changes, so that old caches are not reused. */
const REVISION = 1;

/**
 * The folder that holds the server's `out/server-main.js`; installs it first when it is not there yet.
 * @param {(line: string) => void} [say] receives a line when something slow begins
 * @returns {Promise<string>}
 */
export async function ensureServedEditor(say = () => {}) {
	const name = `code-server-${VERSION}-${REVISION}`;
	const note = `VS Code (code-server ${VERSION} from npm, about 600 MB)`;
	return join(await ensureCached({ name, note, install }, say), 'node_modules', 'code-server', 'lib', 'vscode');
}

/** @param {string} folder */
async function install(folder) {
	await npm(folder, ['install', `code-server@${VERSION}`, '--ignore-scripts']);
	const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
	await npm(server, ['install', '--omit=dev', '--ignore-scripts']);
	// Two native modules were not built. Without the first there are no log files and the Output panel stays empty;
	// without the second an extension host outlives its server.
	const here = dirname(fileURLToPath(import.meta.url));
	const modules = join(server, 'node_modules', '@vscode');
	await copyFile(join(here, 'servedEditorLog.cjs'), join(modules, 'spdlog', 'index.js'));
	await copyFile(join(here, 'servedEditorWatchdog.cjs'), join(modules, 'native-watchdog', 'index.js'));
}
