// Checks the checkpoints of agents at work through a whole swarm: what is in them and what is not, going back to one, and that one
// which cannot be made stops nothing.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../../src/core/checkpoint/checkpoint.ts';
import { readCheckpoints } from '../../../src/core/checkpoint/checkpoint.ts';
import { checkpointPrefix } from '../../../src/core/checkpoint/checkpointReference.ts';
import { restoreCheckpoint } from '../../../src/core/checkpoint/restoreCheckpoint.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { createGit } from '../../../src/node/git.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('checkpoints of a run', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let file: string;
	const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
	beforeEach(async () => {
		file = join(folders.make(), 'script.json');
		const agent = buildAgent('Tester', { driver: 'acp', command: [...(scripted({}).command ?? []), file] });
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n', '.gitignore': '.env\ncache/\n' },
			{ agents: [agent] },
		);
	});
	afterEach(() => swarm.dispose());
	const git = () => createGit({ workspaceFolder: swarm.folder });
	const list = async (): Promise<Checkpoint[]> => readCheckpoints(await git().readReferences(checkpointPrefix));
	const firstTurn: Script = {
		turn: [
			{ do: 'write', path: 'half.txt', content: 'half\n' },
			// With this, git would take what was copied for a change.
			{ do: 'write', path: '.gitignore', content: 'cache/built.txt\n' },
			{ do: 'write', path: 'cache/built.txt', content: 'built\n' },
			{
				do: 'plan',
				entries: [
					{ content: 'first half', status: 'completed' },
					{ content: 'second half', status: 'pending' },
				],
			},
			{ do: 'tool', id: 't1', title: 'Write half.txt', kind: 'edit', status: 'completed' },
			{ do: 'say', text: 'Half of it is there.\n' },
		],
	};

	it('hold the files and the story of a turn, never what set-up copied, and the next attempt can begin with one', async () => {
		writeFiles(swarm.folder, { '.env': 'secret\n', 'cache/.env': 'secret\n' });
		swarm.settings = { ...swarm.settings, 'worktrees.copy': ['.env', 'cache/.env'] };
		follow(firstTurn);
		await swarm.add('A', [], { params: {}, max_attempts: 1, validation: { commands: ['cat half.txt rest.txt'] } });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'FAILED');
		const [checkpoint, ...others] = await list();
		assert.ok(checkpoint !== undefined);
		assert.deepEqual(others, []);
		const [run] = await swarm.runs('A');
		const { story } = checkpoint;
		assert.deepEqual(
			[story?.task_id, story?.worker, story?.base, story?.session_id],
			['A', 'Tester', run?.base_commit, run?.session?.session_id],
		);
		assert.match(story?.summary ?? '', /Half of it is there\./u);
		assert.deepEqual(story?.plan_position, { done: 1, total: 2, current: 'second half' });
		assert.match(story.did.join('\n'), /Write half\.txt/u);
		const held = runGit(swarm.folder, 'ls-tree', '-r', '--name-only', checkpoint.commit).trim().split('\n');
		assert.ok(held.includes('half.txt'));
		assert.deepEqual(
			held.filter((path) => path.includes('.env')),
			[],
		);
		assert.ok((await git().sizeOfCommits([checkpoint.commit])) > 0);

		const parts = { git: git(), ledger: swarm.ledger, actor: person };
		const preview = await restoreCheckpoint(parts, checkpoint.id, true);
		assert.deepEqual([preview.is_done, preview.files.includes('half.txt')], [false, true]);
		assert.equal((await list()).length, 1);
		const done = await restoreCheckpoint(parts, checkpoint.id, false);
		assert.deepEqual(
			(await list()).map(({ id }) => id),
			[checkpoint.id, ...(done.set_aside === null ? [] : [done.set_aside])],
		);
		// Set-up refuses to copy what git would take for a change.
		swarm.settings = { ...swarm.settings, 'worktrees.copy': [] };
		follow({
			turn: [
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				// Only there when what git ignores came back, too.
				{ do: 'waitForFile', path: 'cache/built.txt' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'retry', reason: 'go on from the checkpoint' }),
		);
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.equal(task.status, 'COMPLETED', task.block_reason?.text);
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('rest.txt')], ['half\n', 'rest\n']);
		await assert.rejects(restoreCheckpoint(parts, checkpoint.id, false), { code: 'checkpoint.unknown' });
	});

	it('are missing where git cannot keep them, which is told, and the run goes on', async () => {
		// A reference of this name leaves no room for any below it.
		runGit(swarm.folder, 'update-ref', 'refs/dreamos/checkpoints', 'HEAD');
		follow({
			turn: [
				{ do: 'write', path: 'b.txt', content: 'b\n' },
				{ do: 'say', text: 'Done.' },
			],
		});
		await swarm.add('A', [], { params: {} });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		const [told] = await swarm.ledger.read((reader) => reader.events({ types: ['checkpoint.failed'] }));
		assert.equal(told?.task_id, 'A');
		assert.match(told?.message ?? '', /^No checkpoint of .+ The run goes on\.$/u);
	});
});
