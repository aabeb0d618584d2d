// Measures how long a change takes to land without an editor, beside git's own merge of the same files followed by writing them
// durably, which together is the least that can be called landing.
//
// Method: a repository of 10,000 files of 600 bytes and more, our Git port and file target in this process, as in a host. For 1, 100
// and 1,000 edited files a round lands the change (compare, plan against what is there, stage, sync, move into place, sync the
// folders), lets git merge the same commit, which syncs nothing, and writes the same contents aside, syncs and renames each, one
// after the other. Between them the tree is put back. The order changes by round; a figure is the median of the rounds' ratios, so
// that what slows a whole round down moves nothing.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nullLogger } from '../../src/base/log.ts';
import { applyChange } from '../../src/core/landing/applyChange.ts';
import { createFileLandingTarget } from '../../src/node/fileLandingTarget.ts';
import { createGit } from '../../src/node/git.ts';
import { makeRepository, runGit, writeFiles } from '../support/temporaryRepository.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { median, spread } from './statistics.ts';

const run = promisify(execFile);

const fileCount = 10_000;
const warmUpRounds = 1;
const rounds = 5;

const pathOf = (index: number) => `src/${index % 50}/${index % 7}/file-${index}.txt`;
const textOf = (index: number, more = '') => `file ${index}\n`.repeat(60) + more;

export const landing = defineBenchmark({
	figures: {
		'landing.one': {
			title: 'landing 1 file without an editor ÷ git merge and writing it durably',
			unit: 'ratio',
			limit: { atMost: 2.5 },
		},
		'landing.hundred': {
			title: 'the same for 100 files',
			unit: 'ratio',
			limit: { atMost: 2.5 },
		},
		'landing.thousand': {
			title: 'the same for 1,000 files',
			unit: 'ratio',
			limit: { atMost: 4 },
		},
	},
	async measure({ folder }) {
		const place = join(folder, 'repository');
		mkdirSync(place);
		const files = Array.from({ length: fileCount }, (_, index) => [pathOf(index), textOf(index)] as const);
		makeRepository(place, Object.fromEntries(files));
		const base = runGit(place, 'rev-parse', 'HEAD').trim();
		const lag = watchMachine();
		const measured = new Map<number, Record<Name, number[]>>();
		for (const count of [1, 100, 1000]) {
			measured.set(count, await measureCount(folder, place, base, count));
		}
		const machine = await lag.describe();
		const figure = (count: number, more: readonly string[] = []) => {
			const { landing: own, merge, durable } = measured.get(count) ?? { landing: [], merge: [], durable: [] };
			const ratios = own.map((time, round) => time / ((merge[round] ?? 0) + (durable[round] ?? 0)));
			const tell = (name: string, times: readonly number[]) =>
				`${name} ${median(times).toFixed(0)} ms (${spread(times, 0)})`;
			const absolute = `${tell('landing', own)}, beside ${tell('merge', merge)} and ${tell('durable', durable)}`;
			return { value: median(ratios), notes: [`rounds ${spread(ratios)}; ${absolute}`, ...more] };
		};
		return {
			'landing.one': figure(1, [machine]),
			'landing.hundred': figure(100),
			'landing.thousand': figure(1000),
		};
	},
});

type Name = 'landing' | 'durable' | 'merge';

async function measureCount(
	folder: string,
	place: string,
	base: string,
	count: number,
): Promise<Record<Name, number[]>> {
	const paths = Array.from({ length: count }, (_, index) => pathOf(index * Math.floor(fileCount / count)));
	const checkOut = (commit: string) => run('git', ['checkout', '--quiet', '--detach', commit], { cwd: place });
	await checkOut(base);
	writeFiles(place, Object.fromEntries(paths.map((path, index) => [path, textOf(index, 'changed\n')])));
	runGit(place, 'commit', '--quiet', '--all', '--message', `${count} files`);
	const result = runGit(place, 'rev-parse', 'HEAD').trim();
	const contents = await Promise.all(paths.map((path) => readFile(join(place, path))));
	const times: Record<Name, number[]> = { landing: [], durable: [], merge: [] };
	const jobs: Record<Name, () => Promise<unknown>> = {
		landing: async () => {
			const applied = await applyChange(
				{
					git: createGit({ workspaceFolder: place }),
					target: createFileLandingTarget({ topFolder: place, stagingFolder: join(folder, 'staging') }),
					bounds: { workspacePath: '' },
					log: nullLogger,
				},
				{ base, result, label: 'bench' },
			);
			if (applied.kind !== 'applied' || applied.changes.length !== count) {
				throw new Error(`The change of ${count} files did not land.`);
			}
		},
		durable: async () => {
			for (const [index, path] of paths.entries()) {
				await writeDurably(join(place, path), contents[index] ?? new Uint8Array());
			}
		},
		merge: () => run('git', ['merge', '--quiet', '--no-ff', '--no-edit', result], { cwd: place }),
	};
	const names = ['landing', 'durable', 'merge'] as const;
	for (let round = 0; round < warmUpRounds + rounds; round += 1) {
		for (let index = 0; index < names.length; index += 1) {
			const name = names[(index + round) % names.length] ?? 'merge';
			await run('git', ['checkout', '--quiet', '--force', '--detach', base], { cwd: place });
			const begin = performance.now();
			await jobs[name]();
			times[name].push(performance.now() - begin);
		}
	}
	Object.values(times).forEach((values) => values.splice(0, warmUpRounds));
	await run('git', ['checkout', '--quiet', '--force', '--detach', base], { cwd: place });
	return times;
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
	const beside = `${path}.new`;
	const file = await open(beside, 'wx');
	await file.writeFile(content);
	await file.sync();
	await file.close();
	await rename(beside, path);
}
