// Owns making tasks where a person is: guided with steps back, from one line, from a selection, and from a TODO by the light bulb.
import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import type { BoardRecord } from './workspaces.ts';
import { createTaskByPalette, initializeByPalette, prepareRepository, readBoard } from './workspaces.ts';

const SOURCE = 'export const a = 1;\n// TODO: name it better\nexport const b = 2;\n';

describe('making tasks in the editor', () => {
	const session = useSession({ prepare: prepareRepository({ 'src/a.ts': SOURCE, 'src/broken.json': '{ "a": }\n' }) });
	const quick = () => session.workbench.quickInput;
	const page = () => session.workbench.page;

	async function untilMade(name: string): Promise<BoardRecord> {
		return await until(`${name} on the ready queue`, async () =>
			(await readBoard(session.folder, 'Ready')).find((each) => each.name === name),
		);
	}

	it('leads through the questions, back and forth, and makes what was answered', async () => {
		await session.workbench.openContainer('Dream.OS');
		await initializeByPalette(session.workbench);
		await createTaskByPalette(session.workbench, 'Draw the login form');
		await quick().runCommand('Dream.OS: Create Task');
		await quick().type('Login form test', { accept: false });
		await page().getByText('There is already: Draw the login form').waitFor();
		await session.workbench.screenshot('create task similar');
		await quick().accept();
		await quick().pick('HIGH');
		await page().getByPlaceholder('What kind of work is it?').waitFor();
		await page().getByRole('button', { name: 'Back' }).click();
		await page().getByPlaceholder('How urgent is it?').waitFor();
		await quick().pick('LOW');
		await quick().pick('test');
		await page().getByPlaceholder('Tick the tasks').waitFor();
		await quick().accept();
		await page().getByPlaceholder('such as: npm test').waitFor();
		await quick().type('npm run check');
		await quick().pick('Agent-2');
		await page().getByPlaceholder('such as: npm run format').waitFor();
		await session.workbench.screenshot('create task last step');
		await quick().type('true');
		const made = await untilMade('Login form test');
		assert.deepEqual(
			[made['priority'], made['task_type'], made['assigned_agent'], made['validation'], made['params']],
			['LOW', 'test', 'Agent-2', { commands: ['npm run check'] }, { run: ['true'] }],
		);
	});

	it('makes one from a line, and says how it reads it', async () => {
		await quick().runCommand('Dream.OS: Create Task from One Line…');
		await quick().type('Cache answers !crit @agent-1 #web', { accept: false });
		await page().getByText('CRITICAL · for Agent-1 · #web').waitFor();
		await session.workbench.screenshot('create task one line');
		await quick().accept();
		const made = await untilMade('Cache answers');
		assert.deepEqual([made['priority'], made['assigned_agent'], made['tags']], ['CRITICAL', 'Agent-1', ['web']]);
	});

	it('makes one from what is selected', async () => {
		await session.workbench.editors.open('src/a.ts');
		await quick().runCommand('Select All');
		await quick().runCommand('Dream.OS: Create Task from Selection…');
		await page().getByText('What is to be done in src/a.ts:1-3?').waitFor();
		await quick().type('Explain the constants');
		const made = await untilMade('Explain the constants');
		assert.deepEqual(made['context'], ['src/a.ts:1-3']);
		assert.ok(String(made['description']).includes(SOURCE.trimEnd()));
	});

	it('gives a TODO to the swarm by the light bulb, and a problem by the palette', async () => {
		await session.workbench.editors.open('src/a.ts');
		await page().keyboard.press('Control+Home');
		await page().keyboard.press('ArrowDown');
		await page().keyboard.press('Control+.');
		await page().getByText('Give this TODO to the swarm').click();
		await page().getByText('comment in src/a.ts:2 asks').waitFor();
		await quick().accept();
		assert.deepEqual((await untilMade('name it better'))['context'], ['src/a.ts:2']);

		await session.workbench.editors.open('src/broken.json');
		await until('a problem in the file', async () =>
			(await session.workbench.editors.problems('broken')).some((line) => line.includes('Value expected')),
		);
		await session.workbench.editors.open('src/broken.json');
		await quick().runCommand('Dream.OS: Create Task from Problem…');
		await page().getByText('Puts the problem in src/broken.json:1 right.').waitFor();
		await quick().accept();
		const made = await untilMade('Fix in src/broken.json: Value expected');
		assert.equal(made['task_type'], 'bug');
	});
});
