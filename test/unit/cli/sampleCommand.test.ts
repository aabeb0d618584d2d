// Owns the proof that the sample can be made, and refuses where it would touch anything. That its tasks can be done is shown by
// `npm start -- --headless` and by the first run in the editor.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const cli = join(import.meta.dirname, '../../../src/cli.ts');

describe('dreamos sample', function () {
	this.timeout(180_000);
	const folders = useTemporaryFolders();

	function dreamos(folder: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
		return spawnSync(process.execPath, [cli, ...words, '--workspace', folder], { encoding: 'utf8', env });
	}
	const git = (folder: string, ...words: string[]) =>
		execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();

	it('makes a repository with one commit, and six tasks of which three can begin', () => {
		const folder = folders.make();
		const { status, stdout, stderr } = dreamos(folder, ['sample', '--json']);
		assert.equal(status, 0, stderr);
		const { tasks } = JSON.parse(stdout) as { tasks: string[] };
		assert.equal(tasks.length, 6);
		assert.equal(git(folder, 'rev-list', '--count', 'HEAD'), '1');
		assert.equal(git(folder, 'show', '--name-only', '--format=', 'HEAD').includes('runtime'), false);
		const listed = JSON.parse(dreamos(folder, ['task', 'list', '--json']).stdout) as { status: string }[];
		assert.deepEqual(
			['READY', 'PENDING'].map((each) => listed.filter(({ status: found }) => found === each).length),
			[3, 3],
		);
	});

	it('makes the folder where there is none', () => {
		const folder = join(folders.make(), 'new', 'sample');
		const { status, stderr } = dreamos(folder, ['sample', '--json']);
		assert.equal(status, 0, stderr);
		assert.equal(git(folder, 'rev-list', '--count', 'HEAD'), '1');
		// Every other command takes a folder that is not there for a mistake.
		const other = dreamos(join(folder, 'none'), ['task', 'list']);
		assert.equal(other.status, 1);
		assert.match(other.stderr, /is not a folder/u);
		assert.equal(existsSync(join(folder, 'none')), false);
	});

	it('touches nothing in a folder that is not empty', () => {
		const folder = folders.make();
		writeFileSync(join(folder, 'mine.txt'), 'mine');
		const { status, stderr } = dreamos(folder, ['sample']);
		assert.equal(status, 1);
		assert.match(stderr, /is not empty, and nothing in it is touched\. Name an empty folder/u);
		assert.deepEqual(readdirSync(folder), ['mine.txt']);
	});

	it('says so where the tasks could not run, and leaves the folder empty', () => {
		const folder = folders.make();
		const programs = join(folders.make(), 'bin');
		mkdirSync(programs);
		const gitPath = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
		symlinkSync(gitPath, join(programs, 'git'));
		const { status, stderr } = dreamos(folder, ['sample'], { HOME: dirname(programs), PATH: programs });
		assert.equal(status, 1);
		assert.match(stderr, /run with Node\.js, and there is none on the PATH\. Install Node\.js/u);
		assert.deepEqual(readdirSync(folder), []);
	});
});
