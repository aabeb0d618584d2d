// Checks that files agents change are known while they work, and that two who touch one file are told of.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Driver, DriverOutcome } from '../../../src/core/driver/driver.ts';
import type { Run } from '../../../src/core/run/run.ts';
import type { SharedFile } from '../../../src/core/run/sharedFiles.ts';
import { describeShared, sharedFiles } from '../../../src/core/run/sharedFiles.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import { buildRun } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { writeFiles } from '../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('the conflict radar', () => {
	const folders = useTemporaryFolders();

	it('knows the files of runs at work and says who shares one', async () => {
		const swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n', 'gone.txt': 'gone\n' });
		let finish = (_outcome: DriverOutcome) => undefined as void;
		const end = new Promise<DriverOutcome>((resolve) => {
			finish = resolve;
		});
		const notes: (() => void)[] = [];
		const driver: Driver = {
			id: 'command',
			title: 'works until it is told',
			refusal: () => undefined,
			start(job, listener) {
				writeFiles(job.worktree, { 'a.txt': `${job.run_id}\n`, [`only-${job.task.task_id}.txt`]: 'x\n' });
				rmSync(join(job.worktree, 'gone.txt'));
				notes.push(() => listener.onUpdate({ kind: 'message', text: 'working' }));
				return { outcome: end, cancel: async () => undefined };
			},
		};
		const workspace = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		try {
			await swarm.add('A', []);
			await swarm.add('B', []);
			await swarm.tell(true);
			const host = await swarm.lead({ drivers: new Map([['command', driver]]), radarMilliseconds: 20 });
			const list = () =>
				workspace.dream.perform('run.list', {}, person) as Promise<
					(Run & { readonly shared: readonly SharedFile[] })[]
				>;
			await swarm.until(async () => {
				notes.forEach((note) => note());
				const runs = await list();
				return runs.length === 2 && runs.every(({ shared }) => shared.length === 2);
			}, 'both are known to share files');
			const runs = (await list()).toSorted((left, right) => (left.task_id < right.task_id ? -1 : 1));
			assert.deepEqual(
				runs.map(({ files }) => files),
				[
					['a.txt', 'gone.txt', 'only-A.txt'],
					['a.txt', 'gone.txt', 'only-B.txt'],
				],
			);
			assert.deepEqual(
				runs[0]?.shared.map(({ path, task_id }) => [path, task_id]),
				[
					['a.txt', 'B'],
					['gone.txt', 'B'],
				],
			);
			assert.ok(runs.every(({ state }) => state === 'working'));
			const before = (await swarm.events()).filter(({ type }) => type === 'run.touched').length;
			notes.forEach((note) => note());
			notes.forEach((note) => note());
			finish({ kind: 'finished', summary: '' });
			await swarm.until(async () => (await list()).every(({ state }) => state !== 'working'), 'they end');
			const after = (await swarm.events()).filter(({ type }) => type === 'run.touched').length;
			assert.equal(after, before, 'what did not change is not written again');
			await host.stop();
		} finally {
			await workspace.close();
			await swarm.dispose();
		}
	});

	it('keeps only the first names in the event, and how many there are', async () => {
		const swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		const names = Array.from({ length: 60 }, (_, index) => `f${index}.txt`);
		let finish = (_outcome: DriverOutcome) => undefined as void;
		const driver: Driver = {
			id: 'command',
			title: 'writes many files',
			refusal: () => undefined,
			start(job) {
				writeFiles(job.worktree, Object.fromEntries(names.map((name) => [name, 'x\n'])));
				const outcome = new Promise<DriverOutcome>((resolve) => {
					finish = resolve;
				});
				return { outcome, cancel: async () => undefined };
			},
		};
		try {
			await swarm.add('A', []);
			await swarm.tell(true);
			const host = await swarm.lead({ drivers: new Map([['command', driver]]), radarMilliseconds: 20 });
			const touched = async () => (await swarm.events('A')).find(({ type }) => type === 'run.touched');
			await swarm.until(async () => (await touched()) !== undefined, 'its files are known');
			const { files, count } = (await touched())?.data ?? {};
			assert.deepEqual([Array.isArray(files) && files.length, count], [20, 60]);
			assert.equal((await swarm.runs('A'))[0]?.files.length, 60);
			finish({ kind: 'finished', summary: '' });
			await swarm.statusIs('A', 'COMPLETED');
			await host.stop();
		} finally {
			await swarm.dispose();
		}
	});

	it('counts open runs of different tasks only', () => {
		const runs = [
			buildRun('r1', { task_id: 'A', worker: 'Agent-1', files: ['a', 'b'] }),
			buildRun('r2', { task_id: 'B', worker: 'Agent-2', files: ['b', 'c'], state: 'review' }),
			buildRun('r3', { task_id: 'C', worker: 'Agent-3', files: ['a', 'b', 'c'], state: 'completed' }),
			buildRun('r4', { task_id: 'A', worker: 'Agent-1', files: ['a'] }),
		];
		const shared = sharedFiles(runs);
		assert.deepEqual([...shared.keys()].toSorted(), ['r1', 'r2']);
		assert.equal(describeShared(shared.get('r1') ?? []), 'b also by Agent-2');
		assert.equal(
			describeShared(Array.from({ length: 5 }, () => (shared.get('r2') ?? [])[0]).flatMap((each) => each ?? [])),
			'b also by Agent-1, b also by Agent-1, b also by Agent-1 and 2 more',
		);
	});
});
