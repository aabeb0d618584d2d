// Runs a swarm whose worktrees lie on a tiny disk, and says as one line of JSON how its tasks ended. Argument: the folder, in which
// `worktrees` is that disk.

import { randomBytes } from 'node:crypto';
import { runGit, writeFiles } from './temporaryRepository.ts';
import { TemporarySwarm } from './temporarySwarm.ts';

const swarm = await TemporarySwarm.create(process.argv[2] ?? '', { 'a.txt': 'a\n' });
const tell = async (id: string) => {
	const { status, block_reason: block } = await swarm.task(id);
	const [run] = (await swarm.runs(id)).toReversed();
	return { id, status, reason: block?.text ?? run?.reason ?? '' };
};
await swarm.add('filler', ['head -c 20000000 /dev/zero > big.bin'], { max_attempts: 1 });
await swarm.add('modest', ['sleep 1', 'echo fine > fine.txt']);
await swarm.workUntilIdle();
writeFiles(swarm.folder, { 'huge.bin': randomBytes(6_000_000) });
runGit(swarm.folder, 'add', 'huge.bin');
runGit(swarm.folder, 'commit', '--quiet', '--message', 'huge');
await swarm.add('huge', ['echo never > never.txt']);
await swarm.workUntilIdle();
const ends = [await tell('filler'), await tell('modest'), await tell('huge')];
process.stdout.write(JSON.stringify({ ends, leftovers: swarm.leftovers(), fine: swarm.shown('fine.txt') }));
await swarm.dispose();
