// Checks the ledger between real processes: first opening raced, changes noticed, killed writers, nobody starved.

import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nullLogger } from '../../../src/base/log.ts';
import type { LedgerReader } from '../../../src/core/ledger.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { loadNodeSqlite } from '../../../src/ledger/nodeSqlite.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerProcesses } from '../../support/ledgerProcess.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('a ledger between processes', () => {
	const folders = useTemporaryFolders();
	const start = useLedgerProcesses();

	async function read<T>(file: string, work: (reader: LedgerReader) => Promise<T>): Promise<T> {
		const ledger = await openLedger({ path: file, clock: systemClock, log: nullLogger });
		try {
			return await ledger.read(work);
		} finally {
			ledger.dispose();
		}
	}

	it('is made once when several open it for the first time at the same moment', async () => {
		for (let round = 0; round < 2; round += 1) {
			const file = path.join(folders.make(), 'dreamos.db');
			const processes = Array.from({ length: 4 }, (_, index) =>
				start({ path: file, name: `p${index}`, job: { kind: 'append', count: 2 } }),
			);
			for (const { ended } of processes) {
				assert.deepEqual(await ended, { code: 0, errors: '' });
			}
			const events = await read(file, (reader) => reader.events());
			assert.deepEqual(
				events.map(({ sequence }) => sequence),
				[1, 2, 3, 4, 5, 6, 7, 8],
			);
		}
	});

	it('tells another process of each change, without its asking', async () => {
		const file = path.join(folders.make(), 'dreamos.db');
		const listener = start({ path: file, name: 'listener', job: { kind: 'listen' } });
		await listener.line('ready');
		const ledger = await openLedger({ path: file, clock: systemClock, log: nullLogger });
		for (let round = 0; round < 9; round += 1) {
			const sequence = await ledger.write(ann, (transaction) =>
				transaction.append({ type: 'swarm.started', message: String(round) }),
			);
			await listener.line(`heard ${sequence} `);
		}
		ledger.dispose();
		listener.child.stdin?.end();
		assert.deepEqual(await listener.ended, { code: 0, errors: '' });
	});

	it('loses nothing acknowledged when its writers are killed', async () => {
		const file = path.join(folders.make(), 'dreamos.db');
		const acknowledged = new Map<string, number>();
		for (let round = 0; round < 3; round += 1) {
			const writers = [0, 1].map((index) => {
				const name = `r${round}w${index}`;
				return { name, writer: start({ path: file, name, job: { kind: 'append', count: 1_000_000 } }) };
			});
			await Promise.all(writers.map(({ writer }) => writer.line('wrote')));
			await pause(20 + Math.random() * 150);
			for (const { name, writer } of writers) {
				writer.child.kill('SIGKILL');
				await writer.ended;
				acknowledged.set(name, Number(writer.lines.at(-1)?.split(' ')[1]));
			}
		}
		for (const [name, last] of acknowledged) {
			assert.ok(last > 0, name);
			const [numbers, fact] = await read(file, async (reader) => [
				(await reader.events())
					.filter((event) => event.actor === `agent:${name}`)
					.map(({ message }) => Number(message)),
				await reader.fact(`last:${name}`),
			]);
			assert.deepEqual(
				numbers,
				numbers.map((_, index) => index + 1),
			);
			// One more may be there: committed, and killed before it could say so.
			assert.ok(
				numbers.length === last || numbers.length === last + 1,
				`${name}: ${last} acknowledged, ${numbers.length} there`,
			);
			assert.equal(fact, numbers.length);
		}
		const { DatabaseSync } = loadNodeSqlite();
		const database = new DatabaseSync(file);
		assert.deepEqual({ ...database.prepare('pragma integrity_check').get() }, { integrity_check: 'ok' });
		const sequences = database.prepare('select count(*) as count, max(sequence) as last from events').get();
		database.close();
		assert.equal(sequences?.['count'], sequences?.['last']);
	});

	it('loses no acknowledged claim and grants none twice when those who serve the others are killed', async () => {
		const file = path.join(folders.make(), 'dreamos.db');
		const ids = Array.from({ length: 600 }, (_, index) => `t${index}`);
		const ledger = await openLedger({ path: file, clock: systemClock, log: nullLogger });
		await ledger.write(ann, (transaction) => insertTasks(transaction, ...ids.map((id) => buildTask(id))));
		ledger.dispose();
		// Each begins elsewhere, so that they meet now and then.
		const claimers = Array.from({ length: 6 }, (_, index) => {
			const name = `p${index}`;
			const from = index * 75;
			const order = [...ids.slice(from), ...ids.slice(0, from)];
			return { name, process: start({ path: file, name, job: { kind: 'claim', ids: order } }) };
		});
		await Promise.all(claimers.map(({ process }) => process.line('claimed')));
		for (const { process } of claimers.slice(0, 4)) {
			await pause(10 + Math.random() * 40);
			process.child.kill('SIGKILL');
		}
		for (const { process } of claimers) {
			await process.ended;
		}
		const [tasks, runs] = await read(file, async (reader) => [await reader.tasks(), await reader.runs()]);
		const runOf = new Map(tasks.map(({ task, run_id }) => [task.task_id, { worker: task.claimed_by, run_id }]));
		for (const { name, process } of claimers) {
			assert.deepEqual(
				process.lines.filter((line) => line.startsWith('error')),
				[],
			);
			for (const [word, id = '', run] of process.lines.map((line) => line.split(' '))) {
				if (word === 'claimed') {
					assert.deepEqual(runOf.get(id), { worker: name, run_id: run }, `${name} was told it has ${id}`);
				} else if (word === 'refused') {
					assert.notEqual(runOf.get(id)?.worker, name, `${name} was told it has not got ${id}`);
				}
			}
		}
		// Two of them lived to the end and went through all tasks.
		assert.deepEqual(new Set(tasks.map(({ task }) => task.status)), new Set(['CLAIMED']));
		assert.equal(new Set(runs.map(({ task_id }) => task_id)).size, runs.length);
		assert.equal(runs.length, ids.length);
	});

	it('lets everybody write when several write without a pause', async () => {
		const file = path.join(folders.make(), 'dreamos.db');
		const job = { kind: 'compete', milliseconds: 1000 } as const;
		const processes = Array.from({ length: 4 }, (_, index) => start({ path: file, name: `p${index}`, job }));
		await Promise.all(processes.map((each) => each.line('ready')));
		processes.forEach(({ child }) => child.stdin?.end());
		const counts = await Promise.all(
			processes.map(async (each) => Number((await each.line('wrote')).split(' ')[1])),
		);
		const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
		assert.ok(Math.min(...counts) >= mean / 3, `writes of each: ${counts.join(', ')}`);
	});
});
