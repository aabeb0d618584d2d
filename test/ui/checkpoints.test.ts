// Owns going back to a checkpoint as a person does it in the editor: the run, the checkpoint, the comparison, the question, the way back.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { runGit } from '../support/temporaryRepository.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('Restore Checkpoint', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'a\n' }),
		settings: { 'dreamos.tasks.maxAttempts': 1 },
	});
	const folders = useTemporaryFolders();
	const tasks = () => session.workbench.tree('Tasks');
	const kept = (path: string) => {
		const [name = ''] = runGit(session.folder, 'for-each-ref', '--format=%(refname)', 'refs/dreamos/rescue/').split(
			'\n',
		);
		return runGit(session.folder, 'show', `${name}:${path}`);
	};

	/** Chooses a checkpoint of the run that is asked about. A list ignores a click in its first moments, and stays: then once more. */
	const choose = async (label: string) => {
		const { quickInput } = session.workbench;
		const isAsked = async () =>
			(await quickInput.isOpen()) &&
			(await quickInput.question()).includes('To which one does the work go back?');
		await until('the checkpoints', isAsked);
		await until(`${label} to be chosen`, async () => {
			if (await isAsked()) {
				await quickInput.pick(label);
			}
			return !(await isAsked());
		});
	};

	it('has checkpoints once an agent has had two turns', async () => {
		const { workbench, folder } = session;
		const agents = workbench.tree('Agents');
		await initializeByPalette(workbench);
		const [begun, go] = [join(folders.make(), 'begun'), join(folders.make(), 'go')];
		const { command, env } = scripted({
			turn: [
				{ do: 'write', path: 'a.txt', content: 'half of it\n' },
				{ do: 'say', text: 'Half of it is there.\n' },
				{ do: 'write', path: begun, content: 'begun\n' },
				{ do: 'waitForFile', path: go },
			],
			laterTurns: [
				{ do: 'write', path: 'a.txt', content: 'all wrong\n' },
				{ do: 'write', path: 'extra.txt', content: 'nobody wanted this\n' },
				{ do: 'say', text: 'I did it all over.\n' },
			],
		});
		const agent = { id: 'Worker', driver: 'acp', command, env };
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify([agent], undefined, 2));
		await agents.untilDrawn(/Worker/u);
		await writeReadyQueue(folder, [{ task_id: 'K-1', name: 'Change a', run: [], check: ['test -e never.txt'] }]);
		await tasks().untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await until('the agent to begin its turn', async () => existsSync(begun), undefined, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Restore Checkpoint…');
		await workbench.messages.untilToast(/There is no checkpoint\./u);
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Send Message to Agent…');
		await workbench.quickInput.pick('Change a');
		await workbench.quickInput.type('Do it all over.', { accept: true });
		await workbench.quickInput.pick('After this turn');
		writeFileSync(go, '');
		await tasks().untilDrawn(/Completed \[1\]/u, PATIENCE);
		await tasks().setExpanded('Completed', true);
		await tasks().untilDrawn(/Change a \[K-1 · failed/iu);
		assert.equal(kept('a.txt'), 'all wrong\n');
	});

	it('shows what would change, restores after one question, and takes it back', async () => {
		const { workbench } = session;
		const { page, quickInput } = workbench;
		await workbench.messages.dismissToasts();
		await quickInput.runCommand('Dream.OS: Restore Checkpoint…');
		assert.match(await quickInput.question(), /all take .+ of at most 1 GB[^]*Of which run\?/u);
		await quickInput.pick('Change a');
		await until('the checkpoints', async () =>
			(await quickInput.items()).some(({ label }) => label === 'Checkpoint 1'),
		);
		await workbench.screenshot('checkpoints');
		const first = (await quickInput.items()).find(({ label }) => label === 'Checkpoint 1');
		assert.match(first?.description ?? '', /ago · 1 changed file · .+B/u);
		await choose('Checkpoint 1');
		await workbench.messages.untilToast('Restore checkpoint 1 of K-1? 2 files change, as shown');
		await page.locator('.multiDiffEntry').first().waitFor();
		const shown = async () =>
			(await page.locator('.multiDiffEntry').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
		await until('both files', async () => /a\.txt[^]*extra\.txt/u.test(await shown()), shown);
		await until('the text that would come back', async () => (await shown()).includes('half of it'), shown);
		await workbench.screenshot('restore-checkpoint');
		assert.equal(kept('a.txt'), 'all wrong\n', 'nothing changes before the answer');
		await workbench.messages.dismissToasts();
		assert.equal(kept('a.txt'), 'all wrong\n', 'nothing changes without an answer');
		await tasks().contextMenu('Change a', 'Restore Checkpoint…');
		await choose('Checkpoint 1');
		await workbench.messages.pressToastButton('Restore checkpoint 1 of K-1?', 'Restore');
		await workbench.messages.untilToast(/The next attempt at K-1 begins with checkpoint 1\./u);
		assert.equal(kept('a.txt'), 'half of it\n');
		await workbench.messages.pressToastButton('begins with checkpoint 1', 'Undo');
		await workbench.messages.untilToast(/Taken back/u);
		assert.equal(kept('a.txt'), 'all wrong\n');
	});

	it('writes them for older agents, and says where', async () => {
		const { workbench, folder } = session;
		await workbench.messages.dismissToasts();
		await workbench.quickInput.runCommand('Dream.OS: Export Checkpoints for Older Agents…');
		await workbench.quickInput.pick('Change a');
		const { text } = await workbench.messages.untilToast(/\d checkpoints exported/u);
		const files = readdirSync(join(folder, 'runtime/agent_comms/checkpoints'));
		assert.equal(files.length, Number(/\d/u.exec(text)?.[0]));
		assert.ok(
			files.every((file) => /^Worker_\d{14}_\w+\.checkpoint$/u.test(file)),
			files.join(', '),
		);
		await until(
			'the document that says where',
			async () => {
				const shown = await workbench.editors.text();
				return files.every((file) => shown.includes(file));
			},
			() => workbench.editors.text(),
		);
	});

	it('opens it in a worktree of the own, where the work goes on', async () => {
		const { workbench } = session;
		const { page, quickInput } = workbench;
		await workbench.messages.dismissToasts();
		await quickInput.runCommand('Dream.OS: Stop Swarm');
		await workbench.tree('Agents').untilDrawn((drawing) => !/working/u.test(drawing));
		await tasks().contextMenu('Change a', 'Restore Checkpoint…');
		await choose('Checkpoint 1');
		await workbench.messages.pressToastButton('Restore checkpoint 1 of K-1?', 'Restore and Retry');
		await tasks().untilDrawn(/Ready \[1\]/u);
		assert.equal(kept('a.txt'), 'half of it\n');
		await workbench.messages.dismissToasts();
		await tasks().contextMenu('Change a', 'Restore Checkpoint…');
		await choose('Checkpoint 2');
		await workbench.messages.pressToastButton('Restore checkpoint 2 of K-1?', 'Restore and Work on It Myself');
		await until('the window of the worktree', async () => page.context().pages().length > 1);
		for (const other of page.context().pages()) {
			await (other === page ? undefined : other.close());
		}
		await page.bringToFront();
		await tasks().untilDrawn((drawing) => drawing.includes(`Change a [K-1 · ${userInfo().username}`), PATIENCE);
		const places = runGit(session.folder, 'worktree', 'list', '--porcelain').split('\n');
		const [place] = places
			.flatMap((line) => /^worktree (.+)$/u.exec(line)?.[1] ?? [])
			.filter((each) => existsSync(join(each, 'extra.txt')));
		assert.equal(readFileSync(join(place ?? '', 'a.txt'), 'utf8'), 'all wrong\n');
	});
});
