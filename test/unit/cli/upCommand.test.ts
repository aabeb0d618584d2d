// Checks that `dreamos up` beside a swarm that works already watches it, leaves it to whoever began it, and tells the truth of both.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Actor } from '../../../src/core/actor.ts';
import { readSwarmFact } from '../../../src/core/swarmFacts.ts';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import type { Output } from '../../../src/cli/output.ts';
import { upCommand } from '../../../src/cli/upCommand.ts';
import type { OpenWorkspace, WorkspaceOptions } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit } from '../../support/temporaryRepository.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };
const hostScript = join(import.meta.dirname, '../../../src/host.ts');

describe('dreamos up', () => {
	const folders = useTemporaryFolders();
	let folder: string;
	const opened: OpenWorkspace[] = [];
	const open = async (more: Partial<WorkspaceOptions> = {}) => {
		const workspace = await openTerminalWorkspace(folder, { hostScript, ...more });
		opened.push(workspace);
		return workspace;
	};
	const add = (workspace: OpenWorkspace, id: string) =>
		workspace.dream.perform(
			'task.create',
			{ task_id: id, name: id, run: [`sleep 0.7; echo ${id} > ${id}.txt`] },
			ann,
		);
	const up = async (workspace: OpenWorkspace) => {
		const answers: unknown[] = [];
		const said: string[] = [];
		const say = (line: string) => void said.push(line);
		const output: Output = {
			isJson: false,
			say,
			pass: say,
			warn: say,
			answer: (value) => answers.push(value),
			fail: say,
		};
		const code = await upCommand({ workspace, actor: ann, run: undefined, output }, { untilIdle: true });
		return { code, completed: (answers[0] as { completed: number }).completed, said: said.join('\n') };
	};
	beforeEach(async () => {
		folder = folders.make();
		runGit(folder, 'init', '--quiet', '--initial-branch=main');
		const workspace = await open();
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await add(workspace, 'A');
		await add(workspace, 'B');
	});
	afterEach(async () => {
		const [first] = opened;
		await first?.dream.perform('swarm.stop', {}, ann);
		for (const workspace of opened.splice(0)) {
			await workspace.close();
		}
	});

	it('twice at once ends well for both', async () => {
		const ends = await Promise.all([up(await open()), up(await open())]);
		assert.deepEqual(
			ends.map(({ code, completed }) => [code, completed]),
			[
				[exitCodes.done, 2],
				[exitCodes.done, 2],
			],
			ends.map(({ said }) => said).join('\n\n'),
		);
	});

	it('names the runs, so that one can be followed', async () => {
		const { said } = await up(await open());
		for (const task of ['A', 'B']) {
			const lines = said.split('\n').filter((line) => line.includes(` ${task} claim: READY → CLAIMED`));
			assert.match(lines.join('\n'), /^[^\n]* \[run-[0-9a-z-]+\]$/u);
		}
		const landed = said.split('\n').filter((line) => line.includes('landed'));
		assert.equal(
			landed.every((line) => line.split('run-').length === 2),
			true,
			`once a line: ${landed.join('\n')}`,
		);
	});

	it('beside an editor watches until nothing is left to do, and leaves the swarm to the editor', async () => {
		const editor = await open({ startedFrom: 'editor' });
		await editor.dream.perform('swarm.start', {}, { kind: 'human', id: 'ann' });
		const { code, completed, said } = await up(await open());
		assert.deepEqual([code, completed], [exitCodes.done, 2], said);
		assert.match(said, /^The swarm works already; this watches it until nothing is left to do\./u);
		assert.equal((await editor.swarm.status()).isRunning, true);
		const fact = await editor.ledger()?.read((reader) => readSwarmFact(reader));
		assert.deepEqual([fact?.should_run, fact?.started_from], [true, 'editor']);
	});
});
