// Owns the cases of paths in tool calls and command lines.

import { strict as assert } from 'node:assert';
import { commandPaths } from '../../../../src/drivers/acp/commandPaths.ts';
import type { Foreign } from '../../../../src/drivers/acp/acpRead.ts';
import { namedCommands, namedKinds, namedPaths } from '../../../../src/drivers/acp/toolPaths.ts';

const roots = ['/w-1 (t)/x'];

describe('Paths a tool call names', () => {
	const named = (toolCall: Record<string, unknown>) => namedPaths(toolCall, roots).paths;

	it('are found in locations, diffs, raw input and keys of a patch', () => {
		assert.deepEqual(
			named({
				title: 'Edit /not/looked/at',
				locations: [{ path: '/w/a' }, { line: 3 }, 'nonsense'],
				content: [
					{ type: 'diff', path: '/w/b', newText: '/no/path' },
					{ type: 'content', path: '/no' },
				],
				rawInput: {
					file_path: '/w/c',
					absolutePath: '/w/d',
					notebook_path: '/w/e',
					cwd: '/w/f',
					paths: ['/w/g', '/w/h'],
					nested: { target_file: 'rel/i' },
					changes: { '/w/j': { content: '/no' } },
					content: '/no/path',
					old_string: '// comment',
					url: 'https://example.com/etc',
					uri_path: 'file:///w/k',
				},
			}),
			['/w/a', '/w/b', '/w/c', '/w/d', '/w/e', '/w/f', '/w/g', '/w/h', 'rel/i', '/w/j'],
		);
	});

	it('are found in a command line, given as text, as words, or only as the title', () => {
		assert.deepEqual(named({ rawInput: { command: 'cat /etc/passwd' } }), ['/etc/passwd']);
		assert.deepEqual(named({ rawInput: { command: ['bash', '-lc', 'cat ../x'] } }), ['../x']);
		assert.deepEqual(named({ kind: 'execute', title: 'rm -rf ~/work (clean up)' }), ['~/work']);
		assert.deepEqual(named({ kind: 'edit', title: 'rm -rf ~/work' }), []);
	});

	for (const [command, expected] of [
		['npm test', []],
		['grep -rn "a/b" src && sed s/a/b/ x', []],
		['curl https://example.com/etc/passwd > out.txt', []],
		['curl file:///etc/passwd', ['/etc/passwd']],
		['echo x>/tmp/y', ['/tmp/y']],
		['tool --output=/etc/x,/etc/y', ['/etc/x', '/etc/y']],
		['cat $HOME/.ssh/id', ['~/.ssh/id']],
		['cat "${HOME}/.ssh/id"', ['~/.ssh/id']],
		['cat a/../../b', ['a/../../b']],
		['cd .. && ls', ['..']],
		['cd / ; ls', ['/']],
		['type C:\\Windows\\win.ini', ['C:\\Windows\\win.ini']],
		['/bin/bash -c "make 2>/dev/null"', []],
		['echo $(cat /etc/shadow)', ['/etc/shadow']],
		["cd '/w-1 (t)/x' && /usr/bin/python3 a.py > /w-1 (t)/x/out", []],
		['cat "/w-1 (t)/x-other/secret"', ['/w-1', '/x-other/secret']],
		['cat /w-1 (t)/x/../secret', ['./../secret']],
		['A=1 /usr/local/bin/tool | /bin/cat; rm /usr/bin/python3', ['/usr/bin/python3']],
		['/usr/bin/env bash -c "/bin/ls /etc"', ['/etc']],
	] as const) {
		it(`of the command ${command}: ${expected.join(' ') || 'none'}`, () => {
			assert.deepEqual(commandPaths(command, roots), expected);
		});
	}

	it('are found in what a call says about itself, as kimi asks, but not in prose', () => {
		const content = [
			{ type: 'content', content: { type: 'text', text: 'Requesting approval to Writing /etc/hosts' } },
		];
		assert.deepEqual(named({ title: 'Write', content }), ['/etc/hosts']);
		assert.deepEqual(named({ title: 'The plan', kind: 'switch_mode', content }), []);
	});

	it('are said to be incomplete when there are too many or they lie too deep', () => {
		const many = Array.from({ length: 600 }, (_, index) => `/w/${index}`);
		assert.deepEqual(namedPaths({ rawInput: { paths: many } }, roots).isComplete, false);
		const deep = { a: { b: { c: { d: { e: { path: '/etc' } } } } } };
		assert.deepEqual(namedPaths({ rawInput: deep }, roots).isComplete, false);
		assert.deepEqual(namedPaths({ rawInput: { path: '/w/a' } }, roots).isComplete, true);
	});
});

describe('What a tool call is', () => {
	const cases: readonly (readonly [string, Foreign, readonly string[], readonly string[]])[] = [
		['an edit', { kind: 'edit', rawInput: { path: 'a' } }, ['edit'], []],
		[
			'a command by its raw input',
			{ kind: 'execute', title: 'Run', rawInput: { command: 'ls' } },
			['execute'],
			['ls'],
		],
		[
			'a command as words',
			{ kind: 'execute', rawInput: { command: ['bash', '-lc', 'ls'] } },
			['execute'],
			['bash -lc ls'],
		],
		['a command by its title only', { kind: 'execute', title: '`npm test`' }, ['execute'], ['npm test']],
		['several commands', { kind: 'execute', rawInput: { commands: ['a', 'b'] } }, ['execute'], ['a', 'b']],
		[
			'a command deep in its input',
			{ kind: 'read', rawInput: { call: { cmd: 'rm x' } } },
			['read', 'execute'],
			['rm x'],
		],
		['a lie about a diff', { kind: 'read', content: [{ type: 'diff', path: 'a' }] }, ['read', 'edit'], []],
		['something unknown that runs a command', { kind: 'magic', rawInput: { command: 'ls' } }, ['execute'], ['ls']],
		['something unknown', { kind: 7, title: 'x' }, ['other'], []],
		['nothing at all', {}, ['other'], []],
	];
	for (const [title, call, kinds, commands] of cases) {
		it(`is ${title}`, () => {
			assert.deepEqual(namedKinds(call), kinds);
			assert.deepEqual(namedCommands(call), commands);
		});
	}
});
