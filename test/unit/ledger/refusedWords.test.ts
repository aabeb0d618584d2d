// Checks that what cannot be taken over of a hand edit is kept and told, also when its file is written again at once.

import assert from 'node:assert/strict';
import { editTask } from '../../../src/core/task/editTask.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('refused words', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		mirror = workspace.mirror();
		for (const id of ['A', 'B']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await mirror.flush();
		workspace.later();
	});
	afterEach(() => workspace.close());

	it('keeps a word that cannot be used in the history, and tells of it once the file is written for other reasons', async () => {
		await workspace.ledger.write(ann, (transaction) => editTask(transaction, 'A', { priority: 'HIGH' }));
		await mirror.flush();
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { priority: 'urgentish', due: 'whenever' });
		await mirror.flush();
		const kept = async () =>
			(await workspace.events('A')).flatMap(({ data }) =>
				data?.['code'] === 'task.wrongValue' ? [[data['field'], data['value']]] : [],
			);
		assert.deepEqual(await kept(), [
			['priority', 'urgentish'],
			['due', 'whenever'],
		]);
		assert.equal((await workspace.task('A'))?.task.priority, 'HIGH');
		assert.deepEqual(
			(await mirror.check()).map(({ code }) => code),
			['task.unknownPriority', 'task.badField'],
			'where it stands it is marked, and told once',
		);
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { notes: 'more' });
		await mirror.flush();
		assert.equal((await kept()).length, 2, 'once is enough');
		workspace.later();
		// A new record has the file written again at once, without the word.
		workspace.edit('task_ready_queue', (records) => [
			...records.map((each) => (idOf(each) === 'B' ? { ...each, status: 'FLYING', mine: 1 } : each)),
			{ task_id: 'N', name: 'n' },
		]);
		await mirror.flush();
		const told = (await mirror.check()).filter(({ task_id }) => task_id === 'B');
		assert.equal(workspace.text('task_ready_queue').includes('FLYING'), false);
		assert.deepEqual(
			told.map(({ code, refused }) => [code, refused]),
			[['task.wrongValue', 'FLYING']],
		);
	});

	it('tells no longer of a word that cannot be used once somebody wrote another one there', async () => {
		workspace.editRecord('task_ready_queue', 'A', { status: 'RAEDY', priority: 'urgentish' });
		await mirror.flush();
		const codes = async () => (await mirror.check()).map(({ code }) => code);
		assert.deepEqual((await codes()).sort(), ['task.unknownPriority', 'task.unknownStatus']);
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { status: 'READY' });
		await mirror.flush();
		assert.deepEqual(await codes(), ['task.unknownPriority'], 'one of them is put right, with what the ledger has');
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { priority: 'MEDIUM' });
		await mirror.flush();
		assert.deepEqual(await codes(), []);
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { status: 'RAEDY' });
		await mirror.flush();
		assert.deepEqual(await codes(), ['task.unknownStatus'], 'and told anew when it comes again');
	});
});
