// Owns `npm run soak`: reads its arguments, runs a swarm of good and bad agents, and tells the verdict.
//   --minutes M    how long tasks are given (5 unless said); the swarm comes to rest after that
//   --seed S       decides tasks and kills (1 unless said); timing is the machine's, so two runs of a seed are alike, not equal
//   --tasks N      give so many tasks at most
//   --files N      in a repository with so many files more
//   --keep         leave the folder of the run for a look at it
//   --check DIR    run nothing; look once more at what a kept run left
// Exit code: 0 when nothing was found, 1 when something was, 2 for a wrong call.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkSoak, readObservations } from './checkSoak.ts';
import { describeSoak } from './describeSoak.ts';
import { runSoak } from './runSoak.ts';
import { placeOf } from './soakPlace.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readWishes(args: string[]) {
	const { values } = parseArgs({
		args,
		options: {
			minutes: { type: 'string', default: '5' },
			seed: { type: 'string', default: '1' },
			tasks: { type: 'string', default: 'Infinity' },
			files: { type: 'string', default: '0' },
			keep: { type: 'boolean', default: false },
			check: { type: 'string' },
		},
	});
	const number = (name: 'minutes' | 'seed' | 'tasks' | 'files'): number => {
		const value = Number(values[name]);
		if (Number.isNaN(value) || value < 0) {
			throw new Error(`--${name} must be a number, and is ${values[name]}.`);
		}
		return value;
	};
	return {
		minutes: number('minutes'),
		seed: number('seed'),
		tasks: number('tasks'),
		files: number('files'),
		keep: values.keep,
		kept: values.check,
	};
}

function judge(root: string): number {
	const place = placeOf(root);
	const observations = readObservations(place);
	const verdict = checkSoak(place, observations);
	describeSoak(observations, verdict).forEach(say);
	return verdict.findings.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
	const { keep, kept, ...wishes } = readWishes(process.argv.slice(2));
	if (kept !== undefined) {
		return judge(kept);
	}
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'dreamos-soak-')));
	try {
		await runSoak({ ...wishes, root, say });
		return judge(root);
	} finally {
		if (keep) {
			say(`Everything is in ${root}.`);
		} else {
			rmSync(root, { recursive: true, force: true });
		}
	}
}

try {
	process.exitCode = await main();
} catch (error) {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 2;
}
