// Owns the proof that a task can be made, given to the swarm and landed by keys alone: the mouse is never pressed.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { prepareRepository } from './workspaces.ts';

/** What is typed for each question of Create Task, by the beginning of its placeholder; Enter takes what is offered for others. */
const ANSWERS = [
	['such as: Add a health check', 'Write a greeting'],
	['such as: npm test', 'test -s greeting.txt'],
	['such as: npm run format', 'echo hello > greeting.txt'],
] as const;
/** How long one try of the palette may take. */
const LOOK_MILLISECONDS = 20_000;
const SWARM_MILLISECONDS = 120_000;

describe('keyboard only', () => {
	const session = useSession({ prepare: prepareRepository() });
	const page = () => session.workbench.page;
	const input = () => page().locator('.quick-input-widget .quick-input-filter input').first();
	const isOpen = () => page().locator('.quick-input-widget').isVisible();

	/** Runs a command as hands on the keys do: the palette, its title, Enter once it is the one that is chosen. */
	async function command(title: string): Promise<void> {
		const chosen = page().locator('.quick-input-list .monaco-list-row.focused .label-name').first();
		await until(`"${title}" to be chosen`, async () => {
			await page().keyboard.press('Escape');
			await page().keyboard.press('F1');
			await until(
				'the palette',
				async () => (await input().inputValue()).startsWith('>'),
				undefined,
				LOOK_MILLISECONDS,
			);
			await page().keyboard.type(title);
			return await until('the command', async () => (await chosen.innerText()).trim() === title, undefined, 5000);
		});
		await page().keyboard.press('Enter');
	}

	before(() =>
		page().evaluate(() => {
			const counted = globalThis as unknown as { presses: number };
			counted.presses = 0;
			addEventListener('mousedown', () => (counted.presses += 1), { capture: true });
		}),
	);

	it('goes from Create Task to a landed change', async () => {
		const { workbench, folder } = session;
		await command('Dream.OS: Focus on Tasks View');
		await command('Dream.OS: Initialize Workspace');
		await workbench.messages.untilToast('The task boards are ready');

		await command('Dream.OS: Create Task');
		await until('the first question', async () =>
			((await input().getAttribute('placeholder')) ?? '').startsWith(ANSWERS[0][0]),
		);
		while (await isOpen()) {
			const question = (await input().getAttribute('placeholder')) ?? '';
			const answer = ANSWERS.find(([beginning]) => question.startsWith(beginning))?.[1];
			if (answer !== undefined) {
				await page().keyboard.type(answer);
			}
			await page().keyboard.press('Enter');
			await until(
				'the next question, or the end',
				async () => !(await isOpen()) || (await input().getAttribute('placeholder')) !== question,
			);
		}
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]\n {2}Write a greeting/u);

		await command('Dream.OS: Start Swarm');
		const file = join(folder, 'greeting.txt');
		await until('the change', async () => existsSync(file), undefined, SWARM_MILLISECONDS);
		await workbench.tree('Tasks').untilDrawn(/Completed \[1\]/u, SWARM_MILLISECONDS);
		assert.equal(readFileSync(file, 'utf8'), 'hello\n');
		const presses = await page().evaluate(() => (globalThis as unknown as { presses: number }).presses);
		assert.equal(presses, 0, 'the mouse was pressed');
	});
});
