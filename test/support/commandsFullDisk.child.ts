// A workspace on a disk without room, and commands in it: prints what each of them said. Started on a tiny disk by a test.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from './temporaryRepository.ts';

const [, , folder = ''] = process.argv;
const command = join(import.meta.dirname, '../../src/cli.ts');
const run = (...words: readonly string[]) => runIn(folder, ...words);
const runIn = (place: string, ...words: readonly string[]) => {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[command, ...words, '--json', '--workspace', place],
		{ encoding: 'utf8' },
	);
	return { status, stdout, stderr };
};

function fill(): void {
	const file = openSync(join(folder, 'full'), 'w');
	const block = Buffer.alloc(1024);
	try {
		for (;;) {
			writeSync(file, block);
		}
	} catch {
		closeSync(file);
	}
}

runGit(folder, 'init', '--quiet');
run('init');
run('task', 'create', 'one');
const fresh = join(folder, 'fresh');
mkdirSync(fresh);
fill();
const full = {
	list: run('task', 'list'),
	doctor: run('doctor'),
	check: run('boards', 'check'),
	create: run('task', 'create', 'two'),
};
// Room for the small files of a new workspace, and for no ledger.
const left = join(folder, 'full');
truncateSync(left, statSync(left).size - 96 * 1024);
const init = runIn(fresh, 'init');
rmSync(join(folder, 'full'));
process.stdout.write(
	JSON.stringify({ ...full, init, later: run('task', 'create', 'three'), after: run('task', 'list') }),
);
