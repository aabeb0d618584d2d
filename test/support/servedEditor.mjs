// Owns one running VS Code server: its fresh folders, its port, its extensions, and its whole process tree.
// Drives no page: see workbench.mjs for that.
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { createMark, endProcesses, findProcesses, PROCESS_MARK } from './processTree.mjs';
import { projectEnvironment, projectNode } from './project.mjs';
import { ensureServedEditor } from './servedEditorInstall.mjs';

const run = promisify(execFile);

const START_MILLISECONDS = 60_000;

/** A calm editor: nothing pops up that a test or a first-time user did not ask for. */
export const CALM_SETTINGS = {
	'workbench.startupEditor': 'none',
	'workbench.tips.enabled': false,
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'workbench.welcomePage.walkthroughs.openOnInstall': false,
	'chat.disableAIFeatures': true,
	'telemetry.telemetryLevel': 'off',
	'update.mode': 'none',
	'extensions.autoUpdate': false,
	'extensions.autoCheckUpdates': false,
	'extensions.ignoreRecommendations': true,
	// The web's own default saves by itself; the desktop's does not.
	'files.autoSave': 'off',
	'git.openRepositoryInParentFolders': 'never',
};

/**
 * @typedef {object} ServedEditorOptions
 * @property {string[]} [vsix] packages to install before the start
 * @property {string[]} [extensions] folders of extensions that are there from the start, beside those of packages
 * @property {Record<string, unknown>} [settings] user settings on top of the calm ones
 * @property {string} [locale] display language: `de`, of which `languagePack/` knows a few words of the editor itself
 * @property {boolean} [smokeTestDriver] needed for in-host tests; hides notification toasts
 * @property {boolean} [workspaceTrust] ask for trust as a person's editor does; off unless told
 * @property {NodeJS.ProcessEnv} [env] variables the extension host gets on top of ours; undefined removes one
 * @property {(line: string) => void} [say] receives progress lines
 */

/** @typedef {Awaited<ReturnType<typeof startServedEditor>>} ServedEditor */

/**
 * Starts a server with empty folders of its own and waits until it listens.
 * @param {ServedEditorOptions} [options]
 */
