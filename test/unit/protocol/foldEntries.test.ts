// Owns the proof of how a run is read: words become messages, updates one card, the latest plan and usage stand alone, and events
// have their place in time.

import { strict as assert } from 'node:assert';
import { foldEntries, joinEntries } from '../../../src/protocol/foldEntries.ts';
import { toEventEntry, toWatchEntry } from '../../../src/protocol/watchEntry.ts';

const entriesOf = (lines: readonly object[]) =>
	lines.map((line, index) => toWatchEntry({ offset: index * 10, text: JSON.stringify(line) }));
const itemsOf = (lines: readonly object[]) => foldEntries(entriesOf(lines)).items;

describe('folding a run', () => {
	it('makes one message of lines that follow each other', () => {
		const items = itemsOf([
			{ kind: 'message', text: 'I read' },
			{ kind: 'message', text: 'the file.' },
			{ kind: 'thought', text: 'hm' },
			{ kind: 'message', text: 'Done.' },
		]);
		assert.deepEqual(
			items.map(({ kind, text }) => [kind, text]),
			[
				['message', 'I read\nthe file.'],
				['thought', 'hm'],
				['message', 'Done.'],
			],
		);
	});

	it('makes one card of a tool call, with its changes and output', () => {
		const diffs = [{ path: 'a.ts', text: '-a\n+b', added: 1, removed: 1, isCut: false }];
		const [card, ...rest] = itemsOf([
			{ kind: 'tool', text: 'Edit', data: { toolCallId: '1', title: 'Edit a', kind: 'edit', status: 'pending' } },
			{ kind: 'output', text: 'one', data: { toolCallId: '1' } },
			{
				kind: 'tool',
				text: 'Edit',
				data: { toolCallId: '1', title: 'Edit a', kind: 'edit', status: 'completed', diffs },
			},
			{ kind: 'output', text: 'two', data: { toolCallId: '1' } },
		]);
		assert.deepEqual(rest, []);
		assert.deepEqual(card?.tool, { title: 'Edit a', toolKind: 'edit', status: 'completed', locations: [], diffs });
		assert.equal(card?.output, 'one\ntwo');
	});

	it('keeps the end of a long output, and says so', () => {
		const [card] = itemsOf(
			Array.from({ length: 40 }, (_, index) => ({ kind: 'output', text: `${index} ${'x'.repeat(900)}` })),
		);
		assert.equal(card?.isOutputCut, true);
		assert.equal(card?.output?.length, 12_000);
		assert.match(card?.output ?? '', /39 x+$/u);
	});

	it('keeps the latest plan and usage only', () => {
		const { items, plan, usage } = foldEntries(
			entriesOf([
				{ kind: 'plan', text: '', data: { entries: [{ content: 'a', status: 'pending' }] } },
				{ kind: 'usage', text: 'Context: 1' },
				{ kind: 'plan', text: '', data: { entries: [{ content: 'a', status: 'completed' }] } },
				{ kind: 'usage', text: 'Context: 2' },
			]),
		);
		assert.deepEqual([items, plan, usage], [[], [{ content: 'a', status: 'completed' }], 'Context: 2']);
	});

	it('puts events where they happened', () => {
		const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
		const lines = entriesOf([
			{ at: at(1), kind: 'message', text: 'a' },
			{ at: at(3), kind: 'message', text: 'b' },
		]);
		const event = toEventEntry({
			sequence: 7,
			at: at(2),
			actor: 'human:ann',
			type: 'question.answered',
			message: 'allowed it',
		});
		assert.ok(event !== undefined);
		assert.deepEqual(
			foldEntries(joinEntries(lines, [event])).items.map(({ text }) => text),
			['a', 'ann: allowed it', 'b'],
		);
	});

	it('makes foreign text harmless, and shows a line that is no JSON', () => {
		assert.equal(itemsOf([{ kind: 'message', text: 'a\u001B[31mb\u202Ec' }])[0]?.text.includes('\u001B'), false);
		assert.equal(foldEntries([toWatchEntry({ offset: 0, text: 'not json' })]).items[0]?.text, 'not json');
	});
});
