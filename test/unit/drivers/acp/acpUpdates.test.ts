// Owns the cases of session updates and model choices as agents send them, well-formed or not.

import { strict as assert } from 'node:assert';
import type { DriverUpdate } from '../../../../src/core/driver/driver.ts';
import type { Foreign } from '../../../../src/drivers/acp/acpRead.ts';
import { createToolCalls } from '../../../../src/drivers/acp/acpToolCalls.ts';
import { createUpdates } from '../../../../src/drivers/acp/acpUpdates.ts';
import { createWorktreeFence } from '../../../../src/drivers/worktreeFence.ts';

/** Reads session updates and lists what is told. */
function reader() {
	const told: DriverUpdate[] = [];
	const tell = (update: DriverUpdate) => told.push(update);
	const toolCalls = createToolCalls(createWorktreeFence('/w'), tell);
	const updates = createUpdates(toolCalls, tell);
	const read = (...all: readonly Foreign[]) => {
		all.forEach((update) => updates.read(update));
		updates.flush();
		return told.map(({ kind, text }) => `${kind}: ${text}`);
	};
	return { updates, toolCalls, read, told };
}

const say = (text: string) => ({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const think = (text: string) => ({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } });
const tool = (id: string, fields: object = {}) => ({ sessionUpdate: 'tool_call', toolCallId: id, ...fields });
const more = (id: string, fields: object) => ({ sessionUpdate: 'tool_call_update', toolCallId: id, ...fields });

describe('Session updates', () => {
	it('become readable lines, whatever the pieces they come in', () => {
		const { read } = reader();
		assert.deepEqual(read(...Array.from('I look at it.\n\nThen I fix it.\r\nDone', say)), [
			'message: I look at it.',
			'message: Then I fix it.',
			'message: Done',
		]);
	});

	it('keep thoughts, messages and tool calls apart and in order', () => {
		const { read } = reader();
		assert.deepEqual(read(think('Hm'), think('m.'), say('Now'), tool('1', { title: 'Read' }), say('ok')), [
			'thought: Hmm.',
			'message: Now',
			'tool: Read · pending',
			'message: ok',
		]);
	});

	it('cut a line without end at a space', () => {
		const { read, told } = reader();
		read(say('word '.repeat(2_000)));
		assert.ok(told.length >= 5 && told.every(({ text }) => text.length <= 2_000 && text.endsWith('word')));
	});

	it('name what is no text', () => {
		const image = {
			sessionUpdate: 'agent_message_chunk',
			content: { type: 'image', mimeType: 'image/png', data: 'x' },
		};
		const { read } = reader();
		assert.deepEqual(read(image, say('\n'), { sessionUpdate: 'agent_message_chunk' }), [
			'message: [image image/png]',
		]);
	});

	it('of a tool call are told when something about it is new', () => {
		const { read } = reader();
		const lines = read(
			tool('1', {
				title: 'Edit the file',
				kind: 'edit',
				locations: [{ path: '/w/src/a.ts' }, { path: '/etc/x' }],
			}),
			more('1', { status: 'in_progress' }),
			more('1', { status: 'in_progress' }),
			more('1', {
				status: 'completed',
				content: [{ type: 'content', content: { type: 'text', text: 'all good' } }],
			}),
		);
		assert.deepEqual(lines, [
			'tool: Edit the file · edit · pending · src/a.ts, /etc/x',
			'tool: Edit the file · edit · in progress · src/a.ts, /etc/x',
			'tool: Edit the file · edit · completed · src/a.ts, /etc/x',
			'output: all good',
		]);
	});

	it('of a tool call may come before it, or without it (trap 5)', () => {
		const { read } = reader();
		assert.deepEqual(
			read(more('1', { status: 'completed' }), tool('1', { title: 'Late' }), more('2', { title: 'Lone' })),
			['tool: Tool call 1 · completed', 'tool: Late · completed', 'tool: Lone · pending'],
		);
	});

	it('leave tool calls open, which are closed at the end of the turn (trap 6)', () => {
		const { read, toolCalls } = reader();
		read(tool('1', { title: 'Done', status: 'completed' }), tool('2', { title: 'Open', status: 'in_progress' }));
		assert.equal(toolCalls.hasOpen, true);
		toolCalls.closeOpen();
		assert.deepEqual(read().slice(2), ['tool: Open · unfinished']);
	});

	it('show terminals that nobody created from _meta (trap 7)', () => {
		const { read } = reader();
		const terminal = { content: [{ type: 'terminal', terminalId: 'not-ours' }] };
		assert.deepEqual(
			read(
				tool('1', { title: 'make', ...terminal, _meta: { terminal_info: { terminal_id: 'not-ours' } } }),
				more('1', { _meta: { terminal_output_delta: { terminal_id: 'not-ours', data: 'compiling\n' } } }),
				more('1', { status: 'completed', _meta: { terminal_exit: { exit_code: 0 } } }),
			),
			['tool: make · pending', 'output: compiling\n', 'tool: make · completed'],
		);
	});

	it('show a plan as a list, once', () => {
		const { read } = reader();
		const plan = {
			sessionUpdate: 'plan',
			entries: [
				{ content: 'Read', status: 'completed' },
				{ content: 'Fix', status: 'in_progress' },
				{ content: 'Test' },
			],
		};
		assert.deepEqual(read(plan, plan), ['plan: [x] Read\n[>] Fix\n[ ] Test']);
	});

	it('show use of context and money, and the tokens of the whole turn wherever they are', () => {
		const { read, updates } = reader();
		read({ sessionUpdate: 'usage_update', used: 10, size: 200, cost: { amount: 0.5, currency: 'USD' } });
		updates.readTurnUsage({ stopReason: 'end_turn', usage: { inputTokens: 3, outputTokens: 4, note: 'x' } });
		updates.readTurnUsage({ stopReason: 'end_turn', _meta: { quota: { tokens: 9 } } });
		updates.readTurnUsage({ stopReason: 'end_turn' });
		assert.deepEqual(read(), [
			'usage: Context: 10 of 200 tokens, Cost: 0.5 USD',
			'usage: Used in this turn: inputTokens 3, outputTokens 4',
			'usage: Used in this turn: tokens 9',
		]);
	});

	it('tell the tokens of every turn, also of two that took the same, whatever an agent calls them', () => {
		const { updates, told } = reader();
		const usage = {
			inputTokens: 3,
			outputTokens: 4,
			thoughtTokens: 5,
			cachedReadTokens: 100,
			cachedWriteTokens: 7,
		};
		const answers = [
			{ usage: { ...usage, totalTokens: 119 } },
			{ usage: { ...usage, totalTokens: 119 } },
			// Its thoughts are a part of its output.
			{ usage: { ...usage, totalTokens: 114 } },
			{ _meta: { quota: { token_count: { input_tokens: 8, output_tokens: 2 }, model_usage: [] } } },
			{ usage: { totalTokens: 9 } },
			{ usage: { inputTokens: 'many', outputTokens: -4, note: Number.NaN } },
			{ usage: {} },
		];
		answers.forEach((answer) => updates.readTurnUsage(answer));
		assert.deepEqual(
			told.map(({ data }) => [data?.['input_tokens'], data?.['output_tokens'], data?.['cached_tokens']]),
			[
				[10, 9, 100],
				[10, 9, 100],
				[10, 4, 100],
				[8, 2, 0],
				[9, 0, 0],
				[0, 0, 0],
			],
		);
	});

	it('of unknown kinds are named once, quiet ones not at all, nonsense never throws (§6)', () => {
		const { read } = reader();
		const nonsense = [
			{ sessionUpdate: 'plan', entries: 'x' },
			{ sessionUpdate: 'usage_update' },
			{ sessionUpdate: 'notice' },
		];
		assert.deepEqual(
			read(
				{ sessionUpdate: 'brand_new', a: 1 },
				{ sessionUpdate: 'brand_new', a: 2 },
				{ sessionUpdate: 'available_commands_update', availableCommands: [] },
				{ sessionUpdate: 'tool_call', toolCallId: 7, title: [], locations: 'x', content: {} },
				{},
				...nonsense,
			),
			[
				'note: The agent sent an update of a kind that is not known here: brand_new',
				'tool: Tool call · pending',
				'note: The agent sent an update of a kind that is not known here: an update without a name',
				'note: The agent says: nothing',
			],
		);
	});

	it('never make a mode of an agent a policy of ours (trap 15)', () => {
		const { read } = reader();
		assert.deepEqual(read({ sessionUpdate: 'current_mode_update', currentModeId: 'yolo' }), ['note: Mode: yolo']);
	});

	it('end in a summary: what was said after the last tool call', () => {
		const { read, updates } = reader();
		read(say('I begin.'), tool('1', { title: 'x' }), say('It '), say('works now.\n'));
		assert.equal(updates.lastMessage, 'It works now.');
		assert.equal(updates.hasText, true);
	});

	it('with thoughts alone are silence (trap 13)', () => {
		const { read, updates } = reader();
		read(think('deep'), say(' \n'));
		assert.equal(updates.hasText, false);
	});

	it('forget finished tool calls in the long run', () => {
		const { read, told } = reader();
		for (let id = 0; id < 5_000; id += 1) {
			read(tool(String(id), { title: 'x', status: 'completed' }));
		}
		assert.equal(told.length, 5_000);
		read(more('1', { status: 'completed' }));
		assert.equal(told.at(-1)?.text, 'Tool call 1 · completed');
	});

	it('tell the oldest tool calls of one that ends none as unfinished, and keep no more of them than they may', () => {
		const { read, told, toolCalls } = reader();
		for (let id = 0; id < 2_500; id += 1) {
			read(tool(String(id), { title: `call ${id}`, status: 'pending' }));
		}
		const unfinished = () => told.flatMap(({ text }) => / (\d+) · unfinished$/u.exec(text)?.[1] ?? []);
		assert.deepEqual(
			unfinished(),
			Array.from({ length: 500 }, (_, id) => String(id)),
		);
		assert.equal(toolCalls.hasOpen, true);
		toolCalls.closeOpen();
		assert.equal(unfinished().length, 2_500);
		assert.equal(toolCalls.hasOpen, false);
	});
});
