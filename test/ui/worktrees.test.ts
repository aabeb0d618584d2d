// Owns the worktrees as a person sees them: whose each is, which was made ahead, and getting one back.
import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, leftovers, NOTHING_LEFT, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('the Worktrees view', () => {
	const session = useSession({ prepare: prepareRepository({ 'a.txt': 'a\n' }) });
	const worktrees = () => session.workbench.tree('Worktrees');

	it('shows whose each is and what was made ahead, and gives one back', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await workbench.quickInput.runCommand('Dream.OS: Focus on Worktrees View');
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await writeReadyQueue(folder, [{ task_id: 'W-1', name: 'Work', run: ['sleep 20', 'echo done > done.txt'] }]);
		await worktrees().untilDrawn(/W-1 \[Agent-\d · working · \d+ s · [\d.]+ KB\]/u, PATIENCE);
		await worktrees().untilDrawn(/Made ahead \[pool · .* KB\]/u, PATIENCE);
		await worktrees().contextMenu('Made ahead', 'Reclaim Worktree');
		await workbench.messages.untilToast(/1 worktree removed \([\d.]+ KB\)\./u);
		await workbench.quickInput.runCommand('Dream.OS: Reclaim Worktree');
		await workbench.messages.untilToast(/All are in use\./u);
		await workbench.tree('Tasks').untilDrawn(/Completed \[1\]/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await until('everything to be gone', async () => leftovers(folder).worktrees.length === 0);
		assert.deepEqual(leftovers(folder), NOTHING_LEFT);
	});
});
