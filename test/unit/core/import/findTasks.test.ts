// Checks where tasks and messages are found in every older layout, and that nothing else is taken for one.

import assert from 'node:assert/strict';
import type { JsonValue } from '../../../../src/base/json.ts';
import { findMessages } from '../../../../src/core/import/findMessages.ts';
import { findTasks } from '../../../../src/core/import/findTasks.ts';
import { isMarkdownMessage, readMarkdownMessage } from '../../../../src/core/import/markdownMessage.ts';

const task = { task_id: 'A', status: 'PENDING', name: 'Do it' };

function search(file: string, ...values: JsonValue[]) {
	return findTasks({ file, values, isArchived: file.startsWith('archive/') });
}

describe('tasks', () => {
	const shapes: readonly {
		readonly name: string;
		readonly file: string;
		readonly value: JsonValue;
		/** `pointer id key` and, where one stands, the agent's part. */
		readonly found: readonly string[];
	}[] = [
		{
			name: 'in a list',
			file: 'working_tasks.json',
			value: [task, { ...task, id: 9 }],
			found: ['/0 A task_id', '/1 A task_id'],
		},
		{
			name: 'with a number as id',
			file: 'a.json',
			value: [{ id: 7, status: 'todo', description: 'x' }],
			found: ['/0 7 id'],
		},
		{
			name: 'as a tool call',
			file: 'a.json',
			value: [{ id: 'C', action: 'run', params: {}, status: 'PENDING' }],
			found: ['/0 C id'],
		},
		{ name: 'one in a file', file: 'backlog/A.json', value: task, found: [' A task_id'] },
		{
			name: 'with state instead of status',
			file: 'fsm_data/tasks/1.json',
			value: { task_id: 'F', state: 'queued', title: 'x' },
			found: [' F task_id'],
		},
		{
			name: 'in an object',
			file: 'tasks.json',
			value: { version: 1, tasks: [{ id: 1, description: 'x' }] },
			found: ['/tasks/0 1 id'],
		},
		{
			name: 'in a map by id',
			file: 'runtime/tasks.json',
			value: { 'T/1': { status: 'done' }, 'T~2': { status: 'new' } },
			found: ['/T~11 T/1 (map key)', '/T~02 T~2 (map key)'],
		},
		{
			name: 'on a board by agent',
			file: 'runtime/task_board.json',
			value: {
				cursor_agents: {
					cursor_1: { status: 'IDLE', tasks: { X: { status: 'BLOCKED' } } },
					cursor_2: { current_task: { task_id: 'Y', status: 'COMPLETE' }, task_history: [{ task_id: 'Z' }] },
					cursor_3: { tasks: { completed: ['D', { task_id: 'E', status: 'FAILED' }], failed: [] } },
					cursor_4: { current_task_id: 'nothing else' },
				},
			},
			found: [
				'/cursor_agents/cursor_1/tasks/X X (map key) cursor_1',
				'/cursor_agents/cursor_2/current_task Y task_id cursor_2',
				'/cursor_agents/cursor_2/task_history/0 Z task_id cursor_2',
				'/cursor_agents/cursor_3/tasks/completed/0 D id cursor_3',
				'/cursor_agents/cursor_3/tasks/completed/1 E task_id cursor_3',
			],
		},
		{
			name: 'claimed by agent',
			file: 'agent_mailboxes/working_tasks.json',
			value: { claimed_tasks: { 'Agent-1': [task] } },
			found: ['/claimed_tasks/Agent-1/0 A task_id Agent-1'],
		},
		{
			name: 'of an episode as a map',
			file: 'episodes/1.yaml',
			value: {
				milestones: [{ id: 'M', description: 'no task' }],
				task_board: { 'E-1': { owner: 'Agent 4', points: 3 } },
			},
			found: ['/task_board/E-1 E-1 (map key)'],
		},
		{
			name: 'of an episode as a list',
			file: 'episodes/2.yaml',
			value: { task_board: [task] },
			found: ['/task_board/0 A task_id'],
		},
		{
			name: 'of an episode by agent',
			file: 'episodes/3.yaml',
			value: { agent_assignments: { 'Agent-1': { task_id: 'EP', title: 'x' } } },
			found: ['/agent_assignments/Agent-1 EP task_id'],
		},
		{
			name: 'as directives',
			file: 'ready.json',
			value: { directives: [{ id: 'D', objective: 'x' }] },
			found: ['/directives/0 D id'],
		},
		{
			name: 'as prompts in an inbox',
			file: 'prompts/agent_inboxes/Agent-1/inbox.json',
			value: [{ prompt_id: 'P', id: 'P', type: 'instruction', status: 'Done', content: 'x', owner: 'Agent-1' }],
			found: ['/0 P id'],
		},
		{
			name: 'as contracts',
			file: 'contracts/contracts.json',
			value: [{ contract_id: 'K', status: 'new', title: 'x' }],
			found: ['/0 K contract_id'],
		},
		{
			name: 'as contracts that hold tasks, in a map',
			file: 'contracts/contracts.json',
			value: { K1: { tasks: [{ id: 't1', name: 'x' }, 'just words'] }, K2: { status: 'new' } },
			found: ['/K1 K1 (map key)', '/K1/tasks/0 t1 id', '/K2 K2 (map key)'],
		},
		{
			name: 'as debt without a status, in a file that is named so',
			file: 'runtime/autonomous_tasks.json',
			value: [{ id: 'D-1', title: 'x', severity: 'MAJOR' }],
			found: ['/0 D-1 id'],
		},
		{
			name: 'inside a message that assigns one',
			file: 'inbox/1.json',
			value: { message_id: 'm', sender: 'a', recipient: 'b', type: 'TASK_DEFINITION', body: task },
			found: ['/body A task_id'],
		},
	];
	for (const { name, file, value, found } of shapes) {
		it(`are found ${name}`, () => {
			const { tasks } = search(file, value);
			assert.deepEqual(
				tasks.map(({ pointer, id, idKey, container }) =>
					[pointer, id, idKey, ...(container === undefined ? [] : [container])].join(' '),
				),
				found,
			);
		});
	}

	it('are found in each of several documents', () => {
		assert.deepEqual(
			search('a.json', [task], { tasks: [{ id: 2 }] }).tasks.map(({ pointer }) => pointer),
			['#0/0', '#1/tasks/0'],
		);
	});

	it('get the status of the list they stand in', () => {
		const value = {
			cursor_agents: { cursor_1: { tasks: { completed: ['D', { task_id: 'E', status: 'FAILED' }] } } },
		};
		assert.deepEqual(
			search('b.json', value).tasks.map(({ record }) => record['status']),
			['completed', 'FAILED'],
		);
	});

	const others: readonly { readonly name: string; readonly file: string; readonly value: JsonValue }[] = [
		{
			name: 'a message',
			file: 'a.json',
			value: { message_id: 'm', sender: 'a', recipient: 'b', body: 'x', priority: 'HIGH' },
		},
		{
			name: 'a message that tells of a task',
			file: 'a.json',
			value: { message_id: 'm', sender: 'a', recipient: 'b', message_type: 'INFO', body: task },
		},
		{
			name: 'an entry of a log',
			file: 'a.json',
			value: { event: 'DONE', task_id: 'A', status: 'COMPLETED', summary: 'x' },
		},
		{ name: 'a claim', file: 'claim.json', value: { agent_id: 'Agent-1', claimed_task_id: 'A', status: 'ACTIVE' } },
		{ name: 'a list of leads', file: 'leads.json', value: [{ id: 'u', action: 'captured', match: 'x' }] },
		{
			name: 'a configuration',
			file: 'config.json',
			value: { agents: { 'Agent-1': { x: 1 } }, id: 'c', name: 'n' },
		},
		{ name: 'a number, text and nothing', file: 'a.json', value: [1, 'x', null, [task]] },
	];
	for (const { name, file, value } of others) {
		it(`are not seen in ${name}`, () => {
			assert.deepEqual(search(file, value).tasks, []);
		});
	}

	it('are left alone, with the reason, where an archive holds a copy of what was taken apart already', () => {
		const board = { agents: { Agent1: { tasks: { X: { status: 'BLOCKED' } } } } };
		const { tasks, leftAlone } = search('archive/duplicates/task_board.json', board);
		assert.deepEqual(tasks, []);
		assert.match(leftAlone[0]?.reason ?? '', /archived copy of a board keyed by agent/u);
		assert.equal(search('runtime/task_board.json', board).tasks.length, 1);
	});

	it('are found where a key means something to JavaScript', () => {
		const map = JSON.parse(
			'{"tasks": {"__proto__": {"status": "todo"}, "constructor": {"status": "done"}}}',
		) as JsonValue;
		assert.deepEqual(
			search('a.json', map).tasks.map(({ id }) => id),
			['__proto__', 'constructor'],
		);
	});
});

