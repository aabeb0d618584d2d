// Owns the review mode: a change waits, is looked at as one comparison, lands when it is accepted, goes back with a reason when not.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('review', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'a\n' }),
		settings: { 'dreamos.landing.mode': 'review' },
	});
	const tasks = () => session.workbench.tree('Tasks');
	const textOf = (name: string) => readFileSync(join(session.folder, name), 'utf8');

	it('asks for a look at the change before anything lands', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'V-1', name: 'Shout', run: ['echo A > a.txt', 'echo b > b.txt', 'chmod +x b.txt'] },
		]);
		await tasks().untilDrawn(/Ready \[1\]/u);
		await tasks().viewAction('Start Swarm');
		await tasks().untilDrawn(/Working \[1\]\n {2}Shout \[V-1 · to review/iu, PATIENCE);
		await workbench.messages.pressToastButton('"Shout" waits for your review.', 'Review Change');
		await workbench.page.locator('.tab.active', { hasText: 'V-1 by Agent-' }).waitFor();
		await workbench.page.locator('.multiDiffEntry').first().waitFor();
		const shown = async () =>
			(await workbench.page.locator('.multiDiffEntry').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
		assert.match(await shown(), /a\.txt[^]*b\.txt/u);
		await until('the evidence', async () => (await shown()).includes('b.txt can be run as a program now'), shown);
		await workbench.screenshot('review');
		assert.equal(textOf('a.txt'), 'a\n');
		assert.equal(existsSync(join(folder, 'b.txt')), false);
		await until('the status bar to say so', async () =>
			(await workbench.statusBar()).some((text) => text.includes('1 to review')),
		);
	});

	it('asks why a change is rejected, and has it done again', async () => {
		const { workbench } = session;
		await tasks().inlineAction('Shout', 'Reject Change');
		assert.match(await workbench.quickInput.question(), /What should be different\?/u);
		await workbench.quickInput.escape();
		await tasks().untilDrawn(/Working \[1\]\n {2}Shout \[V-1 · to review/iu);
		await workbench.page.locator('.editor-actions .action-label[aria-label^="Reject Change"]').click();
		await workbench.quickInput.type('louder, please');
		await until('the comparison to close', async () =>
			(await workbench.editors.tabs()).every(({ title }) => !title.startsWith('V-1 by')),
		);
		await tasks().untilDrawn((drawing) => !/Shout \[V-1 · to review/iu.test(drawing));
		await tasks().untilDrawn(/Working \[1\]\n {2}Shout \[V-1 · to review/iu, PATIENCE);
		assert.equal(textOf('a.txt'), 'a\n');
		const [record] = await untilOnBoard(session.folder, 'Working', ['V-1']);
		assert.equal(record?.['attempts'], 2);
	});

	it('lands the change when it is accepted', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Review Change');
		await workbench.quickInput.pick('Shout');
		await workbench.page.locator('.tab.active', { hasText: 'V-1 by Agent-' }).waitFor();
		await workbench.page.locator('.editor-actions .action-label[aria-label^="Accept Change"]').click();
		await tasks().untilDrawn(/Completed \[1\]/u);
		assert.deepEqual([textOf('a.txt'), textOf('b.txt')], ['A\n', 'b\n']);
		await untilOnBoard(folder, 'Completed', ['V-1']);
	});
});
