// Owns making the .vsix that users get, for the UI run and for `npm start`. The same commands as `npm run package`.
import { join } from 'node:path';
import { PROJECT_FOLDER, projectNode, readManifest } from '../support/project.mjs';
import { runProgram } from './runProgram.mjs';

const BUILD_MILLISECONDS = 2 * 60_000;

/**
 * Builds bundles with esbuild.mjs.
 * @param {readonly string[]} [flags]
 */
export async function build(flags = []) {
	await runOrThrow('esbuild.mjs', [join(PROJECT_FOLDER, 'esbuild.mjs'), ...flags]);
}

/**
 * Builds for production and packs. Returns the path of `<name>-<version>.vsix` in the project folder.
 * @returns {Promise<string>}
 */
export async function packageExtension() {
	const { name, version } = readManifest();
	const path = join(PROJECT_FOLDER, `${name}-${version}.vsix`);
	await build(['--production']);
	const vsce = join(PROJECT_FOLDER, 'node_modules', '@vscode', 'vsce', 'vsce');
	await runOrThrow('vsce', [
		vsce,
		'package',
		'--no-dependencies',
		'--allow-missing-repository',
		'--no-rewrite-relative-links',
		'--out',
		path,
	]);
	return path;
}

/**
 * @param {string} what
 * @param {readonly string[]} args
 */
async function runOrThrow(what, args) {
	const { code, isLate } = await runProgram(projectNode(), args, { milliseconds: BUILD_MILLISECONDS });
	if (code !== 0) {
		throw new Error(isLate ? `${what} did not end in time.` : `${what} failed with code ${code}.`);
	}
}
