// Checks how what git says becomes a typed error.

import assert from 'node:assert/strict';
import { gitError } from '../../../src/node/gitErrors.ts';

const errorOf = (errorOutput: string, exitCode = 128) =>
	gitError({ command: 'add --all', folder: '/repo', exitCode, errorOutput });

describe('gitError', () => {
	it('reads what git says', () => {
		const sayings: Record<string, string> = {
			'Error: spawn git ENOENT\n    at ChildProcess': 'git.missing',
			'xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)': 'git.missing',
			'fatal: not a git repository (or any of the parent directories): .git': 'git.notARepository',
			'fatal: this operation must be run in a work tree': 'git.notARepository',
			"fatal: detected dubious ownership in repository at '/repo'": 'git.notTrusted',
			"fatal: Unable to create '/repo/.git/index.lock': File exists.\n\nAnother git process": 'git.locked',
			"fatal: cannot lock ref 'refs/x': Unable to create '/repo/.git/refs/x.lock': File exists.": 'git.locked',
			'error: unable to write file a: No space left on device': 'file.full',
			'error: insufficient permission for adding an object to repository database .git/objects': 'file.readOnly',
			'fatal: bad object 1234': 'git.unknownCommit',
			'something nobody thought of': 'git.failed',
			'': 'git.failed',
		};
		for (const [saying, code] of Object.entries(sayings)) {
			assert.equal(errorOf(saying).code, code, saying);
		}
	});

	it('names the file of a lock and how to go on', () => {
		const error = errorOf("fatal: Unable to create '/repo/.git/index.lock': File exists.");
		assert.equal(error.details['file'], '/repo/.git/index.lock');
		assert.match(error.fullMessage, /index\.lock.*remove that file/u);
	});

	it('shows the line that matters and keeps the rest in the details, cut', () => {
		const error = errorOf(`warning: first\nfatal: the reason\n${'noise\n'.repeat(10_000)}`);
		assert.equal(error.message, 'git add --all failed: the reason');
		assert.ok(String(error.details['errorOutput']).length < 3_000);
		assert.equal(errorOf('', 3).message, 'git add --all failed: exit code 3');
		assert.equal(errorOf('', -1).message, 'git add --all failed: it was ended from outside');
	});
});
