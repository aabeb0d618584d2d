// Checks the read-only view of somebody else's boards and what taking them over does, on small boards and on those of a real project.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../../src/base/json.ts';
import { taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import { boardNames } from '../../../../src/core/task/taskStatus.ts';
import { adoptBoards, planBoards } from '../../../../src/core/workspace/adoptBoards.ts';
import { reportAdoption } from '../../../../src/core/workspace/adoptionReport.ts';
import { readForeignBoards } from '../../../../src/core/workspace/foreignBoards.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { BoardWorkspace, contentsOf, copyVictor, idOf, victorFixture } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann } from '../../../support/temporaryLedger.ts';

const boardsFolder = 'runtime/agent_comms/project_boards';

describe('boards that somebody else made', () => {
	const folders = useTemporaryFolders();
	const open: BoardWorkspace[] = [];
	const at = (folder: string) => {
		const workspace = new BoardWorkspace(folder);
		open.push(workspace);
		return workspace;
	};
	afterEach(async () => {
		for (const workspace of open.splice(0)) {
			await workspace.close();
		}
	});
	const make = (files: Record<string, string | JsonObject[]>): BoardWorkspace => {
		const workspace = at(folders.make());
		for (const [name, content] of Object.entries(files)) {
			const path = join(workspace.folder, boardsFolder, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
		}
		return workspace;
	};

	it('are shown as far as they can be read, and not touched', async () => {
		const workspace = make({
			'working_tasks.json': [{ id: 'A', status: 'WORKING' }, { name: 'no id' }],
			'task_backlog.json': '',
			'task_ready_queue.json': 'tasks:\n  - A\n',
			'single.json': '{"task_id": "S", "status": "done"}',
			'notes.json': '{"hello": 1}',
			'readme.md': 'not a board',
		});
		const before = contentsOf(workspace.folder);
		const { tasks, problems } = await readForeignBoards(nodeFileSystem, workspace.folder);
		assert.deepEqual(
			tasks.map(({ task, board }) => [task.task_id, task.status, board]),
			[
				['A', 'IN_PROGRESS', 'working_tasks'],
				['S', 'COMPLETED', 'completed_tasks'],
			],
		);
		assert.deepEqual(
			problems.map(({ code, file, line }) => `${file.slice(boardsFolder.length + 1)}:${line} ${code}`),
			[
				'notes.json:1 board.notAList',
				'task_backlog.json:1 board.empty',
				'task_ready_queue.json:1 board.unreadable',
				'working_tasks.json:6 record.noId',
			],
		);
		assert.deepEqual(contentsOf(workspace.folder), before);
	});

	it('say of records that share an id that the one counts which adopting takes', async () => {
		const workspace = make({
			'task_backlog.json': '[{"task_id": "A", "status": "PENDING"}]',
			'working_tasks.json':
				'[{"task_id": "A", "status": "IN_PROGRESS"},\n{"task_id": "A", "status": "COMPLETED"}]',
		});
		const { problems } = await readForeignBoards(nodeFileSystem, workspace.folder);
		assert.deepEqual(
			problems.map(({ file, line, related }) => [
				file.slice(boardsFolder.length + 1),
				line,
				related?.map((other) => `${other.file.slice(boardsFolder.length + 1)}:${other.line}`),
			]),
			[
				['task_backlog.json', 1, ['working_tasks.json:2']],
				['working_tasks.json', 1, ['working_tasks.json:2']],
			],
		);
	});

	it('are planned without a byte changed, and the plan says what will', async () => {
		const workspace = make({
			'task_backlog.json': [
				{ task_id: 'A', status: 'PENDING', x: 1 },
				{ task_id: 'D', status: 'COMPLETE' },
			],
			'working_tasks.json': [
				{ id: 'A', status: 'WORKING', claimed_by: 'Agent 1' },
				{ id: 'B', status: 'MAYBE' },
			],
			'task_ready_queue.json': [
				{ task_id: 'C', status: 'PENDING' },
				{ task_id: 'E', dependencies: ['A'] },
			],
			'completed_tasks.json': 'not JSON',
		});
		const before = contentsOf(workspace.folder);
		const { lines, data } = reportAdoption(await planBoards(workspace.tools));
		assert.deepEqual(contentsOf(workspace.folder), before);
		assert.deepEqual(data['boards'], {
			task_backlog: 1,
			task_ready_queue: 1,
			working_tasks: 2,
			completed_tasks: 1,
		});
		assert.deepEqual(data['statuses'], {
			PENDING: { PENDING: 1 },
			'(none)': { PENDING: 1 },
			WORKING: { IN_PROGRESS: 1 },
			MAYBE: { BLOCKED: 1 },
			COMPLETE: { COMPLETED: 1 },
		});
		assert.deepEqual(
			(data['duplicates'] as JsonObject[]).map((each) => [each['task_id'], each['contradiction']]),
			[['A', true]],
		);
		const text = lines.join('\n');
		for (const part of [
			'5 tasks from 3 files',
			'Status "WORKING" is understood as IN_PROGRESS',
			'A stands more than once',
			'They contradict each other',
			'1 task of the ready queue will wait',
			'completed_tasks.json cannot be read',
		]) {
			assert.ok(text.includes(part), `${part} in\n${text}`);
		}
	});

	it('are adopted in one change: nothing doubled, nothing dropped, unreadable files left alone', async () => {
		const workspace = make({
			'task_backlog.json': [
				{ task_id: 'A', status: 'PENDING', x: 1 },
				{ task_id: 'D', status: 'COMPLETE' },
			],
			'working_tasks.json': [
				{ id: 'A', status: 'WORKING', claimed_by: 'Agent 1' },
				{ id: 'B', status: 'MAYBE' },
				{ task_id: 'A', status: 'BLOCKED', y: 2 },
			],
			'task_ready_queue.json': [
				{ task_id: 'C', status: 'PENDING' },
				{ task_id: 'E', dependencies: ['A'] },
				{ name: 'no id' },
			],
			'completed_tasks.json': 'not JSON',
			'single.json': '{"task_id": "S"}',
		});
		const untouched = ['completed_tasks.json', 'single.json'].map((name) =>
			readFileSync(join(workspace.folder, boardsFolder, name), 'utf8'),
		);
		const others = [at(workspace.folder), at(workspace.folder)];
		const adoptions = await Promise.all([workspace, ...others].map(({ tools }) => adoptBoards(tools, ann)));
		assert.equal(adoptions.filter(({ isPerformed }) => isPerformed).length, 1);
		await workspace.mirror().flush();
		assert.deepEqual(workspace.records('task_backlog').map(idOf), ['E', 'S']);
		assert.deepEqual(
			workspace.records('task_ready_queue').map((record) => record['task_id'] ?? record['name']),
			['C', 'no id'],
		);
		assert.deepEqual(workspace.records('working_tasks'), [
			{ id: 'A', status: 'WORKING', claimed_by: 'Agent 1' },
			{ id: 'B', status: 'MAYBE' },
		]);
		assert.deepEqual(
			['completed_tasks.json', 'single.json'].map((name) =>
				readFileSync(join(workspace.folder, boardsFolder, name), 'utf8'),
			),
			untouched,
		);
		assert.equal(await workspace.status('D'), 'COMPLETED');
		const kept = (await workspace.events('A'))
			.filter(({ type }) => type === 'board.conflict')
			.map(({ data }) => data?.['record']);
		assert.deepEqual(kept, [
			{ task_id: 'A', status: 'BLOCKED', y: 2 },
			{ task_id: 'A', status: 'PENDING', x: 1 },
		]);
		assert.equal((await workspace.events()).filter(({ type }) => type === 'workspace.adopted').length, 1);
		assert.equal(new Set(workspace.quarantine()).size, 4, 'a copy of each file that is written or unreadable');
		assert.equal((await workspace.task('B'))?.task.block_reason?.kind, 'needs_input');
	});

	it('are left alone by a mirror until they are adopted', async () => {
		const workspace = make({
			'task_backlog.json': [{ id: 'A', status: 'PENDING' }],
			'working_tasks.json': 'not JSON',
		});
		await workspace.openLedger();
		const mirror = workspace.mirror();
		mirror.start();
		const before = contentsOf(join(workspace.folder, boardsFolder));
		await mirror.flush();
		assert.deepEqual(contentsOf(join(workspace.folder, boardsFolder)), before);
		assert.equal(await workspace.task('A'), undefined);
		await assert.rejects(mirror.acceptLedger('working_tasks', ann), /not taken over yet/u);
		await adoptBoards(workspace.tools, ann);
		await mirror.flush();
		assert.deepEqual(workspace.records('task_backlog'), [{ id: 'A', status: 'PENDING' }]);
		assert.match((await workspace.events('A'))[0]?.message ?? '', /^adopted from/u);
	});

	describe(`of a real older project${victorFixture === undefined ? ' (skipped: ../shared/fixtures/victor-os is not beside the repository)' : ''}`, () => {
		const boards = ['task_backlog', 'working_tasks', 'completed_tasks'] as const;
		before(function () {
			if (victorFixture === undefined) {
				this.skip();
			}
		});
		const make = () => {
			const workspace = at(folders.make());
			copyVictor(workspace.folder);
			return workspace;
		};
		const originals = (): Map<string, JsonObject[]> => {
			const found = new Map<string, JsonObject[]>();
			for (const board of boards) {
				const path = join(victorFixture ?? '', boardsFolder, `${board}.json`);
				for (const record of JSON.parse(readFileSync(path, 'utf8')) as JsonObject[]) {
					found.set(idOf(record), [...(found.get(idOf(record)) ?? []), record]);
				}
			}
			return found;
		};

		it('shows every readable task and one problem for the file that is YAML, and changes no byte', async () => {
			const workspace = make();
			const before = contentsOf(workspace.folder);
			const { tasks, problems } = await readForeignBoards(nodeFileSystem, workspace.folder);
			assert.equal(tasks.length, 30 + 75 + 13 + 1);
			const unreadable = problems.filter(({ code }) => code.startsWith('board.'));
			assert.deepEqual(
				unreadable.map(({ code, file, line }) => [code, file, line]),
				[['board.unreadable', `${boardsFolder}/task_ready_queue.json`, 1]],
			);
			const isDouble = ({ code }: { readonly code: string }) =>
				code === 'record.duplicateId' || code === 'record.contradiction';
			assert.equal(problems.filter(isDouble).length, 5);
			assert.equal(problems.filter((each) => each.severity === 'error' && !isDouble(each)).length, 1);
			await planBoards(workspace.tools);
			assert.deepEqual(contentsOf(workspace.folder), before);
		});

		it('is adopted with every original field, each task on the board of its status', async () => {
			const workspace = make();
			const { report } = await adoptBoards(workspace.tools, ann);
			const mirror = workspace.mirror();
			await mirror.flush();
			assert.equal(report.data['tasks'], 114);
			const known = originals();
			const seen = new Set<string>();
			let withId = 0;
			for (const board of boards) {
				for (const record of workspace.records(board)) {
					const id = idOf(record);
					assert.ok(!seen.has(id), `${id} stands once`);
					seen.add(id);
					withId += Object.hasOwn(record, 'id') ? 1 : 0;
					assert.equal(taskFromRecord(record).task?.status, (await workspace.task(id))?.task.status, id);
					const candidates = known.get(id);
					if (candidates !== undefined) {
						assert.ok(
							candidates.some((original) => JSON.stringify(original) === JSON.stringify(record)),
							`${id} is as its author wrote it`,
						);
					}
				}
			}
			assert.equal(seen.size, 114);
			assert.equal(withId, 18, 'ids under "id" stay there');
			assert.equal(workspace.records('completed_tasks').length, 85);
			assert.deepEqual(
				readFileSync(workspace.path('task_ready_queue'), 'utf8'),
				readFileSync(join(victorFixture ?? '', boardsFolder, 'task_ready_queue.json'), 'utf8'),
			);
			assert.deepEqual(
				(await mirror.check())
					.filter(({ severity }) => severity === 'error')
					.map(({ code, file }) => [code, file]),
				[['board.unreadable', `${boardsFolder}/task_ready_queue.json`]],
			);
			// The same again from nothing but the boards and the ledger: nothing is left to do.
			const texts = boardNames.map((board) => workspace.text(board));
			await workspace.mirror().flush();
			assert.deepEqual(
				boardNames.map((board) => workspace.text(board)),
				texts,
			);
		});

		it('lets one of its tasks be done, and keeps all its fields to the end', async () => {
			const workspace = make();
			await adoptBoards(workspace.tools, ann);
			const mirror = workspace.mirror();
			await mirror.flush();
			const id = 'SNAPSHOT-ENGINE-BOOTSTRAP-001';
			const [original] = originals().get(id) ?? [];
			await workspace.claim(id, 'Agent-1', 'host-1');
			await mirror.flush();
			await workspace.move(id, 'start');
			await workspace.move(id, 'complete');
			await mirror.flush();
			const record = workspace.records('completed_tasks').find((each) => idOf(each) === id);
			assert.equal(record?.['status'], 'COMPLETED');
			const changed = Object.keys(original ?? {}).filter(
				(key) => JSON.stringify(original?.[key]) !== JSON.stringify(record?.[key]),
			);
			assert.deepEqual(changed.sort(), ['status', ...changed.filter((key) => key !== 'status')].sort());
			assert.deepEqual(
				changed.filter((key) => !['status', 'claimed_by'].includes(key) && !key.startsWith('timestamp')),
				[],
			);
			assert.deepEqual(
				Object.keys(record ?? {}).slice(0, Object.keys(original ?? {}).length),
				Object.keys(original ?? {}),
			);
		});
	});
});
