// Owns two decisions that are the person's: whether a task begins, and whether one that is too big is split. Both are offered in words
// and do nothing until they are accepted.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import {
	boardFile,
	initializeByPalette,
	prepareRepository,
	readBoard,
	untilOnBoard,
	writeReadyQueue,
} from './workspaces.ts';

const PATIENCE = 60_000;

describe('a swarm that asks first', () => {
	const session = useSession({
		prepare: prepareRepository({ '.vscode/settings.json': '{ "dreamos.autonomy": "ask" }\n' }),
	});

	it('puts the question with the task, its row and a badge, and begins nothing meanwhile', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [{ task_id: 'Q-1', name: 'Try it', run: ['true'] }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		const { buttons } = await workbench.messages.untilToast('asks: May Q-1 begin? ("Try it")');
		assert.deepEqual(buttons.slice(0, 2), ['Begin', 'Do Not Begin']);
		await workbench.tree('Tasks').untilDrawn(/Try it \[.*asks you/u, PATIENCE);
		await workbench.screenshot('autonomy question');
		await untilOnBoard(folder, 'Ready', ['Q-1']);
	});

	it('begins with a yes', async () => {
		await session.workbench.messages.pressToastButton(/asks: May Q-1 begin/u, 'Begin');
		await untilOnBoard(session.folder, 'Completed', ['Q-1'], PATIENCE);
	});

	it('splits a task that is too big once the parts were seen and accepted', async () => {
		const { workbench, folder } = session;
		const big = {
			task_id: 'BIG',
			name: 'Big one',
			status: 'PENDING',
			description: Array.from({ length: 8 }, (_, index) => `- [ ] point ${index + 1}`).join('\n'),
		};
		writeFileSync(join(folder, boardFile('Backlog')), JSON.stringify([big], undefined, 2));
		await workbench.tree('Tasks').untilDrawn(/Backlog \[1\]/u, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Split Task…');
		await workbench.quickInput.pick('Big one');
		assert.match(
			await workbench.messages.dialogText(),
			/Split BIG\?\s+It looks too big: it has 8 points\.\s+• Big one: part 1 of 3/u,
		);
		await workbench.screenshot('split task');
		await workbench.messages.pressDialogButton('Make 3 Parts');
		await workbench.messages.untilToast(/BIG was split into 3 parts and waits for them/u);
		await until('the parts on the ready queue', async () => {
			const ready = await readBoard(folder, 'Ready');
			return ready.length === 3 && ready.every(({ parent }) => parent === 'BIG');
		});
		await untilOnBoard(folder, 'Backlog', ['BIG']);
	});
});
