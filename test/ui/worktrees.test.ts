// Owns the worktrees as a person sees them: whose each is, which was made ahead, which is nobody's, where one lies, and getting one back.
import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runGit } from '../support/temporaryRepository.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, leftovers, NOTHING_LEFT, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('the Worktrees view', () => {
	const session = useSession({ prepare: prepareRepository({ 'a.txt': 'a\n' }) });
	const folders = useTemporaryFolders();
	const worktrees = () => session.workbench.tree('Worktrees');

	it('shows whose each is and what was made ahead, and gives one back', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const goOn = join(folders.make(), 'go-on');
		await workbench.quickInput.runCommand('Dream.OS: Focus on Worktrees View');
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await writeReadyQueue(folder, [
			{
				task_id: 'W-1',
				name: 'Work',
				run: [`until test -e ${goOn}; do sleep 0.2; done`, 'echo done > done.txt'],
			},
		]);
		await worktrees().untilDrawn(/W-1 \[Agent-\d · working · \d+ s · [\d.]+ KB\]/u, PATIENCE);
		await worktrees().untilDrawn(/Made ahead \[pool · .* KB\]/u, PATIENCE);
		await worktrees().contextMenu('Made ahead', 'Reclaim Worktree');
		await workbench.messages.untilToast(/1 worktree removed \([\d.]+ KB\)\./u);
		await workbench.quickInput.runCommand('Dream.OS: Reclaim Worktree');
		await workbench.messages.untilToast(/All are in use\./u);

		await workbench.quickInput.runCommand('Dream.OS: Reveal Worktree in File Manager');
		await workbench.quickInput.pick('W-1');
		const [used = ''] = leftovers(folder).worktrees.map((line) => line.replace('worktree ', ''));
		const { buttons } = await workbench.messages.untilToast(`W-1 lies at ${used}`);
		assert.deepEqual(buttons, ['Copy Path', 'Open Worktree']);

		const lost = join(dirname(used), 'run-20200101lost');
		runGit(folder, 'worktree', 'add', '--detach', lost);
		await worktrees().untilDrawn(/run-20200101lost \[.*abandoned/u, PATIENCE);
		await workbench.screenshot('worktree-abandoned');
		await workbench.quickInput.runCommand('Dream.OS: Reclaim Abandoned Worktrees');
		await until('the abandoned one to be gone', async () => !existsSync(lost));
		await worktrees().untilDrawn((drawing) => !drawing.includes('run-20200101lost'));
		await workbench.quickInput.runCommand('Dream.OS: Reclaim Abandoned Worktrees');
		await workbench.messages.untilToast('No worktree is abandoned.');
		writeFileSync(goOn, '');
		await workbench.tree('Tasks').untilDrawn(/Completed \[1\]/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await until('everything to be gone', async () => leftovers(folder).worktrees.length === 0);
		assert.deepEqual(leftovers(folder), NOTHING_LEFT);
	});
});