describe('messages', () => {
	const message = { message_id: 'm', sender: 'Agent-1', recipient: 'ALL', body: 'x' };

	it('are found one to a file, in lists and in a mailbox file', () => {
		const pointers = (value: JsonValue) => findMessages('a.json', [value]).map(({ pointer }) => pointer);
		assert.deepEqual(pointers(message), ['']);
		assert.deepEqual(pointers([message, task, message]), ['/0', '/2']);
		assert.deepEqual(pointers({ version: 1, messages: [message] }), ['/messages/0']);
		assert.deepEqual(pointers({ timestamp_utc_iso: 'x', sender: 'S', target: 'A', payload: {} }), ['']);
	});

	it('know whose mailbox they lie in', () => {
		const [found] = findMessages('runtime/agent_comms/agent_mailboxes/Agent-3/inbox/m.json', [message]);
		assert.equal(found?.owner, 'Agent-3');
	});

	it('are not forms to fill in', () => {
		assert.deepEqual(findMessages('directive_template.json', [message]), []);
	});

	it('are read out of Markdown: head, front matter, the first priority of a list of orders', () => {
		const bold = readMarkdownMessage('# Title\n\n**From:** Agent-1\n**To**: Agent 2\n**Timestamp:** now\n\nText');
		assert.deepEqual([bold['from'], bold['to'], bold['timestamp']], ['Agent-1', 'Agent 2', 'now']);
		const matter = readMarkdownMessage('---\nto: All-Agents\ndate: x # filled in later\n---\nText');
		assert.deepEqual([matter['to'], matter['timestamp']], ['All-Agents', 'x']);
		assert.equal(readMarkdownMessage('Do:\n* **Priority:** CRITICAL\n* **Priority:** LOW')['priority'], 'CRITICAL');
	});

	it('are Markdown only in the folders of mail', () => {
		assert.ok(isMarkdownMessage('runtime/agent_comms/broadcasts/x.md'));
		assert.ok(!isMarkdownMessage('docs/guide.md'));
	});
});
