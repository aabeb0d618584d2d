// Owns the bad moments: the window is reloaded while agents work, the host is killed in the middle of a run. Everything is
// finished, nothing twice.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import {
	hostProcesses,
	initializeByPalette,
	leftovers,
	NOTHING_LEFT,
	prepareRepository,
	runWorktrees,
	untilOnBoard,
	writeReadyQueue,
} from './workspaces.ts';

const PATIENCE = 45_000;

describe('survival', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const resultOf = (name: string) => readFileSync(join(session.folder, name), 'utf8');
	/** The one host that leads. */
	const untilHost = (other?: number) =>
		until(
			'a swarm host',
			async () => {
				const [host, ...more] = (await hostProcesses(session.editor)).filter((pid) => pid !== other);
				return more.length === 0 ? host : undefined;
			},
			async () => JSON.stringify(await session.editor.processes()),
			PATIENCE,
		);

	it('goes on over a reload of the window', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		const host = await untilHost();
		await writeReadyQueue(folder, [
			{ task_id: 'R-1', run: ['echo once >> reloaded.txt', 'sleep 5', 'echo done >> reloaded.txt'] },
		]);
		await tasks().untilDrawn(/Working \[1\]\n {2}R-1/u);
		await until('a worktree for it', async () => runWorktrees(folder) === 1);
		await workbench.reload();
		await workbench.openContainer('Dream.OS');
		await tasks().untilDrawn(/Completed \[1\]/u, PATIENCE);
		assert.equal(resultOf('reloaded.txt'), 'once\ndone\n');
		assert.deepEqual(await hostProcesses(session.editor), [host], 'the same host goes on');
		const [record] = await untilOnBoard(folder, 'Completed', ['R-1']);
		assert.equal(record?.['attempts'], 1);
	});

	it('finishes by a later attempt what a killed host left', async () => {
		const { folder, editor } = session;
		await writeReadyQueue(folder, [
			{ task_id: 'K-1', run: ['echo try >> tries.txt', 'sleep 4', 'echo killed > killed.txt'] },
		]);
		await tasks().untilDrawn(/Working \[1\]\n {2}K-1/u, PATIENCE);
		await until('a worktree for it', async () => runWorktrees(folder) === 1);
		const host = await untilHost();
		process.kill(host, 'SIGKILL');
		const next = await untilHost(host);
		assert.notEqual(next, host);
		await tasks().untilDrawn(/Completed \[2\]/u, PATIENCE);
		assert.equal(resultOf('killed.txt'), 'killed\n');
		assert.equal(resultOf('tries.txt'), 'try\n', 'only the attempt that counts lands');
		const record = (await untilOnBoard(folder, 'Completed', ['K-1', 'R-1'])).find(
			({ task_id }) => task_id === 'K-1',
		);
		assert.equal(record?.['attempts'], 2);
		await session.workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await until(
			'every host and step to end',
			async () => {
				const left = (await editor.processes()).filter(({ command }) => /host\.cjs|sleep 4/u.test(command));
				return left.length === 0;
			},
			async () => JSON.stringify(await editor.processes()),
		);
		assert.deepEqual(leftovers(folder), NOTHING_LEFT);
	});
});
