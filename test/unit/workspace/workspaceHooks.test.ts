// Checks hooks through the assembly every program opens a folder with: guards bind a terminal without a host, faults are told by
// Check Boards and by the doctor, and a hook that makes guarded moves itself does not go on for ever.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import type { BoardProblem } from '../../../src/core/board/boardProblem.ts';
import type { Finding } from '../../../src/core/actions/workspaceDoor.ts';
import type { Actor } from '../../../src/core/actor.ts';
import { hookVariable } from '../../../src/core/hooks/runHook.ts';
import { runtimePaths } from '../../../src/core/paths.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };

describe('hooks of a workspace', () => {
	const folders = useTemporaryFolders();
	let folder: string;
	let workspace: OpenWorkspace;
	beforeEach(async () => {
		folder = folders.make();
		workspace = await openTerminalWorkspace(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await workspace.dream.perform('task.create', { task_id: 'A', name: 'do A' }, ann);
	});
	afterEach(async () => {
		delete process.env[hookVariable];
		await workspace.close();
	});
	const hook = (text: string) => writeFileSync(join(folder, runtimePaths.hooks), text);
	const claim = () => workspace.dream.perform('task.claim', { task_id: 'A' }, ann);
	const refused = (words: RegExp) => (error: unknown) => {
		assert.ok(isDreamError(error, 'task.guardRefused'), String(error));
		assert.match(error.message, words);
		return true;
	};

	it('guards moves made in a terminal, where no host is', async () => {
		hook('[{ "on": "task.claim", "command": "echo not today; exit 1", "guard": true }]');
		await assert.rejects(claim(), refused(/not today/u));
		process.env[hookVariable] = '1';
		hook('[{ "on": "task.claim", "command": "true", "guard": true }]');
		await assert.rejects(claim(), refused(/started by a hook/u));
		delete process.env[hookVariable];
		await claim();
	});

	it('are examined: what cannot be read and what is not installed is told, each on its line', async () => {
		const look = async () => {
			const { problems } = (await workspace.dream.perform('boards.check', {}, ann)) as {
				problems: BoardProblem[];
			};
			const { findings } = (await workspace.dream.perform('workspace.examine', {}, ann)) as {
				findings: Finding[];
			};
			return {
				told: problems.map(({ code, file, line }) => [code, file, line]),
				doctor: findings.find(({ subject }) => subject === 'hooks'),
				boards: findings.find(({ subject }) => subject === 'boards')?.ok,
			};
		};
		assert.deepEqual(await look(), { told: [], doctor: undefined, boards: true });
		hook(
			'[\n{ "on": "task.nothing", "command": "true" },\n{ "on": "task.failed", "command": "no-such-program-here" }\n]',
		);
		const { told, doctor, boards } = await look();
		assert.deepEqual(told, [
			['hooks.badHook', runtimePaths.hooks, 2],
			['hooks.programMissing', runtimePaths.hooks, 3],
		]);
		assert.deepEqual([doctor?.ok, boards], [false, true]);
		hook('[{ "on": "task.failed", "command": "true" }]');
		assert.deepEqual((await look()).doctor, { subject: 'hooks', ok: true, message: '1 hook, 0 guards' });
		hook('[{');
		assert.deepEqual((await look()).told, [['board.unreadable', runtimePaths.hooks, 1]]);
	});
});
