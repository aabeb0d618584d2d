// Checks that a task put before another one really comes before it: in the queue, on the board, and among pins.

import assert from 'node:assert/strict';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Dream } from '../../../src/core/dream.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../support/temporaryLedger.ts';

describe('placing a task before another one', () => {
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	let dream: Dream;
	beforeEach(async () => {
		({ ledger, dream } = await openTemporaryLedger(folders.make()));
		for (const [task_id, priority] of [
			['A', 'HIGH'],
			['B', 'MEDIUM'],
			['C', 'MEDIUM'],
			['D', 'LOW'],
		]) {
			await dream.perform('task.create', { task_id, name: `do ${task_id}`, priority }, ann);
		}
	});
	afterEach(() => ledger.dispose());

	const place = (task_id: string, before: string) => dream.perform('task.place', { task_id, before }, ann);
	const ready = async () =>
		(await ledger.read((reader) => reader.tasks({ board: 'task_ready_queue' }))).map(
			({ task }) => `${task.task_id}${task.pinned === null ? '' : '*'} ${task.priority}`,
		);
	const refused = (code: string) => (error: unknown) => {
		assert.equal(isDreamError(error) ? error.code : error, code);
		return true;
	};

	it('makes it as urgent as that one, and puts it there on the board', async () => {
		await place('D', 'B');
		assert.deepEqual(await ready(), ['A HIGH', 'D MEDIUM', 'B MEDIUM', 'C MEDIUM']);
		await place('C', 'A');
		assert.deepEqual(await ready(), ['C HIGH', 'A HIGH', 'D MEDIUM', 'B MEDIUM']);
		await place('C', 'C');
		assert.deepEqual((await ready()).length, 4);
	});

	it('holds however often one is put between two others', async () => {
		for (let round = 0; round < 60; round += 1) {
			const id = round % 2 === 0 ? 'C' : 'D';
			await place(id, 'B');
			const rows = await ready();
			assert.equal(rows.indexOf(`${id} MEDIUM`), rows.indexOf('B MEDIUM') - 1);
		}
		assert.deepEqual(await ready(), ['A HIGH', 'C MEDIUM', 'D MEDIUM', 'B MEDIUM']);
	});

	it('pins it before a pinned one, and lets its pin go before one that is not', async () => {
		await dream.perform('task.pin', { task_id: 'A' }, ann);
		await dream.perform('task.pin', { task_id: 'B' }, ann);
		await place('D', 'B');
		const pins = await ledger.read((reader) => reader.tasks({ isPinned: true }));
		const byPin = pins.toSorted((left, right) => (left.task.pinned ?? 0) - (right.task.pinned ?? 0));
		assert.deepEqual(
			byPin.map(({ task }) => task.task_id),
			['A', 'D', 'B'],
		);
		await place('A', 'C');
		assert.equal((await ledger.read((reader) => reader.task('A')))?.task.pinned, null);
	});

	it('refuses another board, what is over, and agents', async () => {
		await dream.perform('task.create', { task_id: 'Later', name: 'later', shelved: true }, ann);
		await assert.rejects(place('A', 'Later'), refused('task.otherBoard'));
		await dream.perform('task.claim', { task_id: 'C' }, ann);
		await dream.perform('task.start', { task_id: 'C' }, ann);
		await dream.perform('task.complete', { task_id: 'C' }, ann);
		await assert.rejects(place('A', 'C'), refused('task.finished'));
		await assert.rejects(
			dream.perform('task.place', { task_id: 'A', before: 'B' }, { kind: 'agent', id: 'Agent-1' }),
			refused('action.forbidden'),
		);
	});
});
