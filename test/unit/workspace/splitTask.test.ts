// Checks that a split is only offered until a person accepts it, that the parts take its place in the queue, and that it comes after
// them.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const ann = { kind: 'cli', id: 'ann' } as const;

interface Split {
	readonly reasons: readonly string[];
	readonly parts: readonly { readonly name: string }[];
	readonly obstacle?: string;
	readonly created: readonly string[];
}

describe('Split Task', () => {
	const folders = useTemporaryFolders();
	let window: OpenWorkspace;
	beforeEach(async () => {
		const folder = folders.make();
		window = await openWorkspace({
			folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		await window.dream.perform('workspace.initialize', {}, ann);
		await perform('task.create', { name: 'before', task_id: 'BEFORE' });
		await perform('task.create', {
			name: 'Big one',
			task_id: 'BIG',
			description: Array.from({ length: 8 }, (_, index) => `- [ ] point ${index}`).join('\n'),
			priority: 'HIGH',
			check: ['npm test'],
			touches: ['src/**'],
		});
	});
	afterEach(() => window.close());

	const perform = <Answer>(id: string, input: object, actor: Parameters<typeof window.dream.perform>[2] = ann) =>
		window.dream.perform(id, input, actor) as Promise<Answer>;
	const show = (task_id: string) => perform<Task>('task.show', { task_id });

	it('changes nothing until a person accepts', async () => {
		const offer = await perform<Split>('task.split', { task_id: 'BIG' });
		assert.deepEqual([offer.reasons, offer.parts.length, offer.created], [['it has 8 points'], 3, []]);
		assert.equal((await show('BIG')).status, 'READY');
		assert.match(
			(await perform<{ why: string }>('task.why', { task_id: 'BIG' })).why,
			/ It looks too big \(it has 8 points\); Split Task offers 3 parts\.$/u,
		);
		await assert.rejects(
			perform('task.split', { task_id: 'BIG', accept: true }, { kind: 'agent', id: 'Agent-1' }),
			({ code }: { code?: string }) => code !== undefined,
		);
		assert.equal((await show('BIG')).status, 'READY');
	});

	it('makes parts that inherit what holds for the whole, which waits for them', async () => {
		const { created } = await perform<Split>('task.split', { task_id: 'BIG', accept: true });
		assert.equal(created.length, 3);
		const big = await show('BIG');
		assert.deepEqual([big.status, big.dependencies], ['PENDING', created]);
		for (const id of created) {
			const { status, parent, priority, validation, touches } = await show(id);
			assert.deepEqual(
				{ status, parent, priority, validation, touches },
				{
					status: 'READY',
					parent: 'BIG',
					priority: 'HIGH',
					validation: { commands: ['npm test'] },
					touches: ['src/**'],
				},
			);
		}
		const again = await perform<Split>('task.split', { task_id: 'BIG' });
		assert.equal(again.obstacle, 'it has parts already');
		await assert.rejects(perform('task.split', { task_id: 'BIG', accept: true }), { code: 'task.notSplit' });
		for (const id of created) {
			await perform('task.claim', { task_id: id });
			await perform('task.complete', { task_id: id });
		}
		assert.equal((await show('BIG')).status, 'READY', 'once all parts are done its own turn comes');
	});

	it('puts a failed task back behind its parts, and leaves one alone that somebody works on', async () => {
		await perform('task.claim', { task_id: 'BIG' });
		await assert.rejects(perform('task.split', { task_id: 'BIG', accept: true }), { code: 'task.notSplit' });
		await perform('task.fail', { task_id: 'BIG', reason: 'too much' });
		const { created } = await perform<Split>('task.split', { task_id: 'BIG', accept: true });
		const big = await show('BIG');
		assert.deepEqual([big.status, big.dependencies], ['PENDING', created]);
	});
});
