// Owns running mocha as a stage in plain Node, and reading what it counted.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PROJECT_FOLDER, projectNode } from '../support/project.mjs';
import { judgeStage } from './results.mjs';
import { runProgram } from './runProgram.mjs';
import { afterSecondLook, filesToLookAtAgain } from './secondLook.mjs';

/** Path of the reporter that every stage uses. */
export const REPORTER_PATH = join(import.meta.dirname, 'countingReporter.mjs');

/**
 * Runs test files; the few that fail are looked at again, each by itself.
 * @param {string} stage
 * @param {readonly string[]} specs patterns of the files, and what else says which are meant
 * @param {{ milliseconds: number, args?: readonly string[], env?: NodeJS.ProcessEnv }} options args: for mocha, whichever file it is
 */
export async function mochaStage(stage, specs, options) {
	let result = await runMocha(stage, specs, options);
	for (const file of filesToLookAtAgain(result)) {
		process.stdout.write(`\n==> ${stage}: a second look at ${relative(PROJECT_FOLDER, file)}\n`);
		result = afterSecondLook(result, file, await runMocha(stage, [file], options));
	}
	return result;
}

/**
 * @param {string} stage
 * @param {readonly string[]} specs
 * @param {{ milliseconds: number, args?: readonly string[], env?: NodeJS.ProcessEnv }} options
 */
async function runMocha(stage, specs, { args = [], ...options }) {
	const mocha = join(PROJECT_FOLDER, 'node_modules', 'mocha', 'bin', 'mocha.js');
	return await countedStage(stage, (env) =>
		runProgram(projectNode(), [mocha, '--reporter', REPORTER_PATH, '--forbid-only', ...args, ...specs], {
			...options,
			env: { ...options.env, ...env },
		}),
	);
}

/**
 * Gives a stage a place to leave its counts, runs it, and judges what came of it.
 * @param {string} stage
 * @param {(env: NodeJS.ProcessEnv) => Promise<import('./runProgram.mjs').ProgramEnd>} run
 */
export async function countedStage(stage, run) {
	const began = Date.now();
	const folder = await mkdtemp(join(tmpdir(), 'dreamos-results-'));
	try {
		const path = join(folder, 'counts.json');
		const end = await run({
			DREAMOS_TEST_RESULTS: path,
			DREAMOS_TEST_REPORTER: REPORTER_PATH,
			DREAMOS_TEST_COLOR: process.stdout.isTTY ? 'yes' : '',
		});
		const counts = await readFile(path, 'utf8').then(JSON.parse, () => undefined);
		return judgeStage(stage, counts, end, (Date.now() - began) / 1_000);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
