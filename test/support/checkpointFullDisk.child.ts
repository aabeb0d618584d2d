// Runs a swarm whose repository keeps its objects on a tiny disk, so that checkpoints and results fill it while everything else has
// room, and says as one line of JSON what became of it. Argument: the folder, in which `objects` is that disk.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoints } from '../../src/core/checkpoint/checkpoint.ts';
import { checkpointPrefix } from '../../src/core/checkpoint/checkpointReference.ts';
import { latestCheckpoint } from '../../src/core/checkpoint/latestCheckpoint.ts';
import { rescueReference } from '../../src/core/landing/runReferences.ts';
import { scripted } from './driverJobs.ts';
import type { Script } from './scriptedAcpScript.ts';
import { buildAgent } from './swarmBuilders.ts';
import { runGit } from './temporaryRepository.ts';
import { TemporarySwarm } from './temporarySwarm.ts';

const root = process.argv[2] ?? '';
const disk = join(root, 'objects');
// Indexes are put together there: what is left of them is seen.
process.env['TMPDIR'] = join(root, 'temporary');
mkdirSync(join(root, 'temporary'));
const file = join(root, 'script.json');
const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
const agent = buildAgent('Tester', { driver: 'acp', command: [...(scripted({}).command ?? []), file] });
const swarm = await TemporarySwarm.create(root, { 'a.txt': 'a\n', '.gitignore': 'cache/\n' }, { agents: [agent] });
const objects = join(swarm.folder, '.git', 'objects');
cpSync(objects, disk, { recursive: true });
rmSync(objects, { recursive: true });
symlinkSync(disk, objects);

// No compressing makes this fit.
const huge = randomBytes(6_000_000).toString('base64');
const found = async (id: string) => {
	const [run] = await swarm.runs(id);
	const told = await swarm.ledger.read((reader) => reader.events({ task_id: id, types: ['checkpoint.failed'] }));
	const onDamaged = () => undefined;
	return {
		status: (await swarm.task(id)).status,
		reason: run?.reason ?? '',
		run: run?.run_id ?? '',
		told: told.map(({ message, data }) => ({ message, code: data?.['code'] })),
		offered: readCheckpoints(await swarm.git.readReferences(`${checkpointPrefix}${run?.run_id ?? ''}/`)).length,
		latest: (await latestCheckpoint({ git: swarm.git, onDamaged }, run?.run_id ?? ''))?.id ?? null,
		halves: readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('tmp_')),
		indexes: readdirSync(join(root, 'temporary')).filter((name) => name.startsWith('dreamos-index-')),
	};
};

// What git ignores is in the checkpoint only: the change itself has room.
follow({
	turn: [
		{ do: 'write', path: 'b.txt', content: 'b\n' },
		{ do: 'write', path: 'cache/huge.txt', content: huge },
		{ do: 'say', text: 'Done.' },
	],
});
await swarm.add('ignored', [], { params: {}, max_attempts: 1 });
await swarm.workUntilIdle();
const ignored = { ...(await found('ignored')), landed: swarm.shown('b.txt') };

// Here the change itself has none.
follow({
	turn: [
		{ do: 'write', path: 'huge.txt', content: huge },
		{ do: 'say', text: 'Done.' },
	],
});
await swarm.add('huge', [], { params: {}, max_attempts: 1 });
await swarm.workUntilIdle();
const full = await found('huge');
const worktree = join(swarm.worktrees, full.run);
const kept = existsSync(join(worktree, 'huge.txt')) && readFileSync(join(worktree, 'huge.txt'), 'utf8') === huge;

// The others go on.
follow({
	turn: [
		{ do: 'write', path: 'c.txt', content: 'c\n' },
		{ do: 'say', text: 'Done.' },
	],
});
await swarm.add('modest', [], { params: {} });
await swarm.workUntilIdle();
const modest = { ...(await found('modest')), landed: swarm.shown('c.txt') };

// With room again the next host saves what could not be saved.
execFileSync('mount', ['-o', 'remount,size=64m', disk]);
await swarm.add('later', ['echo later > later.txt']);
await swarm.workUntilIdle();
const rescued = runGit(swarm.folder, 'cat-file', '-s', `${rescueReference(full.run)}:huge.txt`).trim();
process.stdout.write(
	JSON.stringify({
		ignored,
		full,
		kept,
		modest,
		rescued: Number(rescued) === huge.length,
		isGone: !existsSync(worktree),
	}),
);
await swarm.dispose();
