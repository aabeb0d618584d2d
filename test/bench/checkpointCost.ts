// Measures what a checkpoint costs in a large repository, beside git's own way to the same tree in the same run.
//
// Method: a repository of 100,000 small files and one worktree, our Git port in this process, as in a host. A round edits ten files
// and builds one ignored file, then makes, in an order that changes, what git needs for the tree (`git add -A && git write-tree`, with
// the worktree's own index) and a checkpoint as after a turn: the commit with its ignored files, its reference, the disk all take.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkpointPrefix, checkpointReference } from '../../src/core/checkpoint/checkpointReference.ts';
import { createGit } from '../../src/node/git.ts';
import { makeRepository, writeFiles } from '../support/temporaryRepository.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { median, spread } from './statistics.ts';

const run = promisify(execFile);

const fileCount = 100_000;
const warmUpRounds = 1;
const rounds = 5;
const megabyte = 1024 * 1024;

export const checkpointCost = defineBenchmark({
	figures: {
		'checkpoint.cost': {
			title: 'checkpoint of a worktree with 100,000 files ÷ `git add -A && git write-tree`, medians',
			unit: 'ratio',
			limit: { atMost: 3 },
		},
	},
	async measure({ folder }) {
		const place = join(folder, 'repository');
		mkdirSync(place);
		makeRepository(place, manyFiles());
		const git = createGit({ workspaceFolder: place });
		const base = await git.snapshot('base', []);
		const worktree = join(folder, 'worktree');
		await git.addWorktree(worktree, base);
		const lag = watchMachine();
		const times: Record<'git' | 'checkpoint', number[]> = { git: [], checkpoint: [] };
		const timed = async (name: keyof typeof times, job: () => Promise<unknown>) => {
			const begin = performance.now();
			await job();
			times[name].push(performance.now() - begin);
		};
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			const edits = Array.from({ length: 10 }, (_, index) => [`src/0/0/new-${index}.txt`, `round ${round}\n`]);
			writeFiles(worktree, { ...Object.fromEntries(edits), 'out/built.txt': `round ${round}\n` });
			const jobs = [
				() =>
					timed('git', async () => {
						await run('git', ['add', '-A'], { cwd: worktree });
						await run('git', ['write-tree'], { cwd: worktree });
					}),
				() =>
					timed('checkpoint', async () => {
						const message = () => `checkpoint ${round}`;
						const commit = await git.commitState(worktree, { base, message, ignoredBytes: megabyte });
						await git.setReference(checkpointReference('run-bench', round), commit);
						const all = await git.readReferences(checkpointPrefix);
						await git.sizeOfCommits(all.map((each) => each.commit));
					}),
			];
			for (let index = 0; index < jobs.length; index += 1) {
				await jobs[(index + round) % jobs.length]?.();
			}
		}
		Object.values(times).forEach((values) => values.splice(0, warmUpRounds));
		const tell = (name: keyof typeof times) =>
			`${name} ${median(times[name]).toFixed(0)} ms (${spread(times[name], 0)})`;
		return {
			'checkpoint.cost': {
				value: median(times.checkpoint) / median(times.git),
				notes: [`${tell('checkpoint')}, ${tell('git')}, ${rounds} rounds`, await lag.describe()],
			},
		};
	},
});

function manyFiles(): Record<string, string> {
	const files: Record<string, string> = { '.gitignore': 'out/\n' };
	for (let index = 0; index < fileCount; index += 1) {
		files[`src/${index % 50}/${index % 7}/file-${index}.txt`] = `file ${index}\n`;
	}
	return files;
}
