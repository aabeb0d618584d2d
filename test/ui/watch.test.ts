// Owns the live view of an agent as a person sees it: it opens from the palette, shows plan, messages, tool cards with their changes and
// output, stands still when scrolled up, opens the editor's own diff, and is there again after the window was reloaded.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import type { Step } from '../support/scriptedAcpScript.ts';
import { until } from '../support/workbench/until.ts';
import type { ThemeKind } from '../support/workbench/workbench.ts';
import { contrastFaults, overflowFaults } from './pageFaults.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;
const THEMES: readonly ThemeKind[] = ['light', 'dark', 'highContrast', 'highContrastLight'];

const before = "export function greet(name) {\n\treturn 'Hello ' + name;\n}\n";
const after = 'export function greet(name, mark = "!") {\n\treturn `Hello, ${name}${mark}`;\n}\n';

const reading = (index: number): Step => ({
	do: 'tool',
	id: `read-${index}`,
	title: `Read src/part${index}.js`,
	kind: 'read',
	status: 'completed',
});
const turn: readonly Step[] = [
	{
		do: 'plan',
		entries: [
			{ content: 'Find out where the greeting is made', status: 'completed' },
			{ content: 'Let it take a mark', status: 'in_progress' },
			{ content: 'Run the tests', status: 'pending' },
		],
	},
	{ do: 'think', text: 'The greeting is made in one place only, so one change will do.\n' },
	{ do: 'say', text: 'I look at the parts first.\n' },
	...Array.from({ length: 60 }, (_, index) => reading(index)),
	{ do: 'usage', used: 12_400, size: 200_000, cost: 0.12 },
	{
		do: 'say',
		text: 'The greeting is in src/greet.js.\nI give it a mark, with an exclamation mark as it was meant.\n',
	},
	{ do: 'write', path: 'src/greet.js', content: after },
	{
		do: 'tool',
		id: 'edit',
		title: 'Edit src/greet.js',
		kind: 'edit',
		status: 'completed',
		diff: { path: 'src/greet.js', oldText: before, newText: after },
	},
	{
		do: 'tool',
		id: 'test',
		title: 'npm test',
		kind: 'execute',
		status: 'failed',
		output: '1 passing\n1 failing\n  greets with a mark:\n  expected "Hello, Ann!"',
	},
	{ do: 'say', text: 'One test still expects the old greeting.\n' },
	{ do: 'hang' },
];

describe('watching an agent', () => {
	const session = useSession({ prepare: prepareRepository({ 'src/greet.js': before }) });
	const page = () => session.workbench.editors.webviewFrame('main#page .scroller');

	it('opens its run from the palette, live and at its end', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const { command, env } = scripted({ turn });
		writeFileSync(
			join(folder, 'runtime/agents.json'),
			JSON.stringify([{ id: 'Watched', driver: 'acp', command, env }], undefined, 2),
		);
		await workbench.tree('Agents').untilDrawn(/Watched/u);
		await writeReadyQueue(folder, [{ task_id: 'W-1', name: 'Greet with a mark', run: [] }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.tree('Agents').untilDrawn(/Watched \[working/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Watch Agent…');
		await workbench.quickInput.pick('Greet with a mark');
		const frame = await page();
		await frame.getByText('One test still expects the old greeting.').waitFor();
		assert.match(
			await frame.locator('header').innerText(),
			/Watched[\s\S]*Greet with a mark[\s\S]*Context: 12400/u,
		);
		await frame.getByText('Plan 1/3').waitFor();
		assert.equal(await frame.locator('.card', { hasText: 'Edit src/greet.js' }).locator('.come').count(), 2);
		await frame.getByText('expected "Hello, Ann!"').waitFor();
	});

	for (const theme of THEMES) {
		it(`can be read in ${theme}`, async () => {
			const { workbench } = session;
			await workbench.setTheme(theme);
			const frame = await page();
			const kind = {
				dark: 'dark',
				light: 'light',
				highContrast: 'high-contrast',
				highContrastLight: 'high-contrast-light',
			};
			await frame.locator(`body.vscode-${kind[theme]}`).waitFor();
			await workbench.messages.dismissToasts();
			await workbench.screenshot(`watch ${theme}`);
			// A theme comes in steps: the class of the page first, its colours after.
			await until(
				'colours that can be read',
				async () => (await contrastFaults(frame)).length === 0,
				async () => (await contrastFaults(frame)).join('\n'),
			);
			assert.deepEqual(await overflowFaults(frame), []);
		});
	}

	it('stands still once scrolled up, and is there again after a reload', async () => {
		const { workbench } = session;
		const place = async () => {
			const frame = await page();
			return await frame.evaluate(() => {
				const top = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
				const item = [...document.querySelectorAll('.item')].find(
					(each) => each.getBoundingClientRect().bottom > top + 1,
				);
				return item?.querySelector('.body')?.textContent ?? '';
			});
		};
		const frame = await page();
		await frame.locator('.scroller').hover();
		await workbench.page.mouse.wheel(0, -900);
		await frame.getByRole('button', { name: /Jump to newest/u }).waitFor();
		const stood = await until('a row at the top', place);
		// As a person does it: the editor writes down what its pages keep before it goes.
		const loaded = workbench.page.waitForEvent('load');
		await workbench.quickInput.runCommand('Developer: Reload Window');
		await loaded;
		await (await page()).getByRole('button', { name: /Jump to newest/u }).waitFor();
		await until(`"${stood}" to be at the top again`, async () => (await place()) === stood, place);
		await workbench.screenshot('watch after reload');
		await (await page()).getByRole('button', { name: /Jump to newest/u }).click();
		await (await page()).getByText('One test still expects the old greeting.').waitFor();
	});

	it("opens a change in the editor's own diff", async () => {
		const { workbench } = session;
		await (await page()).getByRole('button', { name: 'Open Diff of src/greet.js' }).click();
		await until('the diff', async () =>
			(await workbench.editors.tabs()).some(({ title }) => title.includes('src/greet.js (Watched)')),
		);
		await workbench.page.locator('.monaco-diff-editor').getByText('Hello, ${name}${mark}').first().waitFor();
		await workbench.screenshot('watch diff');
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await workbench.quickInput.runCommand('View: Close All Editors');
	});

	it('shows the evidence of a run that is over', async () => {
		const { workbench, folder } = session;
		writeFileSync(
			join(folder, 'runtime/agents.json'),
			JSON.stringify([{ id: 'Prover', driver: 'command' }], undefined, 2),
		);
		await workbench.tree('Agents').untilDrawn(/Prover/u);
		const steps = { run: ['echo proven > proof.txt'], check: ['grep proven proof.txt'] };
		await writeReadyQueue(folder, [{ task_id: 'W-2', name: 'Prove it', agent: 'Prover', ...steps }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.tree('Tasks').untilDrawn(/Completed \[1\]/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Watch Agent…');
		await workbench.quickInput.pick('Prove it');
		const evidence = (await page()).locator('.evidence');
		await evidence.getByText('grep proven proof.txt').waitFor();
		await workbench.screenshot('watch evidence');
		assert.match(await evidence.innerText(), /passed[\s\S]*exit code 0[\s\S]*proof\.txt/u);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
	});
});
