// Owns boards edited by hand in the editor: what is saved is taken over, what cannot be read is shown on its line, kept, and
// never overwritten.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
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

describe('boards edited by hand', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const readyText = () => readFileSync(join(session.folder, boardFile('Ready')), 'utf8');
	const save = () => session.workbench.page.keyboard.press('Control+S');
	/** Changes a part of a line of the open board; resolves to the number of the line. */
	const replace = async (before: string, after: string) => {
		const lines = readyText().split('\n');
		const index = lines.findIndex((text) => text.includes(before));
		assert.notEqual(index, -1, `no line with ${before}`);
		await session.workbench.editors.replaceLine(index + 1, (lines[index] ?? '').replace(before, after));
		return index + 1;
	};

	it('are followed when they are saved', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'H-1', name: 'Wash up', run: ['true'] },
			{ task_id: 'H-2', name: 'Dry', run: ['true'] },
		]);
		await tasks().untilDrawn(/Ready \[2\]\n {2}Wash up \[H-1\]\n {2}Dry \[H-2\]/u);
		await until('the statuses to be mirrored', async () =>
			(await readBoard(folder, 'Ready')).every(({ status }) => status === 'READY'),
		);
		await workbench.editors.open(boardFile('Ready'));
		await replace('"name": "Wash up"', '"name": "Wash up twice", "mood": "keen"');
		await save();
		await tasks().untilDrawn(/Wash up twice \[H-1\]/u, 2_000);
		const [record] = await readBoard(folder, 'Ready');
		assert.equal(record?.['mood'], 'keen');
	});

	it('are reported on their line when they cannot be read, copied aside and not overwritten', async () => {
		const { workbench, folder } = session;
		const good = readyText();
		const line = await replace('"name": "Dry"', '"name": Dry"');
		await save();
		const broken = good.replace('"name": "Dry"', '"name": Dry"');
		await until('the broken file', async () => readyText() === broken, readyText);
		const problems = await until('the problem', async () => {
			const lines = await workbench.editors.problems();
			return lines.some((each) => each.includes('Dream.OS')) && lines.join('\n');
		});
		assert.match(problems, /task_ready_queue\.json/u);
		assert.match(problems, new RegExp(`Dream\\.OS.*\\[Ln ${line}, `, 'u'));
		await until('a copy in runtime/quarantine', async () => {
			const names = await readdir(join(folder, 'runtime/quarantine'));
			const texts = await Promise.all(
				names.map((name) => readFile(join(folder, 'runtime/quarantine', name), 'utf8')),
			);
			return texts.includes(broken);
		});
		await until('the message in the view', async () =>
			(await tasks().message()).includes('see the Problems panel'),
		);
		await workbench.screenshot('broken board');
		// Tasks go on moving; only this file is left alone.
		await tasks().inlineAction('Wash up twice', 'Claim Task');
		await tasks().untilDrawn(/Working \[1\]\n {2}Wash up twice/u);
		await untilOnBoard(folder, 'Working', ['H-1']);
		assert.equal(readyText(), broken, 'a file that cannot be read is not written');
	});

	it('go on when the file is mended', async () => {
		const { workbench, folder } = session;
		await workbench.editors.open(boardFile('Ready'));
		await replace('"name": Dry"', '"name": "Dry well"');
		await save();
		await tasks().untilDrawn(/Ready \[1\]\n {2}Dry well \[H-2\]\n▾ Working \[1\]\n {2}Wash up twice/u);
		await untilOnBoard(folder, 'Ready', ['H-2'], 3_000);
		await untilOnBoard(folder, 'Working', ['H-1']);
		await until(
			'the problem to go',
			async () => !(await workbench.editors.problems()).some((each) => each.includes('Dream.OS')),
		);
		await until('the message to go', async () => (await tasks().message()) === '');
	});
});
