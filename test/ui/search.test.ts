// Owns finding tasks as a person does: Search Tasks while typing, and the filter of the Tasks view.
import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { blockByPalette, initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

describe('finding tasks', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const command = 'Dream.OS: Search Tasks';
	/** Types into Search Tasks until the list shows exactly these labels. */
	const untilFound = async (text: string, labels: readonly string[]) => {
		const { quickInput } = session.workbench;
		await quickInput.type(text, { accept: false });
		await until(
			`${text} to find ${labels.join(', ')}`,
			async () => (await quickInput.items()).map(({ label }) => label).join('\n') === labels.join('\n'),
			async () => (await quickInput.items()).map(({ label }) => label).join('\n'),
		);
		return quickInput.items();
	};

	before(async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'BOOT-001', name: 'Wash the dishes', run: ['true'] },
			{ task_id: 'BOOT-002', name: 'Dry the dishes', run: ['true'], priority: 'HIGH' },
			{ task_id: 'CAT-1', name: 'Feed the cat', run: ['true'] },
		]);
		await tasks().untilDrawn(/Ready \[3\]/u);
		await blockByPalette(workbench, 'Feed the cat', 'the fishmonger is closed');
		await tasks().untilDrawn(/Working \[1\]/u);
	});

	it('searches while one types, also in history, and says where', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand(command);
		await untilFound('dish', ['Dry the dishes', 'Wash the dishes']);
		await untilFound('oot-001', ['Wash the dishes']);
		await untilFound('-dishes', ['Feed the cat']);
		await untilFound('priority:high', ['Dry the dishes']);
		const [hit] = await untilFound('fishm', ['Feed the cat']);
		assert.equal(hit?.detail, 'block_reason: the fishmonger is closed');
		await workbench.screenshot('search');
		await untilFound('zebra "* NEAR(', ['No task was found']);
		await workbench.quickInput.escape();
	});

	it('brings up the task that is chosen', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand(command);
		await untilFound('fish', ['Feed the cat']);
		await workbench.quickInput.accept();
		await until('the row to be selected', async () =>
			workbench.page.locator('.monaco-list-row.selected', { hasText: 'Feed the cat' }).isVisible(),
		);
	});

	it('filters the tree, follows changes, and shows everything again', async () => {
		const { workbench } = session;
		await tasks().viewAction('Filter Tasks');
		await workbench.quickInput.type('dishes status:ready');
		await tasks().untilDrawn(
			/Ready \[2 of 2\]\n {2}Wash the dishes.*\n {2}Dry the dishes.*\n▾ Working \[0 of 1\]/u,
		);
		await until('the message', async () =>
			(await tasks().message()).startsWith('Filter dishes status:ready: 2 tasks.'),
		);
		await workbench.screenshot('filter');
		await tasks().inlineAction('Wash the dishes', 'Claim Task');
		await tasks().untilDrawn(/Ready \[1 of 1\]\n {2}Dry the dishes.*\n▾ Working \[0 of 2\]/u);
		await until('the message', async () =>
			(await tasks().message()).startsWith('Filter dishes status:ready: 1 task.'),
		);
		await tasks().viewAction('Clear Filter');
		await tasks().untilDrawn(/Ready \[1\]\n {2}Dry the dishes.*\n▾ Working \[2\]/u);
		await until('the message to go', async () => (await tasks().message()) === '');
	});

	it('takes the filter away from a task that is brought up', async () => {
		const { workbench } = session;
		await tasks().viewAction('Filter Tasks');
		await workbench.quickInput.type('nothing at all');
		await tasks().untilDrawn(/Ready \[0 of 1\]/u);
		await workbench.quickInput.runCommand(command);
		await untilFound('dry', ['Dry the dishes']);
		await workbench.quickInput.accept();
		await tasks().untilDrawn(/Ready \[1\]\n {2}Dry the dishes/u);
	});
});
