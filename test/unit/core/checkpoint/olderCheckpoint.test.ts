// Checks files of older generations: what is read of good, doubtful, torn and hostile ones, what becomes of it here, and that what is
// written for older agents is what they read.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkpointMessage } from '../../../../src/core/checkpoint/checkpoint.ts';
import { checkpointReference } from '../../../../src/core/checkpoint/checkpointReference.ts';
import type { ExportedCheckpoints } from '../../../../src/core/checkpoint/exportCheckpoints.ts';
import type { CheckpointImport } from '../../../../src/core/checkpoint/importCheckpoints.ts';
import { importedStory } from '../../../../src/core/checkpoint/importedStory.ts';
import { largestCheckpoint, readOlderCheckpoint } from '../../../../src/core/checkpoint/olderCheckpoint.ts';
import { claimTask } from '../../../../src/core/task/advanceTask.ts';
import { readYaml } from '../../../../src/core/yaml.ts';
import { PersonDesk } from '../../../support/personDesk.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit } from '../../../support/temporaryRepository.ts';
import { person } from '../../../support/temporarySwarm.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const older = (more: object = {}, state: object = {}) => ({
	agent_id: 'Agent-1',
	timestamp: '2025-05-18T10:20:30+00:00Z',
	checkpoint_type: 'pre_operation',
	version: '1.0',
	state: {
		current_task: { id: 'A', status: 'IN_PROGRESS', progress_percentage: 40, context: { step: 'second half' } },
		mailbox: { last_processed_id: 'msg-7', pending_count: 2 },
		operational_context: { goals: ['ship it'], constraints: ['no new library'], decisions: ['use a queue'] },
		memory: { short_term: { last_file: '../../etc/passwd' }, session: ['read the docs'] },
		...state,
	},
	...more,
});
const name = 'Agent-1_20250518102030_pre_operation.checkpoint';

