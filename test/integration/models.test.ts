// Owns the proof that a language model of the editor works on a task: a provider of the test's own, through the editor's own API, asked
// by the swarm host through this window.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commands } from 'vscode';
import type { AgentCheck } from '../../src/core/agent/agentCheck.ts';
import type { FoundPreset } from '../../src/core/agent/lookForPresets.ts';
import type { Run } from '../../src/core/run/run.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('a language model of the editor', () => {
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
	const offered = () => api.workspace()?.model.current.swarm.models ?? [];

	it('is offered by this window, and by Add Agent', async () => {
		await until('the model', () => offered().some(({ vendor }) => vendor === 'dreamos-test'));
		const presets = (await opened.dream.perform('agent.presets', {}, person)) as FoundPreset[];
		const editor = presets.find(({ id }) => id === 'editor');
		assert.ok(
			editor?.models?.some(({ model, name }) => model === 'dreamos-test/scripted-1' && name === 'Scripted'),
			JSON.stringify(editor),
		);
	}).timeout(60_000);

	it('passes a check', async () => {
		const input = { preset: 'editor', model: 'dreamos-test/scripted' };
		await opened.dream.perform('agent.add', input, person);
		const found = (await opened.dream.perform(
			'agent.check',
			{ agent_id: 'editor', without_turns: true },
			person,
		)) as AgentCheck;
		assert.equal(found.is_usable, true, JSON.stringify(found));
	}).timeout(60_000);

	it('works on a task with our tools, and its change lands through this window', async () => {
		await opened.dream.perform(
			'task.create',
			{
				task_id: 'model',
				name: 'WRITE model.txt: written by a model',
				priority: 'CRITICAL',
				assigned_agent: 'editor',
			},
			person,
		);
		await commands.executeCommand('dreamos.swarm.start');
		const file = path.join(workspaceFolder(), 'model.txt');
		await until('the change in the open workspace', () => existsSync(file));
		assert.equal(readFileSync(file, 'utf8'), 'written by a model\n');
		await until(
			'the task to be completed',
			() => api.workspace()?.model.current.tasks.get('model')?.task.status === 'COMPLETED',
		);
		const [run] = (await opened.dream.perform('run.list', { task_id: 'model' }, person)) as Run[];
		assert.deepEqual([run?.driver, run?.session?.kind], ['lm', 'lm']);
		const log = readFileSync(path.join(workspaceFolder(), run?.log_file ?? ''), 'utf8');
		assert.match(log, /I use write_file\./u);
		const said = await opened.ledger()?.read((reader) => reader.conversation(run?.session?.session_id ?? ''));
		assert.deepEqual(
			said?.map(({ state, answer }) => [state, answer?.model.vendor]),
			[
				['answered', 'dreamos-test'],
				['answered', 'dreamos-test'],
			],
		);
		assert.match(said?.[0]?.taken_by ?? '', /^editor:window-/u);
	}).timeout(90_000);
});
