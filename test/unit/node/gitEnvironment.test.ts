// Checks what git inherits: nothing that points elsewhere, asks or waits.

import assert from 'node:assert/strict';
import { gitEnvironment } from '../../../src/node/gitEnvironment.ts';

describe('gitEnvironment', () => {
	it("keeps where the person's configuration is, and nothing that points elsewhere or waits for somebody", () => {
		const environment = gitEnvironment({
			PATH: '/usr/bin',
			HOME: '/home/ann',
			EDITOR: 'vim',
			PAGER: 'less',
			SSH_ASKPASS: '/usr/bin/ksshaskpass',
			GIT_ASKPASS: '/usr/bin/ksshaskpass',
			GIT_CONFIG_GLOBAL: '/home/ann/gitconfig',
			GIT_DIR: '/elsewhere',
			GIT_WORK_TREE: '/elsewhere',
			GIT_INDEX_FILE: '/elsewhere',
			GIT_CONFIG_COUNT: '1',
			GIT_CONFIG_KEY_0: 'core.hooksPath',
			GIT_CONFIG_VALUE_0: '/hooks',
			LANGUAGE: 'de',
			VSCODE_GIT_IPC_HANDLE: '/run/x',
		});
		const inherited = Object.entries(environment).filter(
			([name]) => !/^(?:GIT_CONFIG_(?:KEY|VALUE|COUNT)|L)/u.test(name),
		);
		assert.deepEqual(Object.fromEntries(inherited), {
			PATH: '/usr/bin',
			HOME: '/home/ann',
			GIT_CONFIG_GLOBAL: '/home/ann/gitconfig',
			GIT_OPTIONAL_LOCKS: '0',
			GIT_TERMINAL_PROMPT: '0',
		});
		assert.equal(environment['GIT_CONFIG_KEY_0'], 'core.hooksPath');
		assert.equal(environment['GIT_CONFIG_VALUE_0'], '/dev/null');
		assert.equal(environment['LANGUAGE'], 'en');
	});

	it('counts its settings, and lets one command add its own', () => {
		const environment = gitEnvironment({}, { GIT_INDEX_FILE: '/tmp/index' });
		const keys = Object.keys(environment).filter((name) => name.startsWith('GIT_CONFIG_KEY_'));
		assert.equal(environment['GIT_CONFIG_COUNT'], String(keys.length));
		assert.equal(environment['GIT_INDEX_FILE'], '/tmp/index');
	});
});
