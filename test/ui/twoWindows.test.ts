// Owns two windows on one workspace: what is done in one is seen in the other, in its tree and on its dashboard, and both show the same.
// How far apart they are is measured by the bench (`dashboard.twoWindows`).
import type { Frame } from 'playwright-core';
import type { Workbench } from '../support/workbench/workbench.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { createTaskByPalette, initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

describe('two windows on one workspace', () => {
	const session = useSession({ prepare: prepareRepository() });
	let other: Workbench;
	let boards: readonly [Frame, Frame];

	/** The cards under their columns, as a person reads them. */
	const cardsOn = async (board: Frame): Promise<string> => {
		const columns = await board.locator('.boardColumn').evaluateAll((all) =>
			all.map((column) => {
				const cards = [...column.querySelectorAll('.card')].map((card) => card.getAttribute('data-task') ?? '');
				return `${column.getAttribute('data-status')}: ${cards.join(' ')}`;
			}),
		);
		return columns.join('\n');
	};

	/** Waits until both windows show this, in their trees and on their boards alike. */
	async function untilBothShow(drawn: RegExp, cards: RegExp): Promise<void> {
		const trees = [session.workbench, other].map((window) => window.tree('Tasks'));
		await until(
			`both windows to show ${drawn.source}`,
			async () => {
				const drawings = await Promise.all(trees.map((tree) => tree.draw()));
				const texts = await Promise.all(boards.map(cardsOn));
				return (
					drawings[0] === drawings[1] &&
					texts[0] === texts[1] &&
					drawn.test(drawings[0] ?? '') &&
					cards.test(texts[0] ?? '')
				);
			},
			async () =>
				(await Promise.all([...trees.map((tree) => tree.draw()), ...boards.map(cardsOn)])).join('\n--\n'),
		);
	}

	async function openBoard(window: Workbench): Promise<Frame> {
		await window.openContainer('Dream.OS');
		await window.quickInput.runCommand('Dream.OS: Open Dashboard');
		const frame = await window.editors.webviewFrame('main#page vscode-tabs');
		await frame.getByRole('tab', { name: 'Board' }).click();
		await frame.locator('.boardColumn').first().waitFor();
		return frame;
	}

	before(async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'W-1', name: 'First', run: ['true'] },
			{ task_id: 'W-2', name: 'Second', run: ['true'] },
		]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[2\]/u);
		other = await session.openWindow();
		boards = [await openBoard(workbench), await openBoard(other)];
	});

	it('show the same to begin with', async () => {
		await untilBothShow(/Ready \[2\]\n {2}First .*\n {2}Second/u, /READY: W-1 W-2/u);
	});

	it('show in the second what is moved by a drag in the first', async () => {
		const [board] = boards;
		const { mouse } = session.workbench.page;
		await until('the card to be put down', async () => {
			await board.locator('.card[data-task="W-1"]').hover();
			await mouse.down();
			await board.locator('.boardColumn[data-status="PENDING"]').hover({ force: true });
			await board.locator('.boardColumn[data-drop="over"]').waitFor({ timeout: 5_000 });
			await mouse.up();
			return true;
		});
		await untilBothShow(/Backlog \[1\]\n {2}First/u, /PENDING: W-1\n/u);
	});

	it('show in the first what the palette makes in the second', async () => {
		await createTaskByPalette(other, 'Made over there');
		await untilBothShow(/Made over there/u, /READY: W-2 \S+/u);
		await session.workbench.screenshot('two windows, first');
		await other.screenshot('two windows, second');
	});

	it('show both that the swarm runs and what it did, whichever started it', async () => {
		await other.quickInput.runCommand('Dream.OS: Start Swarm');
		await untilBothShow(/Completed \[[12]\]/u, /COMPLETED: .*W-2/u);
		await until('both status bars to say so', async () => {
			const texts = await Promise.all([session.workbench, other].map((window) => window.statusBar()));
			return texts.every((items) => items.some((text) => /Swarm running|working/u.test(text)));
		});
	});
});
