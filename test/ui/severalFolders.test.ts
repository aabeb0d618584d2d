// Owns a window with several folders: it asks which one gets boards, shows one folder and its swarm, changes to another when told, and
// remembers it. What is done in one folder is nothing to the other.
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepository } from '../support/temporaryRepository.ts';
import { useSession } from './session.ts';
import { untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('a window with several folders', () => {
	const session = useSession({
		prepare: (folder) => {
			for (const name of ['one', 'two']) {
				mkdirSync(join(folder, name));
				makeRepository(join(folder, name), { 'a.txt': `${name}\n` });
			}
			writeFileSync(
				join(folder, 'both.code-workspace'),
				JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
			);
		},
		opens: 'both.code-workspace',
	});
	const place = (name: string) => join(session.folder, name);
	/** The folder that is named beside the title of the view. */
	const untilShown = async (name: string) =>
		await session.workbench.page
			.locator('.pane-header[aria-label^="Tasks"] .description', { hasText: name })
			.waitFor({ timeout: PATIENCE });

	it('asks which folder gets boards, and makes them there alone', async () => {
		const { workbench } = session;
		await workbench.openContainer('Dream.OS');
		await workbench.quickInput.runCommand('Dream.OS: Initialize Workspace');
		await workbench.quickInput.pick('two');
		await workbench.messages.untilToast('The task boards are ready');
		await untilShown('two');
		assert.deepEqual(
			['one', 'two'].map((name) => existsSync(join(place(name), 'runtime'))),
			[false, true],
		);
	});

	it('works and lands in that folder', async () => {
		const { workbench } = session;
		await writeReadyQueue(place('two'), [{ task_id: 'T-1', run: ['cat a.txt > made.txt'] }]);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await untilOnBoard(place('two'), 'Completed', ['T-1'], PATIENCE);
		assert.equal(readFileSync(join(place('two'), 'made.txt'), 'utf8'), 'two\n');
		assert.equal(existsSync(join(place('one'), 'made.txt')), false);
	});

	it('changes to the other folder, says what becomes of the swarm, and has one there too', async () => {
		const { workbench } = session;
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Choose Folder…');
		await workbench.screenshot('choose-folder');
		await workbench.quickInput.pick('one');
		await workbench.messages.untilToast(/The swarm of two pauses unless another window shows it/u);
		await workbench.quickInput.runCommand('Dream.OS: Initialize Workspace');
		await workbench.messages.untilToast('The task boards are ready');
		await untilShown('one');
		await writeReadyQueue(place('one'), [{ task_id: 'O-1', run: ['cat a.txt > made.txt'] }]);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await untilOnBoard(place('one'), 'Completed', ['O-1'], PATIENCE);
		assert.equal(readFileSync(join(place('one'), 'made.txt'), 'utf8'), 'one\n');
		await untilOnBoard(place('two'), 'Completed', ['T-1']);
	});

	it('shows the folder that was chosen last also after a reload, and what waits in the other goes on when chosen', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Choose Folder…');
		await workbench.quickInput.pick('two');
		await untilShown('two');
		await workbench.tree('Tasks').untilDrawn(/Completed \[1\]/u);
		await workbench.reload();
		await workbench.openContainer('Dream.OS');
		await untilShown('two');
		await writeReadyQueue(place('two'), [{ task_id: 'T-2', run: ['cat a.txt > more.txt'] }]);
		await untilOnBoard(place('two'), 'Completed', ['T-1', 'T-2'], PATIENCE);
		assert.equal(readFileSync(join(place('two'), 'more.txt'), 'utf8'), 'two\n');
	});
});
