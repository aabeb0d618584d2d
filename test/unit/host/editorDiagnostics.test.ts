// Checks the gate that asks an attached window for new problems: with windows that answer, die, or are not there.

import assert from 'node:assert/strict';
import type { Run } from '../../../src/core/run/run.ts';
import type { GateResult, Task } from '../../../src/core/task/task.ts';
import { ProblemWindow } from '../../support/problemWindow.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

const patience = 200_000;

describe('editor diagnostics', function () {
	this.timeout(300_000);
	const folders = useTemporaryFolders();
	const windows: ProblemWindow[] = [];
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.x': 'one\nERROR old\n', 'b.x': 'fine\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		// No window lands here: these only read.
		swarm.settings = { ...swarm.settings, 'landing.mode': 'branch' };
	});
	afterEach(async () => {
		await Promise.all(windows.splice(0).map((window) => window.close().catch(() => undefined)));
		await swarm.dispose();
	});

	const openWindow = async () => {
		const window = await ProblemWindow.open(swarm.ledger);
		windows.push(window);
		return window;
	};
	const add = (run: readonly string[], fields: Partial<Task> = {}) =>
		swarm.add('A', run, { max_attempts: 1, validation: { diagnostics: true }, ...fields });
	const work = async (run: readonly string[], fields: Partial<Task> = {}) => {
		await add(run, fields);
		await swarm.workUntilIdle(patience);
		return lastRun();
	};
	const lastRun = async (): Promise<{ readonly task: Task; readonly run: Run; readonly gate: GateResult }> => {
		const run = (await swarm.runs('A')).at(-1);
		const gate = run?.gates.find(({ kind }) => kind === 'diagnostics');
		assert.ok(run !== undefined && gate !== undefined, swarm.lines.join('\n'));
		return { task: await swarm.task('A'), run, gate };
	};

	it('fails for a new problem, with file, line, message and who says so', async () => {
		const window = await openWindow();
		const { task, run, gate } = await work(['printf "one\\n\\nERROR old\\nERROR worse\\nWARNING loose\\n" > a.x']);
		assert.equal(task.status, 'FAILED');
		assert.match(run.reason ?? '', /1 new error[^\n]*\na\.x:4: error: worse \(scripted\)$/mu);
		assert.deepEqual([gate.exit_code, gate.ending], [1, 'checked']);
		assert.deepEqual(
			window.asked.map(({ places }) => places.map(({ files }) => files)),
			[[['a.x']], [['a.x'], ['a.x']]],
		);
	});

	it('passes over a problem that was there and moved, and over warnings nobody asked for', async () => {
		await openWindow();
		const { task, gate } = await work([
			'printf "zero\\none\\n\\nERROR old\\nWARNING loose\\n" > a.x',
			'echo text > read.md',
		]);
		assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
		assert.deepEqual([gate.exit_code, gate.ending], [0, 'checked']);
		assert.match(
			gate.output,
			/Read 1 of 2 files; answered by scripted\. Nothing in the editor answers for: read\.md/u,
		);
	});

	it('fails for a new warning where that is asked for, by the workspace', async () => {
		await openWindow();
		swarm.settings = { ...swarm.settings, 'gates.workspace': { diagnostics: 'warning' } };
		const { task, run } = await work(['echo "WARNING loose" >> b.x'], { validation: {} });
		assert.equal(task.status, 'FAILED');
		assert.match(run.reason ?? '', /b\.x:2: warning: loose/u);
	});

	it('is not read without a window, and the change waits for whoever reviews it', async () => {
		const { task, gate } = await work(['echo more >> b.x']);
		assert.equal(task.status, 'REVIEW');
		assert.deepEqual([gate.exit_code, gate.ending], [null, 'notRead']);
		assert.match(gate.output, /^Not read: no editor window is attached\. That proves nothing/u);
	});

	it('lets commands count without a window: what they name and the base has not fails', async () => {
		const commands = ['! grep -n ERROR *.x'];
		const { task, run } = await work(['echo more >> b.x'], { validation: { diagnostics: { commands } } });
		assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
		assert.deepEqual(
			run.gates.map(({ ending, exit_code: code }) => [ending, code]),
			[
				['notRead', null],
				['exited', 0],
			],
		);
		await swarm.add('B', ['echo "ERROR new" >> b.x'], {
			max_attempts: 1,
			validation: { diagnostics: { commands } },
		});
		await swarm.workUntilIdle(patience);
		assert.equal((await swarm.task('B')).status, 'FAILED');
	});

	it('runs no such command where a window reads', async () => {
		await openWindow();
		const { task, run } = await work(['echo more >> b.x'], {
			validation: { diagnostics: { commands: ['false'] } },
		});
		assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
		assert.equal(run.gates.length, 1);
	});

	it('is not read where nothing answers for any file', async () => {
		await openWindow();
		const { task, gate } = await work(['echo text > read.md']);
		assert.equal(task.status, 'REVIEW');
		assert.match(gate.output, /^Not read: nothing in the editor answers for read\.md/u);
	});

	it('is answered by another window when the one at it dies', async () => {
		const first = await openWindow();
		first.hangs = true;
		await add(['echo more >> b.x']);
		await swarm.tell(true);
		await swarm.lead();
		await swarm.until(() => first.asked.length > 0, 'the first window is at it');
		const second = await openWindow();
		await first.crash();
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(second.asked.length, 1);
		await swarm.until(() => first.stopped === 1, 'the ghost lets go');
		assert.equal((await lastRun()).gate.exit_code, 0);
	});

	it('goes back when the window at it closes, and is not read when none is left', async () => {
		const only = await openWindow();
		only.hangs = true;
		await add(['echo more >> b.x']);
		await swarm.tell(true);
		await swarm.lead();
		await swarm.until(() => only.asked.length > 0, 'the window is at it');
		await only.close();
		await swarm.statusIs('A', 'REVIEW');
		assert.match((await lastRun()).gate.output, /no editor window is attached/u);
		const open = await swarm.ledger.read((reader) => reader.commands({ state: 'pending' }));
		assert.deepEqual(open, []);
	});

	it('is read once by two windows, and not for a host that stopped', async () => {
		const pair = [await openWindow(), await openWindow()];
		pair.forEach((window) => {
			window.hangs = true;
		});
		await add(['echo more >> b.x']);
		await swarm.tell(true);
		const host = await swarm.lead();
		const asked = () => pair.reduce((sum, window) => sum + window.asked.length, 0);
		await swarm.until(() => asked() === 1, 'a window is at it');
		await host.stop();
		await swarm.until(() => pair.reduce((sum, { stopped }) => sum + stopped, 0) === 1, 'it lets go');
		pair.forEach((window) => {
			window.hangs = false;
		});
		await swarm.tell(true);
		await swarm.lead();
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(asked(), 2);
	});

	it('reads a bounded number of files, and never calls the rest proven', async () => {
		const window = await openWindow();
		const { task, gate } = await work(['for i in $(seq 1 1100); do echo fine > "n$i.x"; done']);
		assert.equal(window.asked[0]?.places[0]?.files.length, 1000);
		assert.equal(task.status, 'REVIEW');
		assert.match(gate.output, /^Not read: there was no time for 100 of 1100 files/u);
	});
});
