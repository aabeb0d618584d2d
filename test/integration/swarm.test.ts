// Owns the proof of the whole way in one window: the swarm is started, a task is worked on in a worktree, its change lands through
// this window, and the log can be read.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, window } from 'vscode';
import type { Run } from '../../src/core/run/run.ts';
import { leaseNames } from '../../src/core/swarmFacts.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('swarm in the editor', () => {
	let api: TestApi;
	let opened: OpenWorkspace;

	before(async () => {
		api = await activateExtension();
		opened = await readyWorkspace(api);
	});
	after(async () => {
		await commands.executeCommand('dreamos.swarm.stop');
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	const until = (what: string, probe: () => boolean) =>
		eventually(what, probe, () => `${api.drawTasks()}\n${api.drawAgents()}`);

	it('says in the ledger that a window is here', async () => {
		const deadline = Date.now() + 10_000;
		let names: string[] = [];
		while (names.length === 0 && Date.now() < deadline) {
			const leases = (await opened.ledger()?.read((reader) => reader.leases(leaseNames.editorPrefix))) ?? [];
			names = leases.filter(({ expires_at }) => expires_at > Date.now()).map(({ name }) => name);
		}
		assert.equal(names.length, 1, String(names));
	});

	it('works on a task and lands its change through this window', async () => {
		await opened.dream.perform(
			'task.create',
			{
				task_id: 'greet',
				name: 'Write a greeting',
				priority: 'CRITICAL',
				run: ['echo hello > greeting.txt'],
				check: ['test -s greeting.txt'],
			},
			person,
		);
		await commands.executeCommand('dreamos.swarm.start');
		await until('the change in the open workspace', () => existsSync(path.join(workspaceFolder(), 'greeting.txt')));
		assert.equal(readFileSync(path.join(workspaceFolder(), 'greeting.txt'), 'utf8'), 'hello\n');
		await until(
			'the task to be completed',
			() => api.workspace()?.model.current.tasks.get('greet')?.task.status === 'COMPLETED',
		);
		const history = (await opened.dream.perform('task.show', { task_id: 'greet' }, person)) as {
			history: { type: string; actor: string }[];
		};
		const landing = history.history.find(({ type }) => type === 'landing.finished');
		assert.match(landing?.actor ?? '', /^system:editor:/u);
	}).timeout(60_000);

	it('shows the log of the run as text', async () => {
		const [run] = (await opened.dream.perform('run.list', { task_id: 'greet' }, person)) as Run[];
		assert.ok(run !== undefined);
		await commands.executeCommand('dreamos.run.log', { runId: run.run_id });
		const text = window.activeTextEditor?.document.getText() ?? '';
		assert.match(text, /^run-[^\n]+ on greet, attempt 1\n/u);
		assert.match(text, /echo hello > greeting\.txt/u);
		assert.match(text, /gate: test -s greeting\.txt → exited 0/u);
	});

	it('shows the change of a run as a comparison', async () => {
		await commands.executeCommand('dreamos.run.review', { taskId: 'greet' });
		await until(
			'the comparison',
			() => window.tabGroups.activeTabGroup.activeTab?.label.startsWith('greet by ') === true,
		);
	});

	it('stops', async () => {
		await commands.executeCommand('dreamos.swarm.stop');
		await until('the swarm to stop', () => api.workspace()?.model.current.swarm.isHostAlive === false);
	});
});
