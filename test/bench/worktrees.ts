// Measures how soon a worktree is there, from the pool and without it, beside git's own time in the same run.
//
// Method: a repository of 10,000 small files, our Git port in this process, as in a host. A round makes, in an order that changes,
// git's own worktree (`git worktree add`, nothing of ours), ours without a pool, and ours from the pool: one that was made ahead at
// the commit before, after which a file was edited and one added, so that something differs. What a run waits for before either, the
// snapshot of the working tree, is told beside it and is part of the figure for the pool.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGit } from '../../src/node/git.ts';
import { makeRepository, writeFiles } from '../support/temporaryRepository.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { median, spread } from './statistics.ts';

const run = promisify(execFile);

const fileCount = 10_000;
const warmUpRounds = 1;
const rounds = 9;

export const worktrees = defineBenchmark({
	figures: {
		'worktree.fromPool': {
			title: 'snapshot and worktree from the pool, 10,000 files, median',
			unit: 'ms',
			limit: { atMost: 300 },
		},
		'worktree.cold': {
			title: "worktree without the pool, as a multiple of git's own time, medians",
			unit: 'ratio',
			limit: { atMost: 1.2 },
		},
	},
	async measure({ folder }) {
		const place = join(folder, 'repository');
		mkdirSync(place);
		makeRepository(place, manyFiles());
		const git = createGit({ workspaceFolder: place });
		const lag = watchMachine();
		const times: Record<'git' | 'cold' | 'pool' | 'snapshot', number[]> = {
			git: [],
			cold: [],
			pool: [],
			snapshot: [],
		};
		const timed = async (name: keyof typeof times, job: () => Promise<unknown>) => {
			const begin = performance.now();
			await job();
			times[name].push(performance.now() - begin);
		};
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			const at = (name: string) => join(folder, `${name}-${round}`);
			const ahead = await git.snapshot('before', []);
			await git.addWorktree(at('pool'), ahead);
			writeFiles(place, { 'src/0/0/edited.txt': `round ${round}\n`, [`src/new-${round}.txt`]: 'new\n' });
			let commit = '';
			await timed('snapshot', async () => {
				commit = await git.snapshot('now', []);
			});
			const jobs = [
				() =>
					timed('git', () =>
						run('git', ['worktree', 'add', '--quiet', '--detach', at('git'), commit], { cwd: place }),
					),
				() => timed('cold', () => git.addWorktree(at('cold'), commit)),
				() => timed('pool', () => git.takeWorktree(at('pool'), at('taken'), commit)),
			];
			for (let index = 0; index < jobs.length; index += 1) {
				await jobs[(index + round) % jobs.length]?.();
			}
			await run('git', ['worktree', 'remove', '--force', at('git')], { cwd: place });
			await git.removeWorktree(at('cold'));
			await git.removeWorktree(at('taken'));
		}
		Object.values(times).forEach((values) => values.splice(0, warmUpRounds));
		const tell = (name: keyof typeof times) =>
			`${name} ${median(times[name]).toFixed(0)} ms (${spread(times[name], 0)})`;
		const machine = await lag.describe();
		return {
			'worktree.fromPool': {
				value: median(times.snapshot) + median(times.pool),
				notes: [`${tell('snapshot')}, ${tell('pool')}, beside ${tell('git')}, ${rounds} rounds`, machine],
			},
			'worktree.cold': {
				value: median(times.cold) / median(times.git),
				notes: [`${tell('cold')}, ${tell('git')}, ${rounds} rounds`],
			},
		};
	},
});

function manyFiles(): Record<string, string> {
	const files: Record<string, string> = {};
	for (let index = 0; index < fileCount; index += 1) {
		files[`src/${index % 50}/${index % 7}/file-${index}.txt`] = `file ${index}\n`.repeat(40);
	}
	return files;
}
