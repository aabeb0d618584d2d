// Checks lists in a terminal: from a file and from stdin, to stdout and to a file, with exit codes. Most of it runs in this
// process, on a real workspace; the program itself is run where its words, stdin and stdout matter.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { exportListCommand, importListCommand } from '../../../src/cli/listCommands.ts';
import type { Output } from '../../../src/cli/output.ts';
import type { CommandContext } from '../../../src/cli/runCli.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };

describe('lists in a terminal', function () {
	const folders = useTemporaryFolders();
	let folder: string;
	let workspace: OpenWorkspace;
	let said: string[];
	let context: CommandContext;
	beforeEach(async () => {
		folder = folders.make();
		workspace = await openTerminalWorkspace(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		said = [];
		const hear = (line: string) => void said.push(line);
		const output: Output = {
			isJson: false,
			say: hear,
			pass: hear,
			warn: hear,
			answer: () => undefined,
			fail: () => undefined,
		};
		context = { workspace, actor: ann, output };
	});
	afterEach(() => workspace.close());

	const file = (name: string, content: string | Uint8Array) => {
		const path = join(folder, name);
		writeFileSync(path, content);
		return path;
	};
	const refusal = (code: string, words: RegExp) => (error: unknown) => {
		assert.ok(isDreamError(error), String(error));
		assert.equal(error.code, code);
		assert.match(error.fullMessage, words);
		return true;
	};
	const count = async () => (await workspace.ledger()?.read((reader) => reader.tasks()))?.length;

	it('creates tasks from a file, tells faults by line, and does nothing on a dry run', async () => {
		const list = file('list.md', '- [ ] first id:A\n- [ ] second after:first\n');
		assert.equal(await importListCommand(context, list, { dryRun: true }), exitCodes.done);
		assert.match(said.at(-1) ?? '', /^2 tasks would be created\.$/u);
		assert.equal(await count(), 0);
		assert.equal(await importListCommand(context, list, {}), exitCodes.done);
		assert.deepEqual([await count(), said.at(-1)], [2, '2 tasks created.']);
		assert.equal(await importListCommand(context, list, {}), exitCodes.done);
		assert.ok(said.includes('skipped: line 1, A: it is there already'));
		const bad = file('bad.csv', 'name,dependencies\nok,\nbad,nowhere\n');
		await assert.rejects(
			importListCommand(context, bad, {}),
			refusal('task.importRefused', /line 3, dependencies: There is no task nowhere/u),
		);
		assert.equal(await importListCommand(context, bad, { dryRun: true }), exitCodes.attention);
		assert.equal(await importListCommand(context, bad, { asIs: true }), exitCodes.done);
		await assert.rejects(
			importListCommand(context, join(folder, 'missing.csv'), {}),
			refusal('file.notFound', /missing/u),
		);
		const utf16 = file('utf16.csv', Buffer.from('\uFEFFname\nx\n', 'utf16le'));
		await assert.rejects(importListCommand(context, utf16, {}), refusal('list.encoding', /UTF-8/u));
	});

	it('writes to stdout or a file, which it does not overwrite unasked', async () => {
		await importListCommand(context, file('list.md', '- [ ] first id:A\n- [x] done id:B\n'), {});
		await exportListCommand(context, { format: 'markdown', board: 'completed_tasks' });
		assert.match(said.at(-1) ?? '', /^- \[x\] done id:B$/mu);
		assert.doesNotMatch(said.at(-1) ?? '', /first/u);
		const output = join(folder, 'tasks.json');
		const written = () => JSON.parse(readFileSync(output, 'utf8')) as { status: string }[];
		assert.equal(await exportListCommand(context, { output, task: ['A'] }), exitCodes.done);
		assert.equal(written().length, 1);
		await assert.rejects(
			exportListCommand(context, { output }),
			refusal('file.exists', /not overwritten.*--force/u),
		);
		assert.equal(written().length, 1);
		await exportListCommand(context, { output, force: true, format: 'legacy' });
		assert.deepEqual(
			written().map(({ status }) => status),
			['PENDING', 'COMPLETED'],
		);
		assert.equal(await exportListCommand(context, { task: ['nowhere'] }), exitCodes.attention);
		assert.match(said.at(-1) ?? '', /no task nowhere/u);
	});

	it('is a command that reads stdin and writes stdout', function () {
		this.timeout(120_000);
		const run = (words: readonly string[], input = '') =>
			spawnSync(
				process.execPath,
				[join(import.meta.dirname, '../../../src/cli.ts'), ...words, '--workspace', folder],
				{
					input,
					encoding: 'utf8',
					env: { ...process.env, NODE_OPTIONS: undefined },
				},
			);
		const taken = run(['task', 'import', '-', '--format', 'csv'], 'name\n=1+1\n');
		assert.equal(taken.status, exitCodes.done, taken.stderr);
		const shown = run(['boards', 'export', '--format', 'csv']);
		assert.match(shown.stdout, /^[^\n]*\nTASK-\w+,'=1\+1,/u);
	});
});
