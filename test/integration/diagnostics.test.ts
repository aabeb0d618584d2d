// Owns the proof that the gate for new problems reads what this editor's own language services say, of files nobody sees, and leaves
// nothing behind.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, languages, window, workspace } from 'vscode';
import type { Run } from '../../src/core/run/run.ts';
import type { GateResult, Task } from '../../src/core/task/task.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

/** Language servers begin, and each of them may keep the gate waiting for its whole patience. */
const patience = 420_000;

describe('new problems of the editor', function () {
	this.timeout(480_000);
	let api: TestApi;
	let opened: OpenWorkspace;

	before(async () => {
		api = await activateExtension();
		opened = await readyWorkspace(api);
		writeFileSync(path.join(workspaceFolder(), 'broken.fault'), 'FAULT old\n');
		await commands.executeCommand('dreamos.swarm.start');
	});
	after(async () => {
		await commands.executeCommand('dreamos.swarm.stop');
		// What comes after counts what is in work.
		await opened.dream.perform('task.cancel', { task_id: 'silent' }, person).catch(() => undefined);
		await opened.flushBoards();
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	const taskOf = (id: string): Task | undefined => api.workspace()?.model.current.tasks.get(id)?.task;

	async function work(
		id: string,
		run: readonly string[],
	): Promise<{ readonly task: Task; readonly gate: GateResult }> {
		const input = {
			task_id: id,
			name: id,
			max_attempts: 1,
			params: { run },
			validation: { diagnostics: true },
		};
		await opened.dream.perform('task.create', input, person);
		const decided = () => ['COMPLETED', 'FAILED', 'REVIEW', 'BLOCKED'].includes(taskOf(id)?.status ?? '');
		await eventually(`${id} to be decided`, decided, () => `${api.drawTasks()}\n${api.drawAgents()}`, patience);
		const [last] = (await opened.dream.perform('run.list', { task_id: id }, person)) as Run[];
		const gate = last?.gates.find(({ kind }) => kind === 'diagnostics');
		const task = taskOf(id);
		assert.ok(gate !== undefined && task !== undefined, `${last?.state}: ${last?.reason}`);
		return { task, gate };
	}

	const inWorktrees = (file: string) => /[\\/]run-[^\\/]+[\\/]/u.test(file);

	it('fails for a new problem, with its place, and says who was asked', async () => {
		const { task, gate } = await work('wrong', [
			"printf 'one\\nFAULT worse\\n' > wrong.fault",
			"printf 'fine\\n' > clean.fault",
			"printf 'words\\n' > beside.txt",
		]);
		assert.equal(task.status, 'FAILED', gate.output);
		assert.match(gate.output, /^wrong\.fault:2: error: worse \(fault-finder\)$/mu);
		assert.match(gate.output, /Read 2 of 3 files; answered by fault-finder\./u);
		assert.match(gate.output, /Nothing in the editor answers for: beside\.txt\./u);
	});

	it('passes over a problem that was there before and moved, and reads clean files as clean', async () => {
		const { task, gate } = await work('moved', [
			"printf '\\n\\nFAULT old\\n' > broken.fault",
			"printf 'fine\\n' > fine.fault",
		]);
		assert.equal(gate.exit_code, 0, gate.output);
		assert.match(gate.output, /Read 2 of 2 files; answered by fault-finder\./u);
		await eventually(
			'it to land',
			() => taskOf('moved')?.status === 'COMPLETED',
			() => task.status,
			patience,
		);
	});

	it('does not call proven what nothing in the editor answers for', async () => {
		const { task, gate } = await work('silent', ["printf 'words\\n' > words.txt"]);
		assert.equal(task.status, 'REVIEW', gate.output);
		assert.match(gate.output, /^Not read: nothing in the editor answers for words\.txt/u);
	});

	it('shows nothing, and leaves no document and no problem behind', async () => {
		const tabs = window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
		assert.deepEqual(
			tabs.filter((label) => /wrong|count|broken|fine|words|probe/u.test(label)),
			[],
		);
		const left = () => [
			...workspace.textDocuments
				.filter(({ fileName, isClosed }) => !isClosed && inWorktrees(fileName))
				.map(String),
			...languages
				.getDiagnostics()
				.filter(([uri, problems]) => inWorktrees(uri.fsPath) && problems.length > 0)
				.map(([uri]) => uri.fsPath),
		];
		await eventually(
			'documents and problems to go',
			() => left().length === 0,
			() => left().join('\n'),
			patience,
		);
	});
});
