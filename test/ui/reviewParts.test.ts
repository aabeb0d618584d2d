// Owns the review of parts: files are left out by check boxes, a line is commented on in the comparison, the change goes back with the
// comment, and what landed is taken back.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('review of parts', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'a\n' }),
		settings: { 'dreamos.landing.mode': 'review' },
	});
	const tasks = () => session.workbench.tree('Tasks');
	const textOf = (name: string) => readFileSync(join(session.folder, name), 'utf8');
	const isThere = (name: string) => existsSync(join(session.folder, name));

	it('takes a comment on a line and sends the change back with it', async () => {
		const { workbench, folder } = session;
		const { page } = workbench;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'V-1', name: 'Shout', run: ['echo A > a.txt', 'echo b > b.txt'], check: ['test -s a.txt'] },
		]);
		await tasks().untilDrawn(/Ready \[1\]/u);
		await tasks().viewAction('Start Swarm');
		await tasks().untilDrawn(/Working \[1\]\n {2}Shout \[V-1 · to review/iu, PATIENCE);
		await workbench.messages.pressToastButton('"Shout" waits for your review.', 'Review Change');
		await page.locator('.tab.active', { hasText: 'V-1 by Agent-' }).waitFor();
		await page.locator('.multiDiffEntry').first().waitFor();
		const added = page.locator('.multiDiffEntry .editor.modified .view-line', { hasText: /^A$/u }).first();
		await added.hover();
		await page.locator('.multiDiffEntry .editor.modified .comment-range-glyph').first().click();
		const box = page.locator('.comment-form .monaco-editor').first();
		await box.waitFor();
		await page.keyboard.type('louder, please');
		await page.getByRole('button', { name: 'Comment for the Agent' }).first().click();
		await page.locator('.review-comment', { hasText: 'louder, please' }).first().waitFor();
		await workbench.screenshot('review-comment');

		await workbench.quickInput.runCommand('Dream.OS: Send Back');
		assert.match(await workbench.quickInput.question(), /1 comment go(?:es)? with it/u);
		await workbench.quickInput.type('');
		await tasks().untilDrawn((drawing) => !/Shout \[V-1 · to review/iu.test(drawing));
		await tasks().untilDrawn(/Working \[1\]\n {2}Shout \[V-1 · to review/iu, PATIENCE);
		const [record] = await untilOnBoard(folder, 'Working', ['V-1']);
		assert.equal(record?.['attempts'], 2);
	});

	it('lands what is ticked, and takes it back', async () => {
		const { workbench } = session;
		const { page } = workbench;
		await workbench.quickInput.runCommand('Dream.OS: Accept Part of Change…');
		await workbench.quickInput.pick('Shout');
		assert.match(await workbench.quickInput.question(), /Accept Part of Change \(1 check passed/u);
		await until('both files', async () => (await workbench.quickInput.items()).length === 2);
		await workbench.screenshot('review-parts');
		await workbench.quickInput.pick('b.txt');
		await workbench.quickInput.accept();
		await tasks().untilDrawn(/Completed \[1\]/u);
		assert.deepEqual([textOf('a.txt'), isThere('b.txt')], ['A\n', false]);

		await workbench.quickInput.runCommand('Dream.OS: Undo Landed Task');
		await workbench.quickInput.pick('Shout');
		await until('what was there before', async () => textOf('a.txt') === 'a\n');
		await page.locator('.notification-list-item', { hasText: 'was taken back: 1 file' }).waitFor();
	});
});
