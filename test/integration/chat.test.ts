// Owns the proof that the editor's models can call our tools through the editor's own API, and that `@dreamos` answers in words that
// nothing on a board can turn into Markdown.

import { strict as assert } from 'node:assert';
import { extensions, lm, MarkdownString } from 'vscode';
import type { Task } from '../../src/core/task/task.ts';
import type { ChatQuestion } from '../../src/editor/chat/chatParticipant.ts';
import { chatParticipantId, chatToolActions } from '../../src/editor/manifest.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, readyWorkspace } from '../support/extensionUnderTest.ts';

describe('the chat of the editor', () => {
	let api: TestApi;
	let opened: OpenWorkspace;
	const person = { kind: 'human', id: 'tester' } as const;

	before(async () => {
		api = await activateExtension();
		opened = await readyWorkspace(api);
		await opened.dream.perform(
			'task.create',
			{ task_id: 'chat', name: 'Talk <img src=x> [a](command:evil)' },
			person,
		);
	});

	it('has our tools, and a call reads the board', async function () {
		const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith('dreamos_'));
		assert.deepEqual(names.toSorted(), Object.keys(chatToolActions).toSorted());
		const call = (name: string, input: object) => lm.invokeTool(name, { input, toolInvocationToken: undefined });
		const { content } = await call('dreamos_show_task', { task_id: 'chat' });
		assert.match(JSON.stringify(content), /Talk <img src=x>/u);
		await assert.rejects(Promise.resolve(call('dreamos_show_task', { task_id: 'nobody' })), /nobody/u);
	});

	it('knows the participant', () => {
		const manifest = extensions.getExtension('dreamos.dreamos')?.packageJSON as {
			contributes: { chatParticipants: { id: string }[] };
		};
		assert.deepEqual(
			manifest.contributes.chatParticipants.map(({ id }) => id),
			[chatParticipantId],
		);
	});

	async function ask(question: ChatQuestion) {
		const said: string[] = [];
		const buttons: string[] = [];
		await api.answerChat(question, {
			markdown(text) {
				assert.ok(text instanceof MarkdownString && text.isTrusted !== true && text.supportHtml !== true);
				said.push(text.value.replaceAll('&nbsp;', ' '));
			},
			button: ({ command }) => void buttons.push(command),
		});
		return { text: said.join(''), buttons };
	}

	it('tells what is on the boards, finds, and explains', async () => {
		const board = await ask({ prompt: '' });
		assert.match(board.text, /READY/u);
		assert.ok(board.buttons.includes('dreamos.dashboard.open'));
		const found = await ask({ prompt: 'Talk' });
		assert.match(found.text, /1 task found/u);
		const why = await ask({ command: 'why', prompt: 'chat' });
		assert.match(why.text, /chat|agent|swarm/iu);
		assert.match((await ask({ command: 'why', prompt: 'nobody' })).text, /nobody/u);
	});

	it('writes a task down, in the name of the person', async () => {
		const { text, buttons } = await ask({ command: 'create', prompt: 'Say hello !high #chat' });
		assert.match(text, /is READY: Say hello/u);
		assert.deepEqual(buttons, ['dreamos.task.openInBoard']);
		const tasks = (await opened.dream.perform('task.list', {}, person)) as Task[];
		const task = tasks.find(({ name }) => name === 'Say hello');
		assert.deepEqual([task?.priority, task?.tags], ['HIGH', ['chat']]);
	});

	it('shows text of tasks as text', async () => {
		const { text } = await ask({ prompt: 'Talk' });
		assert.match(text, /Talk/u);
		assert.doesNotMatch(text, /[^\\]\[a|[^\\]\]|[^\\]\(command/u);
	});
});