export async function startServedEditor(options = {}) {
	const server = await ensureServedEditor(options.say);
	const node = projectNode();
	const folder = await mkdtemp(join(tmpdir(), 'dreamos-editor-'));
	const dataFolder = join(folder, 'data');
	const common = ['--server-data-dir', dataFolder, '--extensions-dir', join(folder, 'extensions')];
	const mark = createMark();
	const env = editorEnvironment(mark, options.env);
	let output = '';

	let settings = { ...CALM_SETTINGS, ...options.settings };

	/** @param {Record<string, unknown>} changes */
	async function changeSettings(changes) {
		settings = { ...settings, ...changes };
		const text = `${JSON.stringify(settings, undefined, '\t')}\n`;
		// The web editor keeps user settings under User, the settings of its remote side under Machine.
		for (const kind of ['User', 'Machine']) {
			await mkdir(join(dataFolder, 'data', kind), { recursive: true });
			await writeFile(join(dataFolder, 'data', kind, 'settings.json'), text);
		}
	}

	/** @param {string} vsix */
	async function installExtension(vsix) {
		const args = [join(server, 'out', 'server-main.js'), ...common, '--install-extension', vsix, '--force'];
		await run(node, [...args, '--accept-server-license-terms'], { env, timeout: START_MILLISECONDS });
	}

	/** @param {number | undefined} pid */
	async function cleanUp(pid) {
		const killed = await endProcesses(mark, pid);
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		return killed;
	}

	try {
		await changeSettings({});
		for (const extension of options.extensions ?? []) {
			await cp(extension, join(folder, 'extensions', basename(extension)), { recursive: true });
		}
		if (options.locale) {
			await installLanguage(options.locale, join(dataFolder, 'data'));
		}
		for (const vsix of options.vsix ?? []) {
			await installExtension(vsix);
		}
	} catch (error) {
		await cleanUp(undefined);
		throw error;
	}

	// Without the last flag a login shell is asked for its environment, which differs from machine to machine.
	const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'];
	flags.push('--disable-telemetry', '--force-disable-user-env');
	if (options.locale) {
		flags.push('--locale', options.locale);
	}
	if (!options.workspaceTrust) {
		flags.push('--disable-workspace-trust');
	}
	if (options.smokeTestDriver) {
		flags.push('--enable-smoke-test-driver');
	}
	const child = spawn(node, [join(server, 'out', 'server-main.js'), ...flags, ...common], {
		cwd: server,
		env,
		// A group of its own: Ctrl-C in the terminal reaches us first, and we end the tree in order.
		detached: platform() !== 'win32',
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	/** @type {ReturnType<typeof endProcesses> | undefined} */
	let stopping;

	const port = await listeningPort(child, () => output).catch(async (error) => {
		await cleanUp(child.pid);
		throw error;
	});
	const origin = `http://127.0.0.1:${port}`;

	return {
		origin,
		/** Temporary folder of this editor; gone after `stop`. */
		folder,

		/**
		 * Address that opens a folder, or several by a `.code-workspace` file.
		 * @param {string} workspaceFolder
		 * @param {Record<string, string>} [payload] e.g. `extensionDevelopmentPath`; values are made remote addresses
		 */
		url(workspaceFolder, payload) {
			const pairs = Object.entries(payload ?? {}).map(([key, path]) => [
				key,
				`vscode-remote://127.0.0.1:${port}${toUrlPath(path)}`,
			]);
			const kind = workspaceFolder.endsWith('.code-workspace') ? 'workspace' : 'folder';
			const query = new URLSearchParams({ [kind]: toUrlPath(workspaceFolder) });
			if (pairs.length > 0) {
				query.set('payload', JSON.stringify(pairs));
			}
			return `${origin}/?${query}`;
		},
		/** Installs a .vsix; an open page sees it after a reload. */
		installExtension,
		/** Merges into the user's settings (undefined removes one); an open page follows by itself. */
		changeSettings,
		/** What the server printed. */
		output: () => output,
		/** The log files of server and extension host, the longest lines of a failure's story. */
		logs: () => readLogs(join(dataFolder, 'data', 'logs')),
		/** Every living process that this editor or an extension in it started, wherever it was moved. */
		processes: () => findProcesses(mark, child.pid),
		/** Ends every such process and removes the folder; resolves to those that had to be killed. Safe to repeat. */
		stop: () => (stopping ??= cleanUp(child.pid)),
	};
}

/**
 * Makes the server find a language as it does once a language pack is installed: by the file in which it lists them.
 * @param {string} locale
 * @param {string} folder of the user's data
 */
async function installLanguage(locale, folder) {
	const translations = { vscode: join(import.meta.dirname, 'languagePack', `${locale}.json`) };
	const extensions = [{ extensionIdentifier: { id: `dreamos-test.language-pack-${locale}` }, version: '0.0.1' }];
	const packs = { [locale]: { hash: locale, extensions, translations, label: locale } };
	await writeFile(join(folder, 'languagepacks.json'), `${JSON.stringify(packs)}\n`);
}

/**
 * @param {string} mark
 * @param {NodeJS.ProcessEnv} [extra]
 */
function editorEnvironment(mark, extra) {
	// Started from a terminal inside VS Code we would inherit hooks of that window.
	const own = Object.entries(projectEnvironment()).filter(
		([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
	);
	const all = { ...Object.fromEntries(own), ...extra, [PROCESS_MARK]: mark };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string} output
 * @returns {Promise<number>}
 */
function listeningPort(child, output) {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => fail('did not listen in time'), START_MILLISECONDS);
		/** @param {string} what */
		function fail(what) {
			clearTimeout(timer);
			reject(new Error(`The served editor ${what}. It printed:\n${output()}`));
		}
		child.once('error', (error) => fail(`could not be started (${error.message})`));
		child.once('exit', (code) => fail(`ended with code ${code} before it listened`));
		child.stdout?.on('data', () => {
			const match = /agent listening on (\d+)/.exec(output());
			if (match) {
				clearTimeout(timer);
				resolve(Number(match[1]));
			}
		});
	});
}

/** @param {string} path */
function toUrlPath(path) {
	const slashes = path.replaceAll('\\', '/');
	return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

/** @param {string} folder */
async function readLogs(folder) {
	const names = await readdir(folder, { recursive: true }).catch(() => []);
	let text = '';
	for (const name of names.filter((each) => each.endsWith('.log')).sort()) {
		const content = await readFile(join(folder, name), 'utf8').catch(() => '');
		if (content.trim()) {
			text += `==> ${name}\n${content}\n`;
		}
	}
	return text;
}
