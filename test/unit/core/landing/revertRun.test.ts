// Checks Undo Landed Task: exactly what landed goes, what was changed since stays or is named, and a death in the middle changes nothing.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../../src/base/errors.ts';
import { nullLogger } from '../../../../src/base/log.ts';
import { openWorkspace } from '../../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../../src/workspace/workspaceOptions.ts';
import { listTree } from '../../../support/landingOracle.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit } from '../../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../../support/temporarySwarm.ts';

const ten = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');

describe('Undo Landed Task', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let workspace: OpenWorkspace;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), {
			'a.txt': ten,
			'old.txt': ten.replaceAll('line', 'row'),
			'gone.txt': 'gone\n',
			'run.sh': 'echo\n',
		});
		write('a.txt', ten.replace('line 8', 'mine 8'));
		write('mine.txt', 'never committed\n');
	});
	afterEach(async () => {
		await workspace.close();
		await swarm.dispose();
	});

	const write = (path: string, content: string) => {
		mkdirSync(join(swarm.folder, path, '..'), { recursive: true });
		writeFileSync(join(swarm.folder, path), content);
	};
	const tree = () => {
		const all = listTree(swarm.folder);
		return Object.fromEntries(Object.entries(all).filter(([path]) => !path.startsWith('runtime')));
	};

	/** A task of every kind of change lands; what was there before is returned. */
	async function land() {
		const before = tree();
		await swarm.add('A', [
			"sed -i 's/line 1/agent 1/' a.txt",
			'mkdir sub && mv old.txt sub/new.txt && echo more >> sub/new.txt',
			'rm gone.txt',
			'chmod +x run.sh',
			'echo created > created.txt',
		]);
		await swarm.workUntilIdle();
		await swarm.tell(false);
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal(swarm.shown('a.txt'), ten.replace('line 1', 'agent 1').replace('line 8', 'mine 8'));
		workspace = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		return before;
	}
	const revert = (more: object = {}) => workspace.dream.perform('task.revert', { task_id: 'A', ...more }, person);
	const refused = (words: RegExp) => (error: unknown) => {
		assert.ok(isDreamError(error, 'landing.conflict'), String(error));
		assert.match(error.message, words);
		return true;
	};

	it('brings back exactly what was there, uncommitted work included', async () => {
		const before = await land();
		const answer = (await revert()) as { files: string[]; reverted: boolean };
		assert.equal(answer.reverted, true);
		assert.deepEqual(tree(), before);
		assert.deepEqual(answer.files.toSorted(), ['a.txt', 'created.txt', 'gone.txt', 'old.txt', 'run.sh']);
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.ok((await swarm.events('A')).some(({ type }) => type === 'landing.reverted'));
		assert.equal(runGit(swarm.folder, 'for-each-ref', 'refs/dreamos/'), '', 'nothing is kept any more');
		await assert.rejects(revert(), { code: 'landing.nothing' });
	});

	it('keeps what was changed since, also in the same files', async () => {
		await land();
		write('a.txt', (swarm.shown('a.txt') ?? '').replace('line 5', 'later 5'));
		write('later.txt', 'later\n');
		await revert({ reopen: true });
		assert.equal(swarm.shown('a.txt'), ten.replace('line 5', 'later 5').replace('line 8', 'mine 8'));
		assert.equal(swarm.shown('later.txt'), 'later\n');
		assert.equal(existsSync(join(swarm.folder, 'created.txt')), false);
		assert.equal((await swarm.task('A')).status, 'READY');
	});

	it('says which file and line stand in the way, and then changes nothing', async () => {
		await land();
		write('a.txt', (swarm.shown('a.txt') ?? '').replace('agent 1', 'better 1'));
		write('created.txt', 'created\nand more\n');
		const before = tree();
		await assert.rejects(
			revert(),
			refused(
				/a\.txt was changed on both sides in one place \(line 2\); created\.txt came with the change and was changed since/u,
			),
		);
		assert.deepEqual(tree(), before);
		write('a.txt', (swarm.shown('a.txt') ?? '').replace('better 1', 'agent 1'));
		rmSync(join(swarm.folder, 'created.txt'));
		await revert();
		assert.equal(swarm.shown('a.txt'), ten.replace('line 8', 'mine 8'));
	});

	it('has nothing to take back where nothing landed', async () => {
		await land();
		await swarm.add('B', ['true']);
		await assert.rejects(workspace.dream.perform('task.revert', { task_id: 'B' }, person), {
			code: 'landing.nothing',
		});
		await assert.rejects(workspace.dream.perform('task.revert', { task_id: 'C' }, person), {
			code: 'task.unknown',
		});
	});
});
