// Owns the workspace that `npm start` opens: the product's own sample, made by the CLI that was built.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER, projectEnvironment, projectNode } from '../support/project.mjs';

const run = promisify(execFile);

/** The CLI that was built before. */
export const CLI_PATH = join(PROJECT_FOLDER, 'dist', 'cli.cjs');

/**
 * Fills an empty folder, as `Dream.OS: Open Sample Workspace` does.
 * @param {string} folder
 */
export async function makeDemoWorkspace(folder) {
	await cli(['sample', '--workspace', folder]);
}

/**
 * Runs the built CLI and returns what it printed.
 * @param {readonly string[]} args
 */
export async function cli(args) {
	const { stdout } = await run(projectNode(), [CLI_PATH, ...args], {
		cwd: PROJECT_FOLDER,
		env: projectEnvironment(),
		maxBuffer: 64 * 1024 * 1024,
	});
	return stdout;
}
