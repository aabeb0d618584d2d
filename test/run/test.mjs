// The one test command, behind `npm test`. Builds, runs the stages in order, prints a summary whose last line is
// "N passed, N failed", and exits accordingly.
//   node test/run/test.mjs [unit] [agents] [integration] [package] [ui] [--only STAGE] [--editor served|desktop]
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from '../support/chromium.mjs';
import { PROJECT_FOLDER, RESULTS_FOLDER } from '../support/project.mjs';
import { ensureKimi, ensureOpencode } from '../support/realAgents.mjs';
import { ensureServedEditor } from '../support/servedEditorInstall.mjs';
import { ensureBubblewrap, ensureGit } from '../support/systemPackages.mjs';
import { integrationStages } from './integration.mjs';
import { mochaStage } from './mochaStage.mjs';
import { build, packageExtension } from './packageExtension.mjs';
import { brokenStage, drawSummary } from './results.mjs';
import { endAllPrograms } from './runProgram.mjs';

/** In this order; each is given a deadline of its own, more than twice what it takes on two quiet cores. */
const STAGES = /** @type {const} */ (['unit', 'agents', 'integration', 'package', 'ui']);

/** Everything that needs no editor and no package. */
const UNIT_TESTS = ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'];
UNIT_TESTS.push('--ignore', 'test/package.test.ts');

const EDITORS = /** @type {const} */ (['served', 'desktop']);

/** @typedef {(typeof STAGES)[number]} Stage */

/** @typedef {import('./results.mjs').StageResult} StageResult */

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

/**
 * @param {Stage} stage
 * @param {'served' | 'desktop' | undefined} editor
 * @returns {Promise<StageResult[]>}
 */
async function runStage(stage, editor) {
	switch (stage) {
		case 'unit':
			return [await mochaStage('unit', UNIT_TESTS, { milliseconds: 40 * 60_000 })];
		case 'agents': {
			// Installed first where they are not there yet: that takes as long as the registry does.
			await ensureKimi(say);
			await ensureOpencode(say);
			const args = ['--no-config', '--timeout', '90000'];
			return [await mochaStage('agents', ['test/agents/**/*.test.ts'], { milliseconds: 6 * 60_000, args })];
		}
		case 'integration':
			return await integrationStages(editor);
		case 'package': {
			await packageOnce();
			return [
				await mochaStage('package', ['test/package.test.ts'], { milliseconds: 60_000, args: ['--no-config'] }),
			];
		}
		case 'ui': {
			// Both may have to be installed first, which must not count against a test's patience.
			await ensureChromium(say);
			await ensureServedEditor(say);
			const args = ['--no-config', '--timeout', '120000'];
			const env = { DREAMOS_VSIX: await packageOnce() };
			return [await mochaStage('ui', ['test/ui/**/*.test.ts'], { milliseconds: 35 * 60_000, args, env })];
		}
	}
}

/** @param {readonly string[]} args */
function readArguments(args) {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { only: { type: 'string', multiple: true }, editor: { type: 'string' } },
	});
	const wished = [...positionals, ...(values.only ?? [])];
	const unknown = wished.find((name) => !STAGES.some((stage) => stage === name));
	if (unknown !== undefined) {
		throw new Error(`Unknown stage ${unknown}. There are: ${STAGES.join(', ')}.`);
	}
	const editor = EDITORS.find((each) => each === values.editor);
	if (editor !== values.editor) {
		throw new Error(`Unknown editor ${values.editor}. There are: ${EDITORS.join(', ')}.`);
	}
	return { stages: STAGES.filter((stage) => wished.length === 0 || wished.includes(stage)), editor };
}

/** @param {readonly string[]} args */
async function main(args) {
	const { stages, editor } = readArguments(args);
	if (!existsSync(join(PROJECT_FOLDER, 'node_modules'))) {
		throw new Error('The dependencies are missing. Run npm ci first.');
	}
	await ensureGit(say);
	await ensureBubblewrap(say);
	await rm(RESULTS_FOLDER, { recursive: true, force: true });
	/** @type {StageResult[]} */
	const results = [];
	for (const stage of stages) {
		if (isInterrupted) {
			break;
		}
		say(`\n==> ${stage}`);
		const began = Date.now();
		try {
			if (stage === 'unit' || stage === 'integration') {
				await buildOnce();
			}
			results.push(...(await runStage(stage, editor)));
		} catch (error) {
			results.push(brokenStage(stage, error, (Date.now() - began) / 1_000));
		}
	}
	say(`\n${drawSummary(results)}`);
	process.exitCode = isInterrupted ? 130 : results.every(({ failed }) => failed === 0) ? 0 : 1;
}

/** @type {Promise<void> | undefined} */
let building;

/** Development bundles, freshly made: a bundle of a deleted test must not run. */
function buildOnce() {
	building ??= rm(join(PROJECT_FOLDER, 'out', 'test'), { recursive: true, force: true }).then(() => build());
	return building;
}

/** @type {Promise<string> | undefined} */
let packaging;

/** The package that users get, made once for the stages that look at it. */
function packageOnce() {
	packaging ??= packageExtension();
	return packaging;
}

/** Ctrl-C ends what runs now, and the run ends in order; pressed again it ends at once. */
let isInterrupted = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
	process.once(signal, () => {
		isInterrupted = true;
		void endAllPrograms();
	});
}
try {
	await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 2;
}