describe('checkpoint files of older generations', () => {
	const read = (text: string, file = name) => readOlderCheckpoint(bytesOf(text), file, readYaml);

	it('are read with all they tell, and what has no place here is named', () => {
		const { checkpoints, problems } = read(JSON.stringify(older()));
		const [only, ...others] = checkpoints;
		assert.deepEqual([problems, others], [[], []]);
		assert.deepEqual(
			[only?.agent_id, only?.at, only?.type, only?.task_id, only?.status],
			['Agent-1', '2025-05-18T10:20:30.000Z', 'pre_operation', 'A', 'IN_PROGRESS'],
		);
		for (const word of ['ship it', 'no new library', 'use a queue', 'step: second half', 'read the docs']) {
			assert.ok(only?.told.includes(word), word);
		}
		assert.deepEqual(only?.dropped, ['the place in the mailbox (last msg-7, 2 waiting)', 'the progress (40 %)']);
	});

	it('are taken as they are meant: placeholders, bare ids, wrappers, comments, a name that says something else', () => {
		const placeholder = read(JSON.stringify(older({ timestamp: '{{NOW}}' })));
		assert.equal(placeholder.checkpoints[0]?.at, '2025-05-18T10:20:30.000Z', 'its name says when');
		assert.equal(read(JSON.stringify(older({}, { current_task: 'B' }))).checkpoints[0]?.task_id, 'B');
		assert.equal(read(JSON.stringify({ checkpoint: older() })).checkpoints.length, 1);
		assert.equal(read(`// kept by hand\n[${JSON.stringify(older())},]`).checkpoints.length, 1);
		const other = read(JSON.stringify(older({ version: '2' })), 'Agent-10_20250518102030_routine.checkpoint');
		assert.equal(other.checkpoints[0]?.agent_id, 'Agent-1', 'Agent-10 is nobody whose name begins with Agent-1');
		assert.match(other.problems.join(' '), /Its name says Agent-10.*Its version is 2/u);
	});

	it('never fail, however they are cut or what stands in them, and tell in bounded length', () => {
		const text = JSON.stringify(older());
		for (let length = 0; length < text.length; length += 7) {
			const { checkpoints, problems } = read(text.slice(0, length));
			assert.ok(checkpoints.length > 0 || problems.length > 0, `cut at ${length}`);
		}
		for (const hostile of [
			'',
			'[]',
			'7',
			'{"state":[]}',
			'{"state":{},"agent_id":{"a":1}}',
			'\0\0\0',
			`${'['.repeat(100_000)}`,
		]) {
			const { checkpoints, problems } = read(hostile, 'no name');
			assert.ok(checkpoints.length === 0 && (problems.length > 0 || hostile === '[]'), hostile.slice(0, 40));
		}
		const long = 'x'.repeat(1_000_000);
		const { checkpoints } = read(
			JSON.stringify(older({}, { memory: { session: long, short_term: { [long]: long } } })),
		);
		assert.ok((checkpoints[0]?.told.length ?? 0) < 20_000);
	});

	describe('in a workspace', () => {
		const folders = useTemporaryFolders();
		let desk: PersonDesk;
		let source: string;
		beforeEach(async () => {
			desk = await PersonDesk.open(folders.make());
			source = folders.make();
			await desk.swarm.add('A', []);
		});
		afterEach(() => desk.close());
		const take = (more: object = {}) =>
			desk.perform<CheckpointImport>('checkpoint.import', { path: source, ...more });
		const put = (file: string, content: string | object) =>
			writeFileSync(join(source, file), typeof content === 'string' ? content : JSON.stringify(content));
		const story = () => desk.swarm.ledger.read((reader) => importedStory(reader, 'A'));

		it('give their newest word to the next attempt, once, and nothing is changed by looking', async () => {
			put('Agent-1_20250518102030_routine.checkpoint', older());
			put(
				'Agent-1_20250519102030_routine.checkpoint',
				older({ timestamp: '2025-05-19T10:20:30Z' }, { memory: { session: 'newest' } }),
			);
			put(
				'Agent-2_20250519102030_routine.checkpoint',
				older({ agent_id: 'Agent-2', timestamp: '2025-05-19T00:00:00Z' }, { current_task: { id: 'gone' } }),
			);
			put('torn.checkpoint', '{"agent_id": "Agent-1", "sta');
			put('huge.checkpoint', ' '.repeat(largestCheckpoint + 1));
			put('notes.txt', 'none of our business');
			symlinkSync('/etc/passwd', join(source, 'link.checkpoint'));
			const before = readdirSync(source).map((file) => [file, readFileSync(join(source, file), 'utf8')]);
			const dry = await take({ dry_run: true });
			assert.deepEqual([dry.taken, await story()], [1, undefined]);
			const { found, unread, taken } = await take();
			assert.equal(taken, 1);
			assert.deepEqual(
				found.map(({ file, is_taken: isTaken }) => [file.slice(0, 12), isTaken]),
				[
					['Agent-1_2025', true],
					['Agent-2_2025', false],
					['Agent-1_2025', false],
				],
			);
			assert.match(found[1]?.remarks.join(' ') ?? '', /There is no task gone here/u);
			assert.match(found[2]?.remarks.join(' ') ?? '', /is a newer one of the same task/u);
			assert.deepEqual(unread.map(({ file }) => file).toSorted(), [
				'huge.checkpoint',
				'link.checkpoint',
				'torn.checkpoint',
			]);
			assert.match((await story())?.told ?? '', /newest/u);
			const again = await take();
			assert.deepEqual([again.taken, again.found[0]?.remarks[0]], [0, 'It was taken over before.']);
			assert.deepEqual(
				readdirSync(source).map((file) => [file, readFileSync(join(source, file), 'utf8')]),
				before,
			);
			await assert.rejects(take({ path: join(source, 'nothing') }), { code: 'import.notFound' });
		});

		it('are written as older agents read them, are read back, and a changed one is not believed', async () => {
			const { swarm } = desk;
			const run = await swarm.ledger.write(person, async (transaction) => {
				const claim = { taskId: 'A', worker: '../Agent_1', driver: 'acp', hostId: 'host-old', now: Date.now() };
				return (await claimTask(transaction, claim)).run;
			});
			const base = runGit(swarm.folder, 'rev-parse', 'HEAD').trim();
			const fixed = {
				...{ task_id: 'A', worker: run.worker, attempt: 1, base, at: '2026-03-01T10:20:30.500Z' },
				...{ session_id: 's', summary: 'Half of it.', pinned: ['mind the gap'], decisions: ['a queue'] },
				...{
					did: ['npm test'],
					plan: '[x] one',
					plan_position: { done: 1, total: 2, current: 'two' },
					usage: '',
				},
				left_out: [],
			};
			for (const number of [1, 2]) {
				const message = checkpointMessage(run.run_id, number, fixed);
				const commit = runGit(swarm.folder, 'commit-tree', `${base}^{tree}`, '-p', base, '-m', message).trim();
				await swarm.git.setReference(checkpointReference(run.run_id, number), commit);
			}
			const to = join(folders.make(), 'out');
			const save = () => desk.perform<ExportedCheckpoints>('checkpoint.export', { run_id: run.run_id, to });
			const { written, remarks } = await save();
			// One second holds both; a name never leads out of the folder.
			assert.deepEqual(
				written.map(({ file }) => basename(file)),
				['..-Agent-1_20260301102030_routine.checkpoint', '..-Agent-1_20260301102031_routine.checkpoint'],
			);
			assert.match(remarks.join(' '), /Files stay in git/u);
			assert.deepEqual(
				(await save()).written.map((each) => each.is_new),
				[false, false],
			);
			const text = readFileSync(written[0]?.file ?? '', 'utf8');
			const record = JSON.parse(text) as ReturnType<typeof older>;
			assert.deepEqual(Object.keys(record).slice(0, 5), [
				'agent_id',
				'timestamp',
				'checkpoint_type',
				'version',
				'state',
			]);
			assert.deepEqual(Object.keys(record.state), ['current_task', 'mailbox', 'operational_context', 'memory']);
			assert.deepEqual(
				[
					record.agent_id,
					record.version,
					record.state.current_task.status,
					record.state.current_task.progress_percentage,
				],
				['../Agent_1', '1.0', 'IN_PROGRESS', 50],
			);
			const back = read(text, basename(written[0]?.file ?? ''));
			assert.deepEqual([back.problems, back.checkpoints[0]?.task_id], [[], 'A']);
			assert.match(back.checkpoints[0]?.told ?? '', /Half of it\.[^]*mind the gap/u);
			const changed = read(text.replace('Half of it', 'All of it'));
			assert.deepEqual([changed.checkpoints, changed.problems.length > 0], [[], true]);
			await assert.rejects(desk.perform('checkpoint.export', { run_id: 'run-none', to }), {
				code: 'run.unknown',
			});
		});
	});
});
