// A person who keeps the boards in git: commits them, checks out older ones, stashes, switches and merges branches, conflicts included.

import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../support/random.ts';
import { runGit } from '../support/temporaryRepository.ts';
import { BoardLock } from './boardLock.ts';
import { Journal } from './journal.ts';
import { endOfLife, readLifeOptions, tellCount } from './lifeOptions.ts';

const { folder, journals, name, seed } = readLifeOptions();
const signal = endOfLife();
const journal = new Journal(journals, name);
const random = new Random(seed);
const lock = new BoardLock(journals);
const boardsFolder = 'runtime/agent_comms/project_boards';

const git = (...words: readonly string[]): string => runGit(folder, ...words);
const commit = (): string => git('commit', '--quiet', '--allow-empty', '--message', 'boards', '--', boardsFolder);

const habits: readonly (() => Promise<void> | void)[] = [
	() => void commit(),
	() => void commit(),
	() => void git('checkout', '--quiet', `HEAD~${random.below(3)}`, '--', boardsFolder),
	async () => {
		git('stash', 'push', '--quiet', '--', boardsFolder);
		await delay(random.below(500));
		git('stash', 'pop', '--quiet');
	},
	async () => {
		commit();
		git('branch', '--force', 'side', `HEAD~${random.below(3)}`);
		git('merge', '--quiet', '--no-edit', 'side');
		git('checkout', '--quiet', '-B', 'side', `HEAD~${random.below(2)}`);
		await delay(random.below(400));
		commit();
		git('checkout', '--quiet', 'main');
		git('merge', '--quiet', '--no-edit', 'side');
	},
];

/** Whatever state the last command, or a killed one, has left: back on the main branch, markers and all for a moment. */
async function tidy(): Promise<void> {
	for (const words of [
		['merge', '--abort'],
		['stash', 'drop'],
		['checkout', '--quiet', '--force', 'main'],
	]) {
		try {
			execFileSync('rm', ['-f', `${folder}/.git/index.lock`]);
			git(...words);
		} catch {
			// Nothing to tidy there.
		}
	}
	await delay(random.below(300));
}

for (let count = 1; !signal.aborted; count += 1) {
	await lock.during(name, signal, async () => {
		try {
			await random.pick(habits)();
			journal.write({ kind: 'note', what: 'git' });
		} catch {
			await delay(random.below(600));
			await tidy().catch(() => undefined);
		}
	});
	tellCount(count);
	await delay(300 + random.below(1500));
}
journal.close();
process.disconnect();
