// Checks guards: commands that decide on a move before it is made, run by whoever makes it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../../src/base/errors.ts';
import { nullLogger } from '../../../../src/base/log.ts';
import { runtimePaths } from '../../../../src/core/paths.ts';
import type { Dream } from '../../../../src/core/dream.ts';
import { GuardedLedger } from '../../../../src/core/hooks/guardedLedger.ts';
import { HooksFile } from '../../../../src/core/hooks/hooksFile.ts';
import type { Ledger } from '../../../../src/core/ledger.ts';
import type { ProcessRunner } from '../../../../src/core/ports.ts';
import { editTask } from '../../../../src/core/task/editTask.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { BoardWorkspace } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

describe('guards', () => {
	const folders = useTemporaryFolders();
	let folder: string;
	let ledger: Ledger;
	let dream: Dream;
	let refusal: string | undefined;
	let processes: Pick<ProcessRunner, 'run'>;
	const hooksPath = () => join(folder, 'hooks.json');
	const guard = (inner: Ledger, path = hooksPath()) =>
		new GuardedLedger(inner, {
			hooks: new HooksFile(nodeFileSystem, path),
			processes: { run: (request) => processes.run(request) },
			log: nullLogger,
			folder,
			refusal: () => refusal,
		});
	const hook = (...hooks: readonly object[]) => writeFileSync(hooksPath(), JSON.stringify(hooks));
	beforeEach(async () => {
		folder = folders.make();
		refusal = undefined;
		processes = createProcessRunner();
		({ ledger, dream } = await openTemporaryLedger(folder, (inner) => guard(inner)));
		await dream.perform('task.create', { task_id: 'A', name: 'do A' }, ann);
	});
	afterEach(() => ledger.dispose());

	const status = async (id = 'A') => (await ledger.read((reader) => reader.task(id)))?.task.status;
	const refused = async (action: string, input: object, words: RegExp) => {
		await assert.rejects(dream.perform(action, input, ann), (error) => {
			assert.ok(isDreamError(error, 'task.guardRefused'), String(error));
			assert.match(error.fullMessage, words);
			return true;
		});
	};

	it('gets the move on stdin and in its environment, and lets it pass', async () => {
		const seen = join(folder, 'seen.json');
		const script = `process.stdin.setEncoding('utf8');let t='';process.stdin.on('data',c=>t+=c).on('end',()=>require('fs').writeFileSync(${JSON.stringify(seen)},JSON.stringify([JSON.parse(t),process.env.DREAMOS_EVENT,process.env.DREAMOS_TASK_ID,process.cwd()])))`;
		hook({ on: 'task.claimed', command: [process.execPath, '-e', script], guard: true });
		await dream.perform('task.claim', { task_id: 'A' }, ann);
		assert.equal(await status(), 'CLAIMED');
		const [event, name, id, place] = JSON.parse(readFileSync(seen, 'utf8')) as [
			{ move: string; from: string; to: string; task: { name: string } },
			string,
			string,
			string,
		];
		assert.deepEqual(
			[event.move, event.from, event.to, event.task.name, name, id],
			['claim', 'READY', 'CLAIMED', 'do A', 'task.claimed', 'A'],
		);
		assert.equal(place, folder);
	});

	it('refuses the move with what it said; nothing is changed, and the history tells', async () => {
		hook({
			on: 'task.completed',
			command: 'echo the changelog is missing; exit 3',
			guard: true,
			name: 'changelog',
		});
		await dream.perform('task.start', { task_id: 'A' }, ann);
		const before = await ledger.read((reader) => reader.task('A'));
		await refused(
			'task.complete',
			{ task_id: 'A' },
			/hook changelog ended with exit code 3\. It said: the changelog is missing.*hooks\.json, line 1/su,
		);
		assert.deepEqual(await ledger.read((reader) => reader.task('A')), before);
		const events = await ledger.read((reader) => reader.events({ task_id: 'A' }));
		assert.deepEqual([events.at(-1)?.type, events.at(-1)?.actor], ['hook.refused', 'human:ann']);
		hook();
		await dream.perform('task.complete', { task_id: 'A' }, ann);
		assert.equal(await status(), 'COMPLETED');
	});

	it('names hook and setting when its time is over, and leaves nothing running', async () => {
		hook({ on: 'task.*', command: 'sleep 60 & sleep 60', guard: true, timeout_seconds: 0.3 });
		await refused(
			'task.claim',
			{ task_id: 'A' },
			/was not done after 0\.3 s \(timeout_seconds in runtime\/hooks\.json, line 1\)/u,
		);
		assert.equal(await status(), 'READY');
	});

	it('does not run in an untrusted folder; the move is refused with that reason, others are not', async () => {
		const ran = join(folder, 'ran');
		hook({ on: 'task.claim', command: `touch ${ran}`, guard: true });
		refusal = 'This folder is not trusted.';
		await refused('task.claim', { task_id: 'A' }, /may not be run\. This folder is not trusted\./u);
		assert.equal(existsSync(ran), false);
		await dream.perform('task.shelve', { task_id: 'A' }, ann);
		assert.equal(await status(), 'PENDING');
	});

	it('refuses what a guard that cannot be read may stand before', async () => {
		writeFileSync(hooksPath(), '[{ "on": "task.claim", "guard": true, "command": 7 }]');
		await refused(
			'task.claim',
			{ task_id: 'A' },
			/not known how this move is guarded \(runtime\/hooks\.json, line 1/u,
		);
		writeFileSync(hooksPath(), '[{ "on": "task.claim", "comand": "x" }]');
		await dream.perform('task.claim', { task_id: 'A' }, ann);
	});

	it('is asked again about a task that changed while it was asked', async () => {
		hook({ on: 'task.claim', command: 'true', guard: true });
		let runs = 0;
		const real = createProcessRunner();
		processes = {
			async run(request) {
				runs += 1;
				if (runs === 1) {
					// Somebody edits the task while the guard looks at it.
					await ledger.write(ann, (transaction) => editTask(transaction, 'A', { name: 'something else' }));
				}
				return real.run(request);
			},
		};
		await dream.perform('task.claim', { task_id: 'A' }, ann);
		assert.deepEqual([runs, await status()], [2, 'CLAIMED']);
	});

	it('is asked for each move of an action, and for none that merely follows', async () => {
		const log = join(folder, 'log');
		hook({ on: 'task.*', command: `echo "$DREAMOS_TASK_ID $DREAMOS_MOVE" >> ${log}`, guard: true });
		await dream.perform('task.create', { task_id: 'B', name: 'do B', dependencies: ['A'] }, ann);
		await dream.perform('task.start', { task_id: 'A' }, ann);
		await dream.perform('task.complete', { task_id: 'A' }, ann);
		assert.equal(await status('B'), 'READY');
		assert.equal(readFileSync(log, 'utf8'), 'A claim\nA start\nA complete\n');
	});

	it('does not bind what the swarm merely records', async () => {
		hook({ on: 'task.*', command: 'false', guard: true });
		const host = { kind: 'host', id: 'host-1' } as const;
		await assert.rejects(dream.perform('task.claim', { task_id: 'A' }, host), /Refused to claim A: /u);
		await dream.perform('task.block', { task_id: 'A', reason: 'no room on the disk' }, host);
		assert.equal(await status(), 'BLOCKED');
	});

	it('refuses a guarded move made by a hand edit as a problem on its line, whole', async () => {
		const place = folders.make();
		const workspace = await BoardWorkspace.make(place);
		try {
			const mirror = workspace.mirror({ ledger: guard(workspace.ledger, join(place, runtimePaths.hooks)) });
			await workspace.create({ task_id: 'T', name: 'do T' });
			await mirror.flush();
			writeFileSync(
				join(place, runtimePaths.hooks),
				JSON.stringify([{ on: 'task.completed', command: 'false', guard: true, name: 'review' }]),
			);
			workspace.later();
			// Stands for claiming and completing: the first alone would be half of what was meant.
			workspace.editRecord('task_ready_queue', 'T', { status: 'COMPLETED' });
			await mirror.flush();
			assert.equal(await workspace.status('T'), 'READY');
			const problems = await mirror.check();
			assert.deepEqual(
				problems.map(({ code, task_id: id }) => [code, id]),
				[['task.guarded', 'T']],
			);
			const line =
				workspace
					.text('task_ready_queue')
					.split('\n')
					.findIndex((text) => text.includes('COMPLETED')) + 1;
			assert.equal(problems[0]?.line, line);
			assert.match(problems[0]?.message ?? '', /hook review/u);
			workspace.later();
			workspace.editRecord('task_ready_queue', 'T', { status: 'READY' });
			await mirror.flush();
			assert.deepEqual(await mirror.check(), [], 'the edit was undone');
			workspace.later();
			workspace.editRecord('task_ready_queue', 'T', { status: 'CLAIMED' });
			await mirror.flush();
			assert.equal(await workspace.status('T'), 'CLAIMED', 'other moves pass');
		} finally {
			await workspace.close();
		}
	});
});
