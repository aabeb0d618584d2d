// Owns where things are in this project, and which Node runs its parts: the one it installs, not the machine's.
import { existsSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const PROJECT_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where screenshots and the logs of failures go; git-ignored. */
export const RESULTS_FOLDER = join(PROJECT_FOLDER, 'test-results');

/** @returns {{ name: string, version: string, engines: { vscode: string } }} */
export function readManifest() {
	return JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'));
}

/** The Node 24 binary among the project's dependencies. */
export function projectNode() {
	const path = join(PROJECT_FOLDER, 'node_modules', 'node', 'bin', platform() === 'win32' ? 'node.exe' : 'node');
	if (existsSync(path)) {
		return path;
	}
	if (process.versions.node.startsWith('24.')) {
		return process.execPath;
	}
	throw new Error(`Node 24 is missing at ${path}. Run npm ci first.`);
}

/**
 * The environment npm gives its scripts, also when a file is started without npm: project tools come first on PATH.
 * @returns {NodeJS.ProcessEnv}
 */
export function projectEnvironment() {
	const bin = join(PROJECT_FOLDER, 'node_modules', '.bin');
	const path = process.env.PATH ?? '';
	return path.split(delimiter)[0] === bin ? process.env : { ...process.env, PATH: bin + delimiter + path };
}
