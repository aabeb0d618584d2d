// Checks the review of a change through the actions a person has: places of a change, a part accepted, comments that go back to the
// agent, which goes on from its own change.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Driver, DriverOutcome } from '../../../src/core/driver/driver.ts';
import type { FileOfChange } from '../../../src/core/landing/narrowChange.ts';
import { requestLanding } from '../../../src/core/landing/requestLanding.ts';
import { earlierChange } from '../../../src/core/loop/earlierChange.ts';
import { requireRun } from '../../../src/core/run/heldRun.ts';
import type { ReviewNote } from '../../../src/core/run/reviewNotes.ts';
import type { Run } from '../../../src/core/run/run.ts';
import { leaseNames } from '../../../src/core/swarmFacts.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit } from '../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

const twenty = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');

describe('review', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let workspace: OpenWorkspace;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': twenty, 'old.txt': 'old\n', 'gone.txt': 'gone\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		workspace = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
	});
	afterEach(async () => {
		await workspace.close();
		await swarm.dispose();
	});
	const perform = <Answer extends object>(id: string, input: object) =>
		workspace.dream.perform(id, input, person) as Promise<Answer>;

	async function reviewed(): Promise<Run> {
		await swarm.add(
			'A',
			[
				"sed -i -e 's/line 1$/agent 1/' -e 's/line 9$/agent 9/' -e 's/line 19/agent 19/' a.txt",
				'mv old.txt new.txt && rm gone.txt && echo created > created.txt',
			],
			{ validation: { review: true, commands: ['true'] } },
		);
		await swarm.workUntilIdle();
		await swarm.tell(false);
		const [run] = await swarm.runs('A');
		assert.equal(run?.state, 'review');
		return run;
	}

	it('shows every place of a change by number, with its checks', async () => {
		const { run_id } = await reviewed();
		const shown = await perform<{ files: FileOfChange[]; gates: { exit_code: number }[] }>('run.changes', {
			run_id,
		});
		assert.deepEqual(
			shown.files.map(({ path, kind, hunks }) => [
				path,
				kind,
				hunks.map(({ number, after }) => [number, after.line]),
			]),
			[
				[
					'a.txt',
					'edited',
					[
						[1, 2],
						[2, 10],
						[3, 20],
					],
				],
				['created.txt', 'created', []],
				['gone.txt', 'deleted', []],
				['new.txt', 'renamed', []],
			],
		);
		assert.deepEqual(
			shown.gates.map(({ exit_code }) => exit_code),
			[0],
		);
	});

	it('lands the accepted part, merges it, and writes down what was refused', async () => {
		const { run_id, result_commit } = await reviewed();
		writeFileSync(join(swarm.folder, 'a.txt'), twenty.replace('line 5', 'mine 5'));
		await perform('run.accept', { run_id, reject_files: ['gone.txt'], reject_hunks: ['a.txt:2'] });
		assert.equal(
			swarm.shown('a.txt'),
			twenty.replace('line 1\n', 'agent 1\n').replace('line 19', 'agent 19').replace('line 5', 'mine 5'),
		);
		assert.deepEqual(
			[swarm.shown('created.txt'), swarm.shown('new.txt'), swarm.shown('old.txt'), swarm.shown('gone.txt')],
			['created\n', 'old\n', undefined, 'gone\n'],
		);
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.result?.files], ['COMPLETED', ['a.txt', 'created.txt', 'new.txt']]);
		const narrowed = (await swarm.events('A')).find(({ type }) => type === 'run.narrowed');
		assert.deepEqual(narrowed?.data, {
			rejected: [{ path: 'a.txt', hunks: [2] }, { path: 'gone.txt' }],
			full_result: result_commit,
		});
		await perform('task.revert', { task_id: 'A' });
		assert.equal(swarm.shown('a.txt'), twenty.replace('line 5', 'mine 5'), 'what landed can be taken back');
		assert.equal(swarm.shown('created.txt'), undefined);
	});

	it('tells beforehand what would conflict, also in the background once another change has landed', async () => {
		for (const id of ['A', 'B']) {
			await swarm.add(id, [`sed -i 's/line 3$/${id} 3/' a.txt`], { validation: { review: true } });
		}
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('A', 'REVIEW');
		await swarm.statusIs('B', 'REVIEW');
		const [first] = await swarm.runs('A');
		const [second] = await swarm.runs('B');
		assert.ok(first !== undefined && second !== undefined);
		const conflicts = async () =>
			(await perform<{ conflicts: { path: string }[] }>('run.changes', { run_id: second.run_id })).conflicts;
		assert.deepEqual(await conflicts(), []);
		await perform('run.accept', { run_id: first.run_id });
		await swarm.until(
			async () => (await swarm.runs('B'))[0]?.reason?.includes('a.txt was changed on both sides') === true,
			'it is tried',
		);
		assert.deepEqual(
			(await conflicts()).map(({ path }) => path),
			['a.txt'],
		);
		await perform('task.revert', { task_id: 'A' });
		await swarm.until(async () => (await swarm.runs('B'))[0]?.reason === null, 'it is tried again');
		await host.stop();
	});

	it('lands only the named files', async () => {
		const { run_id } = await reviewed();
		await perform('run.accept', { run_id, files: ['created.txt'] });
		assert.deepEqual([swarm.shown('a.txt'), swarm.shown('created.txt')], [twenty, 'created\n']);
		assert.equal(runGit(swarm.folder, 'status', '--porcelain', '--', 'a.txt', 'old.txt'), '');
	});

	it('tries all that waits on one copy of the working tree', async () => {
		const edit = (id: string) =>
			swarm.add(id, [`sed -i 's/line 1$/${id}/' a.txt`], { validation: { review: true } });
		await edit('A');
		await edit('B');
		await swarm.workUntilIdle();
		writeFileSync(join(swarm.folder, 'a.txt'), twenty.replace('line 1\n', 'mine\n'));
		let snapshots = 0;
		const host = await swarm.lead({
			git: {
				...swarm.git,
				snapshot: (message, excluded) => {
					snapshots += 1;
					return swarm.git.snapshot(message, excluded);
				},
			},
		});
		await swarm.until(async () => {
			const runs = [...(await swarm.runs('A')), ...(await swarm.runs('B'))];
			return runs.every(({ reason }) => reason?.includes('would conflict') === true);
		}, 'both are known to conflict');
		await host.stop();
		assert.equal(snapshots, 1);
	});

	it('goes on from a change that was sent back, with its comments, also after an attempt that was cut short', async () => {
		const { run_id } = await reviewed();
		await perform('run.sendBack', { run_id, reason: 'nearly there' });
		const prompts: string[] = [];
		const holds: boolean[] = [];
		const driver: Driver = {
			id: 'command',
			title: 'A driver that is stopped, fails, then finishes',
			refusal: () => undefined,
			start(job) {
				prompts.push(job.prompt);
				holds.push(existsSync(join(job.worktree, 'created.txt')));
				let end = (_outcome: DriverOutcome) => undefined as void;
				const outcome = new Promise<DriverOutcome>((resolve) => {
					end = resolve;
				});
				if (prompts.length === 2) {
					end({ kind: 'failed', code: 'agent.tired', reason: 'out of breath', isTransient: true });
				} else if (prompts.length === 3) {
					end({ kind: 'finished', summary: 'done' });
				}
				return { outcome, cancel: async () => end({ kind: 'cancelled' }) };
			},
		};
		const drivers = new Map([['command', driver]]);
		await swarm.tell(true);
		const host = await swarm.lead({ drivers });
		await swarm.until(() => prompts.length === 1, 'the second attempt began');
		await host.stop();
		const next = await swarm.lead({ drivers });
		await swarm.until(async () => (await swarm.runs('A'))[3]?.state === 'review', 'the fourth attempt is done');
		await next.stop();
		assert.deepEqual(holds, [true, true, true]);
		for (const prompt of prompts) {
			assert.match(prompt, /already holds the change of attempt 1/u);
			assert.match(prompt, /> nearly there/u);
		}
		assert.match(prompts[2] ?? '', /> out of breath/u);
		assert.equal((await perform<Task>('task.show', { task_id: 'A' })).status, 'REVIEW');
	});

	it('does not go back to a change of before something was decided', async () => {
		const { run_id } = await reviewed();
		await perform('run.sendBack', { run_id, reason: 'nearly there' });
		const read = async () => (await swarm.ledger.read((reader) => earlierChange(reader, 'A')))?.run;
		assert.equal((await read())?.run_id, run_id);
		const driver: Driver = {
			id: 'command',
			title: 'A driver that finishes',
			refusal: () => undefined,
			start: () => ({
				outcome: Promise.resolve({ kind: 'finished', summary: '' }),
				cancel: async () => undefined,
			}),
		};
		await swarm.tell(true);
		const host = await swarm.lead({ drivers: new Map([['command', driver]]) });
		await swarm.until(async () => (await swarm.runs('A'))[1]?.state === 'review', 'the second attempt is done');
		await host.stop();
		assert.equal(await read(), undefined, 'the next change is in review');
		const second = (await swarm.runs('A'))[1];
		await perform('run.reject', { run_id: second?.run_id, reason: 'no' });
		assert.equal(await read(), undefined);
	});

	it('lands what was left for a host that is gone, also while a window is open that would not', async () => {
		const { run_id } = await reviewed();
		await swarm.ledger.write(person, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			await requestLanding(transaction, run, { hasEditor: true, toBranch: true });
			await transaction.acquireLease(`${leaseNames.editorPrefix}w1`, 'w1', 60_000, Date.now());
		});
		await perform('run.accept', { run_id });
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal(runGit(swarm.folder, 'show', 'dreamos/a:created.txt'), 'created\n');
	});

	it('refuses files and places that are not there, and a part of nothing', async () => {
		const { run_id } = await reviewed();
		const refused = (input: object, code: string) =>
			assert.rejects(perform('run.accept', { run_id, ...input }), { code });
		await refused({ files: ['b.txt'] }, 'run.noSuchPart');
		await refused({ reject_hunks: ['a.txt:4'] }, 'run.noSuchPart');
		await refused({ reject_hunks: ['created.txt:1'] }, 'run.noSuchPart');
		await refused({ reject_hunks: ['a.txt'] }, 'action.badInput');
		await refused({ files: [] }, 'run.nothingAccepted');
		assert.equal((await swarm.runs('A'))[0]?.state, 'review');
		assert.equal(swarm.shown('a.txt'), twenty);
	});

	it('keeps comments with their lines, takes them back, and refuses lines that are not there', async () => {
		const { run_id } = await reviewed();
		const comment = (path: string, line: number, text: string) =>
			perform<{ note_id: string }>('run.comment', { run_id, path, line, text });
		await comment('a.txt', 10, 'louder');
		const { note_id } = await comment('a.txt', 2, 'softer');
		await comment('created.txt', 1, 'why?');
		await perform('run.uncomment', { run_id, note_id });
		await assert.rejects(perform('run.uncomment', { run_id, note_id }), { code: 'run.noSuchNote' });
		await assert.rejects(comment('a.txt', 99, 'x'), { code: 'run.noSuchPart' });
		await assert.rejects(comment('other.txt', 1, 'x'), { code: 'run.noSuchPart' });
		const { notes } = await perform<{ notes: ReviewNote[] }>('run.changes', { run_id });
		assert.deepEqual(
			notes.map(({ path, line, line_text, text }) => [path, line, line_text, text]),
			[
				['a.txt', 10, 'agent 9', 'louder'],
				['created.txt', 1, 'created', 'why?'],
			],
		);
	});

	it('takes no comment of the agent on its own change, and lets no agent take back what others said', async () => {
		const { run_id } = await reviewed();
		const as = (id: string, action: string, input: object) =>
			workspace.dream.perform(action, { run_id, ...input }, { kind: 'agent', id });
		const fine = { path: 'a.txt', line: 2, text: 'fine as it is' };
		await assert.rejects(as('Agent-1', 'run.comment', fine), { code: 'action.forbidden' });
		const { note_id } = await perform<{ note_id: string }>('run.comment', { run_id, ...fine, text: 'not fine' });
		await assert.rejects(as('Agent-1', 'run.uncomment', { note_id }), { code: 'action.forbidden' });
		await assert.rejects(as('Agent-2', 'run.uncomment', { note_id }), { code: 'action.forbidden' });
		const other = (await as('Agent-2', 'run.comment', fine)) as { note_id: string };
		await as('Agent-2', 'run.uncomment', other);
		const { notes } = await perform<{ notes: ReviewNote[] }>('run.changes', { run_id });
		assert.deepEqual(
			notes.map(({ text }) => text),
			['not fine'],
		);
	});

	it('sends a change back: the next attempt begins with it and is told every comment', async () => {
		const { run_id } = await reviewed();
		await assert.rejects(perform('run.sendBack', { run_id }), { code: 'run.nothingSaid' });
		await perform('run.comment', { run_id, path: 'a.txt', line: 10, text: 'shout it' });
		await perform('run.sendBack', { run_id, reason: 'nearly there' });
		const task = await swarm.task('A');
		assert.equal(task.status, 'READY');
		// The person goes on meanwhile.
		writeFileSync(join(swarm.folder, 'a.txt'), twenty.replace('line 5', 'mine 5'));
		let prompt = '';
		const driver: Driver = {
			id: 'command',
			title: 'A driver that looks',
			refusal: () => undefined,
			start(job) {
				prompt = job.prompt;
				const path = join(job.worktree, 'a.txt');
				const change = async () => {
					const { readFile, writeFile } = await import('node:fs/promises');
					await writeFile(path, (await readFile(path, 'utf8')).replace('agent 9', 'AGENT 9'));
					return { kind: 'finished', summary: 'shouted' } as const;
				};
				return { outcome: change(), cancel: async () => undefined };
			},
		};
		await swarm.tell(true);
		const host = await swarm.lead({ drivers: new Map([['command', driver]]) });
		await swarm.until(async () => (await swarm.runs('A'))[1]?.state === 'review', 'the second attempt is done');
		await host.stop();
		assert.match(prompt, /already holds the change of attempt 1/u);
		assert.match(prompt, /> nearly there\n> a\.txt:10 \(agent 9\): shout it/u);
		await swarm.tell(false);
		const second = (await swarm.runs('A'))[1];
		await perform('run.accept', { run_id: second?.run_id });
		assert.equal(
			swarm.shown('a.txt'),
			twenty
				.replace('line 1\n', 'agent 1\n')
				.replace('line 9\n', 'AGENT 9\n')
				.replace('line 19', 'agent 19')
				.replace('line 5', 'mine 5'),
		);
		assert.equal(swarm.shown('created.txt'), 'created\n');
	});
});
