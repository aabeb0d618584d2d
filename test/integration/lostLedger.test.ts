// Owns the proof that a window goes on with a ledger that was deleted under it: the boards bring it back, and the window is there
// for the swarm again.

import { strict as assert } from 'node:assert';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { leaseNames } from '../../src/core/swarmFacts.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('a ledger that is deleted under an open window', () => {
	it('is rebuilt from the boards, and the window lands changes again', async () => {
		const api = await activateExtension();
		const opened = await readyWorkspace(api);
		await opened.dream.perform('task.create', { task_id: 'LOST-1', name: 'Outlive the ledger' }, person);
		await opened.flushBoards();
		const before = opened.ledger();
		const runtime = path.join(workspaceFolder(), 'runtime');
		for (const name of readdirSync(runtime).filter((each) => each.startsWith('dreamos.db'))) {
			rmSync(path.join(runtime, name));
		}
		await eventually('another ledger', () => opened.ledger() !== undefined && opened.ledger() !== before);
		let windows = 0;
		await eventually('the window to be there for the swarm', () => {
			void opened
				.ledger()
				?.read((reader) => reader.leases())
				.then((leases) => {
					windows = leases.filter(({ name }) => name.startsWith(leaseNames.editorPrefix)).length;
				})
				.catch(() => undefined);
			return windows > 0;
		});
		await eventually('the task', () => api.drawTasks().includes('LOST-1'));
		await opened.dream.perform('task.cancel', { task_id: 'LOST-1' }, person);
		await opened.flushBoards();
		assert.ok(opened.ledger() !== before);
	});
});
