// Owns the review of parts: files and places are left out by check boxes, a line is commented on in the comparison, a comment is taken
// back, the change goes back with the other, and what landed is taken back.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;
const LONG = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');

describe('review of parts', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'a\n', 'long.txt': LONG }),
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

		// A second one, which is thought better of.
		const entry = page.locator('.multiDiffEntry', { hasText: 'b.txt' }).first();
		await entry.locator('.editor.modified .view-line', { hasText: /^b$/u }).first().hover();
		await entry.locator('.editor.modified .comment-range-glyph').first().click();
		await entry.locator('.comment-form .monaco-editor').first().waitFor();
		await page.keyboard.type('never mind');
		await entry.getByRole('button', { name: 'Comment for the Agent' }).first().click();
		const regretted = page.locator('.review-comment', { hasText: 'never mind' });
		await regretted.hover();
		await regretted.locator('.action-label[aria-label^="Take Comment Back"]').click();
		await until('the comment to be gone', async () => (await regretted.count()) === 0);

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

	it('lands a change without the place that was rejected', async () => {
		const { workbench, folder } = session;
		const { page, quickInput } = workbench;
		const run = ["sed -i 's/^line 2$/second/; s/^line 18$/eighteenth/' long.txt", 'echo c > c.txt'];
		await writeReadyQueue(folder, [{ task_id: 'H-1', name: 'Count', run }]);
		await tasks().untilDrawn(/Count \[H-1 · to review/iu, PATIENCE);
		await quickInput.runCommand('Dream.OS: Accept Part of Change…');
		await quickInput.pick('Count');
		const file = page.locator('.quick-input-list .monaco-list-row', { hasText: 'long.txt' });
		await file.filter({ hasText: '2 places' }).hover();
		await file.locator('.action-label[aria-label^="Choose Places"]').click();
		await until('the places', async () => (await quickInput.question()).includes('Places in long.txt'));
		await workbench.screenshot('review-places');
		await quickInput.pick('line 18');
		await quickInput.accept();
		await file.filter({ hasText: '1 of 2 places' }).waitFor();
		await quickInput.accept();
		await tasks().untilDrawn(/Working \[0\]\n. Completed \[2\]/u, PATIENCE);
		assert.equal(textOf('long.txt'), LONG.replace('line 2\n', 'second\n'));
		assert.equal(textOf('c.txt'), 'c\n');
	});
});
