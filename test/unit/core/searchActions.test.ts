// Checks Search Tasks through the one door: inputs beside the query, pages, and boards that are not ours.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Dream } from '../../../src/core/dream.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import { boardPath } from '../../../src/core/paths.ts';
import type { SearchPage } from '../../../src/core/search/searchTasks.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';
import { ann, openTemporaryLedger } from '../../support/temporaryLedger.ts';

describe('task.search', () => {
	const folders = useTemporaryFolders();
	const search = async (dream: Dream, input: object) =>
		(await dream.perform('task.search', input, ann)) as SearchPage;
	const idsOf = ({ hits }: SearchPage) => hits.map(({ task_id }) => task_id);

	describe('on our boards', () => {
		let ledger: Ledger;
		let dream: Dream;
		before(async () => {
			({ ledger, dream } = await openTemporaryLedger(folders.make()));
			const create = (input: object) => dream.perform('task.create', input, ann);
			await create({
				task_id: 'A',
				name: 'Mend the roof',
				tags: ['House'],
				priority: 'HIGH',
				task_type: 'repair',
			});
			await create({ task_id: 'B', name: 'Paint the roof', dependencies: ['A'], assigned_agent: 'Agent-3' });
			await create({ task_id: 'C', name: 'Sell the roof' });
		});
		after(() => ledger.dispose());

		it('takes filters beside the query, and both hold', async () => {
			const found = async (input: object) => idsOf(await search(dream, { query: 'roof', ...input }));
			assert.deepEqual(await found({}), ['C', 'B', 'A']);
			assert.deepEqual(await found({ status: 'PENDING' }), ['B']);
			assert.deepEqual(await found({ board: 'task_ready_queue' }), ['C', 'A']);
			assert.deepEqual(await found({ agent: 'agent-3' }), ['B']);
			assert.deepEqual(await found({ tag: 'house' }), ['A']);
			assert.deepEqual(await found({ type: 'repair' }), ['A']);
			assert.deepEqual(await found({ priority: 'HIGH' }), ['A']);
			assert.deepEqual(await found({ priority: 'HIGH', query: 'roof -mend' }), []);
			assert.deepEqual(await found({ since: '1h' }), ['C', 'B', 'A']);
			assert.deepEqual(await found({ until: '2026-01-01' }), []);
			assert.deepEqual(await found({ agent: '' }), [], 'a filter that names nothing lets nothing pass');
		});

		it('gives pages, and says how many there are', async () => {
			const page = await search(dream, { query: 'roof', limit: 1, offset: 1 });
			assert.deepEqual([page.total, idsOf(page)], [3, ['B']]);
			const [hit] = (await search(dream, { query: 'mend' })).hits;
			assert.deepEqual(hit, {
				task_id: 'A',
				name: 'Mend the roof',
				status: 'READY',
				board: 'task_ready_queue',
				where: 'name',
				snippet: 'Mend the roof',
				score: 3,
			});
		});

		it('refuses a time that is none', async () => {
			await assert.rejects(
				search(dream, { since: 'soon' }),
				(error) => isDreamError(error, 'action.badInput') && /since "soon"/u.test(error.message),
			);
		});
	});

	it('looks through boards that are not adopted, and writes nothing there', async () => {
		const folder = folders.make();
		const file = join(folder, boardPath('working_tasks'));
		mkdirSync(dirname(file), { recursive: true });
		const records = [
			{ id: 'V-1', title: 'Old roof', status: 'in progress', theirs: { mood: 'a marmot' } },
			{ id: 'V-2', title: 'Other', details: 'with a roof' },
		];
		writeFileSync(file, JSON.stringify(records));
		const workspace = await openTerminalWorkspace(folder);
		try {
			assert.equal(workspace.state(), 'foreign');
			assert.deepEqual(idsOf(await search(workspace.dream, { query: 'roof' })), ['V-1', 'V-2']);
			const [hit] = (await search(workspace.dream, { query: 'marm' })).hits;
			assert.deepEqual([hit?.task_id, hit?.where, hit?.snippet], ['V-1', 'theirs.mood', 'a marmot']);
			assert.deepEqual(readdirSync(join(folder, 'runtime')), ['agent_comms']);
		} finally {
			await workspace.close();
		}
	});
});
