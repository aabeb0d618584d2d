// Checks `dreamos boards import` the way a person and a script call it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const cli = join(import.meta.dirname, '../../../src/cli.ts');

describe('dreamos boards import', function () {
	this.timeout(180_000);
	const folders = useTemporaryFolders();

	function dreamos(folder: string, ...words: string[]) {
		const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words, '--workspace', folder], {
			cwd: folder,
			encoding: 'utf8',
		});
		return { status, stdout, stderr };
	}

	function oldBoards(): string {
		const folder = join(folders.make(), 'old');
		mkdirSync(folder);
		writeFileSync(join(folder, 'tasks.json'), '[{"task_id": "A", "name": "a", "status": "todo"}]');
		return folder;
	}

	it('shows a folder that is not set up what it would bring in, and says what to do before it does', () => {
		const [folder, old] = [folders.make(), oldBoards()];
		const shown = dreamos(folder, 'boards', 'import', old, '--dry-run');
		assert.equal(shown.status, 0, shown.stderr);
		assert.match(shown.stdout, /1 task will be created: 1 PENDING\.[^]*Nothing was written\./u);
		const refused = dreamos(folder, 'boards', 'import', old);
		assert.equal(refused.status, 1);
		assert.match(refused.stderr, /Initialize the workspace \(dreamos init\) first/u);
		assert.ok(!existsSync(join(folder, 'runtime')));
	});

	it('writes nothing in a dry run, imports once, and answers a script with the figures', () => {
		const [folder, old] = [folders.make(), oldBoards()];
		assert.equal(dreamos(folder, 'init').status, 0);
		const answer = (...words: string[]) => {
			const { status, stdout, stderr } = dreamos(folder, 'boards', 'import', old, '--json', ...words);
			assert.equal(status, 0, stderr);
			return JSON.parse(stdout) as { tasks: { all: { records: number } }; imported: number; creates: number };
		};
		const ids = () => (JSON.parse(dreamos(folder, 'task', 'list', '--json').stdout) as unknown[]).length;
		const dry = answer('--dry-run');
		assert.deepEqual([dry.imported, dry.creates, dry.tasks.all.records, ids()], [0, 1, 1, 0]);
		assert.deepEqual([answer().imported, ids()], [1, 1]);
		assert.deepEqual([answer('--yes').imported, ids()], [0, 1]);
	});

	it('fails for what is not there, and for a call without a path', () => {
		const folder = folders.make();
		const missing = dreamos(folder, 'boards', 'import', 'nowhere', '--dry-run');
		assert.equal(missing.status, 1);
		assert.match(missing.stderr, /There is no file or folder/u);
		assert.equal(dreamos(folder, 'boards', 'import').status, 2);
	});
});
