// Checks gate commands with real processes: order, first failure, output, time limit, stop from outside.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGates } from '../../../../src/core/gate/runGates.ts';
import type { GateResult } from '../../../../src/core/task/task.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { killAllWith, processesWith, until } from '../../../support/livingProcesses.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('runGates', () => {
	const folders = useTemporaryFolders();
	const marks: string[] = [];
	after(() => marks.forEach(killAllWith));

	const run = async (
		commands: readonly string[],
		more: { timeoutMilliseconds?: number; signal?: AbortSignal; folder?: string; mostOutput?: number } = {},
	) => {
		const told: GateResult[] = [];
		const folder = more.folder ?? folders.make();
		const report = await runGates(createProcessRunner(), {
			commands: commands.map((command) => ({ kind: 'command', command })),
			commit: 'c0ffee',
			folder,
			isFolderThere: async () => existsSync(folder),
			timeoutMilliseconds: 10_000,
			environment: { DREAMOS_TASK_ID: 'TASK-1' },
			signal: new AbortController().signal,
			onProcess: () => undefined,
			onGate: async (gate) => {
				told.push(gate);
			},
			...more,
		});
		assert.deepEqual(told, report.results);
		return report;
	};

	it('runs in order, in the folder, with the environment, and passes', async () => {
		const folder = folders.make();
		const report = await run(['echo $DREAMOS_TASK_ID > a', 'cat a'], { folder });
		assert.equal(report.failure, undefined);
		assert.deepEqual(
			report.results.map(({ exit_code: code, ending }) => [code, ending]),
			[
				[0, 'exited'],
				[0, 'exited'],
			],
		);
		assert.equal(report.results[1]?.output.trim(), 'TASK-1');
		assert.equal(readFileSync(join(folder, 'a'), 'utf8').trim(), 'TASK-1');
	});

	it('stops at the first failure and quotes its output', async () => {
		const report = await run(['true', 'echo broken >&2; exit 3', 'touch never']);
		assert.equal(report.results.length, 2);
		assert.match(
			report.failure ?? '',
			/^Gate echo broken >&2; exit 3 ended with exit code 3\. Its output ended with:\nbroken$/u,
		);
		assert.match((await run(['no-such-program-here'])).failure ?? '', /exit code 127/u);
	});

	it('keeps the end of a flood of output', async () => {
		const report = await run(['yes line | head -c 3000000; echo the-end; exit 1']);
		assert.ok((report.results[0]?.output.length ?? 0) < 9000);
		assert.match(report.failure ?? '', /the-end/u);
	});

	it('ends a gate that never ends, with everything it started', async () => {
		const mark = `gate-${process.pid}`;
		marks.push(mark);
		const folder = folders.make();
		writeFileSync(join(folder, `${mark}.sh`), "trap '' TERM; sleep 600 & sleep 600\n");
		const report = await run([`sh ./${mark}.sh`], { timeoutMilliseconds: 300, folder });
		assert.equal(report.results[0]?.ending, 'timeout');
		assert.match(report.failure ?? '', /was not done after 0 s \(setting dreamos\.gates\.timeoutSeconds\)/u);
		assert.deepEqual(processesWith(mark), []);
	});

	it('is stopped from outside without a verdict', async () => {
		const mark = `31.${process.pid}`;
		marks.push(`sleep ${mark}`);
		const controller = new AbortController();
		const running = run([`sleep ${mark}`], { signal: controller.signal });
		await until(() => processesWith(`sleep ${mark}`).length > 0, 'the gate runs');
		controller.abort();
		const report = await running;
		assert.deepEqual([report.isAborted, report.failure, report.results], [true, undefined, []]);
		assert.deepEqual(processesWith(`sleep ${mark}`), []);
	});

	it('ends a flood without an end, and says so', async () => {
		const mark = `flood-${process.pid}`;
		marks.push(mark);
		const report = await run([`yes ${mark}`], { mostOutput: 1_000_000, timeoutMilliseconds: 600_000 });
		assert.equal(report.code, 'gate.flooded');
		assert.equal(report.results[0]?.ending, 'flooded');
		assert.match(report.failure ?? '', /let it print less/u);
		assert.deepEqual(processesWith(mark), []);
	});

	it('has no terminal and nothing to read for a command that asks, and says what to do', async () => {
		const reads = await run(['read answer && test "$answer" = yes']);
		assert.equal(reads.code, 'gate.failed');
		const asks = await run(['exec < /dev/tty; read answer']);
		assert.equal(asks.code, 'gate.needsTerminal', asks.failure);
		assert.match(asks.failure ?? '', /gates have none/u);
	});

	it('tells a command that deleted its folder, and runs nothing after it', async () => {
		const report = await run(['rm -rf "$PWD"', 'true']);
		assert.equal(report.code, 'gate.deletedWorktree');
		assert.deepEqual(
			report.results.map(({ ending }) => ending),
			['deletedWorktree'],
		);
		assert.match(report.failure ?? '', /deleted the worktree it ran in; the work was kept/u);
	});

	it('names the commit each result judges', async () => {
		const report = await run(['true']);
		assert.deepEqual([report.results[0]?.commit, report.results[0]?.kind], ['c0ffee', 'command']);
	});
});
