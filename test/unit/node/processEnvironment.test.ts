// Checks that the editor's variables go, the person's stay, and marks of nested runs add up.

import assert from 'node:assert/strict';
import { carriesMark, childEnvironment, markVariable, withoutEditor } from '../../../src/node/processEnvironment.ts';

describe('withoutEditor', () => {
	it("takes the editor's variables out and leaves the person's", () => {
		const clean = withoutEditor({
			PATH: '/usr/bin',
			HOME: '/home/ann',
			ELECTRON_RUN_AS_NODE: '1',
			VSCODE_PID: '4',
			VSCODE_IPC_HOOK: '/run/x.sock',
			GIT_AUTHOR_NAME: 'Ann',
			UNSET: undefined,
		});
		assert.deepEqual(clean, { PATH: '/usr/bin', HOME: '/home/ann', GIT_AUTHOR_NAME: 'Ann' });
	});

	it("removes NODE_OPTIONS and GIT_ASKPASS only where they are the editor's", () => {
		const editors = {
			NODE_OPTIONS: '--require /home/ann/.vscode/extensions/ms-vscode.js-debug/bootloader.js',
			GIT_ASKPASS: '/usr/share/code/resources/app/extensions/git/dist/askpass.sh',
		};
		assert.deepEqual(withoutEditor(editors), {});
		const persons = { NODE_OPTIONS: '--max-old-space-size=8192', GIT_ASKPASS: '/usr/bin/ksshaskpass' };
		assert.deepEqual(withoutEditor(persons), persons);
	});

	it("gives back what the editor's snap package replaced", () => {
		const clean = withoutEditor({
			XDG_DATA_DIRS: '/snap/code/1/usr/share',
			XDG_DATA_DIRS_VSCODE_SNAP_ORIG: '/usr/share',
			GTK_PATH: '/snap/code/1/gtk',
			GTK_PATH_VSCODE_SNAP_ORIG: '',
		});
		assert.deepEqual(clean, { XDG_DATA_DIRS: '/usr/share' });
	});
});

describe('childEnvironment', () => {
	it('adds, removes and marks', () => {
		const environment = childEnvironment({ A: '1', B: '2' }, { B: undefined, C: '3' }, 'token');
		assert.deepEqual(environment, { A: '1', C: '3', [markVariable]: 'token' });
	});

	it('keeps the marks of the runs it runs in, so that the outer one still finds its own', () => {
		const outer = childEnvironment({}, {}, 'outer');
		const inner = childEnvironment(outer, {}, 'inner');
		const shown = Object.entries(inner)
			.map(([name, value]) => `${name}=${value}`)
			.join('\0');
		assert.ok(carriesMark(shown, 'outer') && carriesMark(shown, 'inner'));
		assert.ok(!carriesMark(shown, 'inne') && !carriesMark(`X=${markVariable}=inner`, 'inner'));
	});
});
