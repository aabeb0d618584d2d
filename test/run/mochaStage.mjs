// Owns running mocha as a stage in plain Node, and reading what it counted.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER, projectNode } from '../support/project.mjs';
import { judgeStage } from './results.mjs';
import { runProgram } from './runProgram.mjs';

/** Path of the reporter that every stage uses. */
export const REPORTER_PATH = join(import.meta.dirname, 'countingReporter.mjs');

/**
 * @param {string} stage
 * @param {readonly string[]} args for mocha; without spec patterns those of .mocharc.json count
 * @param {{ milliseconds: number, env?: NodeJS.ProcessEnv }} options
 */
export async function mochaStage(stage, args, options) {
	const mocha = join(PROJECT_FOLDER, 'node_modules', 'mocha', 'bin', 'mocha.js');
	return await countedStage(stage, (env) =>
		runProgram(projectNode(), [mocha, '--reporter', REPORTER_PATH, '--forbid-only', ...args], {
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
