// Owns how a task's branch becomes a pull request as a person sees it: their own `gh`, in a terminal they see, on their Enter; and what
// `gh` says when it cannot.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFakeGh } from '../support/fakeGh.ts';
import { runGit } from '../support/temporaryRepository.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('a pull request', () => {
	const gh = makeFakeGh();
	after(() => gh.dispose());
	const session = useSession({
		prepare: (folder) => {
			prepareRepository({ 'a.txt': 'a\n' })(folder);
			const origin = join(folder, '.git/origin');
			mkdirSync(origin);
			runGit(origin, 'init', '--quiet', '--bare');
			runGit(folder, 'remote', 'add', 'origin', origin);
		},
		settings: { 'dreamos.landing.mode': 'branch', 'terminal.integrated.gpuAcceleration': 'off' },
		env: { PATH: gh.path },
	});
	const pushed = () => runGit(join(session.folder, '.git/origin'), 'branch', '--list', '--format=%(refname:short)');
	const terminal = () => session.workbench.page.locator('.part.panel .xterm:visible').first();
	const shown = async () => (await terminal().locator('.xterm-rows').innerText()).replaceAll('\u00a0', ' ');
	const untilTerminal = async (words: RegExp) =>
		await until(
			`the terminal to show ${String(words)}`,
			async () => words.test((await shown()).replaceAll('\n', '')),
			shown,
			PATIENCE,
		);
	const branched = async (id: string, others: readonly string[] = []) => {
		const { workbench, folder } = session;
		await writeReadyQueue(folder, [{ task_id: id, name: `Make ${id}`, run: [`echo ${id} > ${id}.txt`] }]);
		await untilOnBoard(folder, 'Completed', [...others, id], PATIENCE);
		await workbench.messages.untilToast(`The change of "Make ${id}" is on a branch of its own.`);
	};

	it('is prepared in a terminal, and begun by the person', async () => {
		const { workbench } = session;
		await initializeByPalette(workbench);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await branched('PR-1');
		await workbench.messages.pressToastButton('The change of "Make PR-1" is on a branch', 'Open Pull Request');
		await untilTerminal(
			/git push --set-upstream origin dreamos\/pr-1 && gh pr create --head dreamos\/pr-1 --fill/u,
		);
		assert.deepEqual(gh.calls(), [], 'nothing is begun for the person');
		assert.equal(pushed(), '');
		await workbench.screenshot('pull-request');
		await terminal().click();
		await workbench.page.keyboard.press('Enter');
		await untilTerminal(/https:\/\/github\.invalid\/ann\/demo\/pull\/1/u);
		assert.equal(pushed(), 'dreamos/pr-1\n');
		assert.deepEqual(gh.calls(), [['pr', 'create', '--head', 'dreamos/pr-1', '--fill']]);
	});

	it('that gh refuses: its words are in the terminal, the branch is pushed, nothing else is changed', async () => {
		const { workbench, folder } = session;
		const head = runGit(folder, 'rev-parse', 'HEAD');
		gh.failWith('To get started with GitHub CLI, please run:  gh auth login');
		await branched('PR-2', ['PR-1']);
		await workbench.quickInput.runCommand('Dream.OS: Open Pull Request…');
		await workbench.quickInput.pick('Make PR-2');
		await untilTerminal(/dreamos\/pr-2 --fill/u);
		await terminal().click();
		await workbench.page.keyboard.press('Enter');
		await untilTerminal(/please run: {2}gh auth login/u);
		assert.equal(pushed(), 'dreamos/pr-1\ndreamos/pr-2\n');
		assert.equal(runGit(folder, 'rev-parse', 'HEAD'), head);
		assert.equal(gh.calls().length, 2);
	});
});
