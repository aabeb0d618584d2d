// Checks how the lists of processes of Linux and other Unix systems are read.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readProcFiles } from '../../../src/node/procFiles.ts';
import { parsePs, parseStat, systemProcessTable } from '../../../src/node/processTable.ts';

describe('the table of Linux', function () {
	before(function () {
		if (process.platform !== 'linux') {
			this.skip();
		}
	});

	it('keeps no memory for each process it looks at, so that a host with much to look at stays small', async () => {
		const table = systemProcessTable();
		// As many as a machine with much going on has; a look by readFile kept 64 KB for each, until memory is collected.
		const many = Array.from({ length: 2000 }, () => process.pid);
		const before = process.memoryUsage().arrayBuffers;
		const starts = await table.startsOf(many);
		assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
		assert.notEqual(starts.get(process.pid) ?? '', '');
	});

	it('reads what is longer than its buffer, beside what is gone', async () => {
		const token = 'x'.repeat(100_000);
		const child = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], LONG: token, LAST: 'last' } });
		try {
			// Told once it is the program it is to become.
			await once(child, 'spawn');
			const found = new Map<number, string>();
			await readProcFiles([child.pid ?? 0, 2 ** 22 + 1], 'environ', (pid, text) => found.set(pid, text));
			assert.match(found.get(child.pid ?? 0) ?? '', new RegExp(`LONG=${token}\0LAST=last`, 'u'));
			assert.deepEqual([...found.keys()], [child.pid]);
		} finally {
			child.kill('SIGKILL');
		}
	});
});

describe('parseStat', () => {
	const line = (name: string, state: string) =>
		`42 (${name}) ${state} 7 42 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615`;

	it('reads parent, group, session and start', () => {
		const row = parseStat(42, line('sleep', 'S'));
		assert.deepEqual([row?.pid, row?.parent, row?.group, row?.session], [42, 7, 42, 40]);
		assert.match(row?.started ?? '', /-987654$/u);
		// Ticks of a hundredth of a second, of the process and of children that ended.
		assert.equal(row?.cpu, (5 + 6 + 7 + 8) * 10);
		assert.ok((row?.memory ?? 0) >= 200 * 4096);
	});

	it('is not misled by a name with brackets, spaces and a line break', () => {
		assert.deepEqual(parseStat(42, line(') S 1 1 (\n a', 'S')), parseStat(42, line('sleep', 'S')));
	});

	it('counts zombies and the dead as gone, unless asked for', () => {
		assert.equal(parseStat(42, line('sleep', 'Z')), undefined);
		assert.equal(parseStat(42, line('sleep', 'X')), undefined);
		assert.notEqual(parseStat(42, line('sleep', 'Z'), true), undefined);
	});

	it('gives nothing for a process that vanished', () => {
		assert.equal(parseStat(42, ''), undefined);
	});
});

describe('parsePs', () => {
	it('reads the rows macOS prints, without zombies', () => {
		const text = [
			'    1     0     1 Ss     1024   0:01.50 Thu Nov 19 08:00:01 2026    ',
			'  612     1   612 S    204800 1-02:03:04 Sat Nov 21 06:18:09 2026    ',
			'99999   612   612 Z+        0   0:00.00 Sat Nov 21 06:18:10 2026    ',
			'',
		].join('\n');
		assert.deepEqual(parsePs(text), [
			{
				pid: 1,
				parent: 0,
				group: 1,
				session: 0,
				started: 'Thu Nov 19 08:00:01 2026',
				memory: 1_048_576,
				cpu: 1_500,
			},
			{
				pid: 612,
				parent: 1,
				group: 612,
				session: 0,
				started: 'Sat Nov 21 06:18:09 2026',
				memory: 209_715_200,
				cpu: 93_784_000,
			},
		]);
	});
});
