// Owns where the live view of an agent comes: beside what the person works on, without taking the keys from it, and again there
// after the window was reloaded.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('watching an agent while working', () => {
	const session = useSession({ prepare: prepareRepository({ 'mine.txt': 'mine\n' }) });
	/** Titles of the tabs by column, left to right. */
	const columns = async () =>
		await session.workbench.page
			.locator('.editor-group-container')
			.evaluateAll((groups) =>
				groups.map((group) =>
					[...group.querySelectorAll('.tab .monaco-icon-label-container')].map((tab) =>
						(tab.textContent ?? '').trim(),
					),
				),
			);
	const untilColumns = async (...expected: RegExp[]) =>
		await until(
			`the columns ${expected.map(String).join(' | ')}`,
			async () => {
				const found = await columns();
				return (
					found.length === expected.length &&
					found.every((titles, index) => expected[index]?.test(titles.join(',')))
				);
			},
			async () => JSON.stringify(await columns()),
			PATIENCE,
		);
	const watch = async (name: string) => {
		await session.workbench.quickInput.runCommand('Dream.OS: Watch Agent…');
		await session.workbench.quickInput.pick(name);
	};
	const page = () => session.workbench.editors.webviewFrame('main#page .scroller');

	it('comes beside the file, which keeps the keys, and follows the agent', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(
			folder,
			['A', 'B'].map((name) => ({
				task_id: `${name}-1`,
				name: `Task ${name}`,
				run: [
					`echo ${name} begins`,
					`while ! test -e "${folder}/go"; do sleep 0.2; done`,
					`echo ${name} goes on`,
					'sleep 300',
				],
			})),
		);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.tree('Tasks').untilDrawn(/Working \[2\]/u, PATIENCE);
		await workbench.editors.open('mine.txt');
		await workbench.editors.type('I write: ', 'start');
		await watch('Task A');
		await untilColumns(/^mine\.txt$/u, /Task A/u);
		await (await page()).getByText('A begins').first().waitFor();
		await workbench.page.keyboard.type('still here');
		await until(
			'the text that was typed while the view came',
			async () => (await workbench.editors.text()).startsWith('I write: still here'),
			() => workbench.editors.text(),
		);
		writeFileSync(join(folder, 'go'), '');
		await (await page()).getByText('A goes on').first().waitFor();
		await workbench.page.keyboard.type(', and here');
		await until(
			'the text that was typed while it followed',
			async () => (await workbench.editors.text()).startsWith('I write: still here, and here'),
			() => workbench.editors.text(),
		);
		await workbench.screenshot('watch-beside');
	});

	it('puts a second view where the first is, and shows one that is there already', async () => {
		await watch('Task B');
		await untilColumns(/^mine\.txt$/u, /Task A.*,.*Task B/u);
		await watch('Task A');
		await (await page()).getByText('A goes on').first().waitFor();
		await untilColumns(/^mine\.txt$/u, /Task A.*,.*Task B/u);
		await session.workbench.page.keyboard.type('!');
		await until(
			'the keys to be with the file',
			async () => (await session.workbench.editors.text()).startsWith('I write: still here, and here!'),
			() => session.workbench.editors.text(),
		);
	});

	it('is beside it again after a reload', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('File: Save');
		await until('the file to be saved', async () =>
			(await workbench.editors.tabs()).every(({ isDirty }) => !isDirty),
		);
		const loaded = workbench.page.waitForEvent('load');
		await workbench.quickInput.runCommand('Developer: Reload Window');
		await loaded;
		await untilColumns(/^mine\.txt$/u, /Task A.*,.*Task B/u);
		const frame = await page();
		await frame.getByText('A goes on').first().waitFor();
		assert.match(await frame.locator('header').innerText(), /Task A/u);
	});
});
