// Owns a busy workspace: the views follow while changes keep coming, not only when they end.
import { strict as assert } from 'node:assert';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository } from './workspaces.ts';

const CHANGE_EVERY_MILLISECONDS = 60;
const ann: Actor = { kind: 'cli', id: 'ann' };

describe('a busy workspace', () => {
	const session = useSession({ prepare: prepareRepository() });

	it('is followed while changes keep coming', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const other = await openWorkspace({
			folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: 'none',
			follows: 'nothing',
		});
		let changes = 0;
		const timer = setInterval(() => {
			changes += 1;
			void other.dream.perform('task.create', { task_id: `T-${changes}`, name: `Task ${changes}` }, ann);
		}, CHANGE_EVERY_MILLISECONDS);
		try {
			await workbench.tree('Tasks').untilDrawn(/Ready \[\d+\]\n {2}Task 1 \[T-1/u, 5_000);
			const shown = changes;
			await workbench.tree('Tasks').untilDrawn((drawing) => drawing.includes(`Task ${shown + 1} [`), 5_000);
			assert.ok(changes > shown);
		} finally {
			clearInterval(timer);
			await other.close();
		}
	});
});
