// Owns `npm run soak`: reads its arguments, and tells what a run showed.
//   --minutes M    how long tasks are given (5 unless said); the swarm comes to rest after that
//   --seed S       decides tasks and kills (1 unless said); timing is the machine's, so two runs of a seed are alike, not equal
//   --tasks N      give so many tasks at most
//   --keep         leave the folder of the run for a look at it

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSoak } from './runSoak.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '5' },
		seed: { type: 'string', default: '1' },
		tasks: { type: 'string', default: 'Infinity' },
		keep: { type: 'boolean', default: false },
	},
});
const root = realpathSync(mkdtempSync(join(tmpdir(), 'dreamos-soak-')));
say(root);
const { tasks, samples, ...rest } = await runSoak({
	minutes: Number(values.minutes),
	seed: Number(values.seed),
	tasks: Number(values.tasks),
	root,
	say,
});
say(JSON.stringify({ ...rest, tasks: tasks.length, samples: samples.length }));
if (!values.keep) rmSync(root, { recursive: true, force: true });
