// Checks what an import does to a ledger: only what is new, never twice, never over somebody's work; and what it leaves alone.

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/base/json.ts';
import { isJsonObject } from '../../../../src/base/json.ts';
import { importBoards } from '../../../../src/core/import/importBoards.ts';
import { runtimePaths } from '../../../../src/core/paths.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { BoardWorkspace, contentsOf } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann } from '../../../support/temporaryLedger.ts';

describe('an import', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let project: string;

	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		project = join(folders.make(), 'old');
		mkdirSync(project);
	});
	afterEach(() => workspace.close());

	const put = (file: string, content: JsonValue | Uint8Array): void => {
		const path = join(project, file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(
			path,
			typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2),
		);
	};
	const run = (isDryRun = false, path = project) =>
		importBoards(
			{ files: nodeFileSystem, folder: workspace.folder, ledger: workspace.ledger },
			{ path, isDryRun },
			ann,
		);
	const tasks = async () => {
		const stored = await workspace.ledger.read((reader) => reader.tasks());
		return new Map(stored.map((each) => [each.task.task_id, each]));
	};
	const told = async () => (await run(true)).lines.join('\n');
	/** Everything the ledger knows, to see that nothing changed. */
	const whole = async () => JSON.stringify([[...(await tasks()).values()], await workspace.events()]);

	it('brings tasks in with where they came from and what they said', async () => {
		put('runtime/tasks.json', [
			{
				task_id: 'A',
				description: 'Write the parser.\nCarefully.',
				status: 'Done',
				priority: 'urgent',
				assigned_to: 'agent_001',
				completion_date: '2025-04-29T10:00:00+00:00Z',
				created_at: '{{NOW}}',
				source: 'a book',
				mood: 'good',
			},
		]);
		assert.equal((await run()).imported, 1);
		const stored = (await tasks()).get('A');
		assert.ok(stored);
		const { task, record } = stored;
		assert.deepEqual(
			[task.status, task.priority, task.assigned_agent, task.name, task.completed_at, task.created_at],
			['COMPLETED', 'CRITICAL', 'Agent-1', 'Write the parser.', '2025-04-29T10:00:00.000Z', null],
		);
		assert.equal(record['status'], 'Done');
		assert.equal(record['mood'], 'good');
		assert.equal(record['dreamos_source'], 'a book');
		const source = record['source'];
		assert.ok(isJsonObject(source));
		assert.deepEqual(
			[source['file'], source['pointer'], source['id'], source['format']],
			['old/runtime/tasks.json', '/0', 'A', 'json'],
		);
		assert.deepEqual(source['raw'], {
			status: 'Done',
			priority: 'urgent',
			assigned_agent: 'agent_001',
			created_at: '{{NOW}}',
			completed_at: '2025-04-29T10:00:00+00:00Z',
		});
		const [created] = await workspace.events('A');
		assert.equal(created?.actor, 'human:ann');
		assert.match(created?.message ?? '', /imported from old\/runtime\/tasks\.json \(\/0\) as COMPLETED/u);
	});

	it('shows the tasks on the boards, and the boards are in order', async () => {
		put('working_tasks.json', [
			{ task_id: 'A', name: 'a', status: 'WORKING' },
			{ id: 3, description: 'b', status: 'todo' },
		]);
		await run();
		const mirror = workspace.mirror();
		await mirror.flush();
		assert.deepEqual(workspace.ids().working_tasks, ['A']);
		assert.deepEqual(workspace.ids().task_backlog, ['working_tasks-3']);
		const before = await whole();
		await mirror.flush();
		assert.equal(await whole(), before);
		assert.deepEqual(
			(await mirror.check()).filter(({ severity }) => severity === 'error'),
			[],
		);
	});

	it('of the same folder changes nothing the second time, also through another path to it', async () => {
		put('runtime/a.json', [
			{ task_id: 'A', name: 'a' },
			{ id: 1, name: 'one', status: 'todo' },
		]);
		put('runtime/b.json', [
			{ id: 1, name: 'other', status: 'todo' },
			{ task_id: 'A', name: 'a', status: 'done' },
		]);
		assert.equal((await run()).imported, 3);
		const before = await whole();
		assert.equal((await run()).imported, 0);
		assert.equal((await run(false, join(project, 'runtime'))).imported, 0);
		assert.equal((await run(false, join(project, 'runtime/b.json'))).imported, 0);
		const events = (await workspace.events()).filter(({ type }) => type === 'boards.imported');
		assert.equal(events.length, 1);
		assert.equal(await whole(), before);
	});

	it('of this very workspace brings nothing in, its archives and hooks included', async () => {
		workspace.write('task_ready_queue', JSON.stringify([{ task_id: 'A', name: 'a', status: 'READY' }]));
		await workspace.mirror().flush();
		const archive = join(workspace.folder, runtimePaths.archive);
		mkdirSync(archive, { recursive: true });
		writeFileSync(
			join(archive, 'completed_tasks-2026-01.json'),
			JSON.stringify([{ id: 7, name: 'long done', status: 'COMPLETED' }]),
		);
		assert.equal((await run(false, workspace.folder)).imported, 0);
	});

	it('of a folder that was moved changes nothing either', async () => {
		put('runtime/a.json', [{ id: 1, name: 'one', status: 'todo' }]);
		await run();
		const moved = join(dirname(project), 'elsewhere');
		renameSync(project, moved);
		mkdirSync(join(moved, 'old'));
		renameSync(join(moved, 'runtime'), join(moved, 'old/runtime'));
		assert.equal((await run(false, join(moved, 'old'))).imported, 0);
	});

	it('never resets a task that was worked on since', async () => {
		put('a.json', [
			{ task_id: 'A', name: 'a', status: 'PENDING' },
			{ id: 5, name: 'five', status: 'READY' },
		]);
		await run();
		await workspace.move('A', 'cancel');
		await workspace.move('a-5', 'cancel');
		const before = await whole();
		await run();
		assert.equal(await whole(), before);
	});

	it('leaves a task as it is when its source changed since, and says so', async () => {
		put('a.json', [{ id: 5, name: 'five', status: 'todo' }]);
		await run();
		put('a.json', [
			{ id: 4, name: 'four', status: 'todo' },
			{ id: 5, name: 'five again', status: 'done' },
		]);
		assert.match(await told(), /a-5 changed in old\/a\.json at \/1 since it was imported/u);
		assert.equal((await run()).imported, 1);
		assert.equal((await tasks()).get('a-5')?.task.name, 'five');
		assert.equal((await tasks()).get('a-4')?.task.name, 'four');
	});

	it('takes a file of the same name in another project for another file', async () => {
		put('a.json', [{ id: 5, name: 'five', status: 'todo' }]);
		await run();
		project = join(folders.make(), 'old');
		mkdirSync(project);
		put('a.json', [{ id: 5, name: 'something else', status: 'todo' }]);
		assert.equal((await run()).imported, 1);
		assert.deepEqual([...(await tasks()).keys()].sort(), ['a-5', 'old-a-5']);
	});

	it('never merges numbers, also when their records are equal', async () => {
		put('runtime/a.json', [{ id: 1, name: 'x', status: 'todo' }]);
		put('archive/a.json', [{ id: 1, name: 'x', status: 'todo' }]);
		await run();
		// What is live has the first choice of ids.
		assert.deepEqual([...(await tasks()).keys()].sort(), ['a-1', 'archive-a-1']);
	});

	it('means dependencies inside their file first', async () => {
		put('a.json', [
			{ id: 1, name: 'x', status: 'todo' },
			{ id: 2, name: 'y', status: 'todo', dependencies: [1, 'Z'] },
		]);
		put('b.json', [{ id: 1, name: 'z', status: 'todo' }]);
		await run();
		assert.deepEqual((await tasks()).get('a-2')?.task.dependencies, ['a-1', 'Z']);
	});

	it('merges records that are the same task; what counts is said, and the other is kept', async () => {
		put('backlog.json', [
			{ task_id: 'A', name: 'Write the parser', status: 'PENDING', priority: 'LOW', secret: 'kept' },
		]);
		put('done.json', [{ task_id: 'A', name: 'write the parser', status: 'COMPLETED', priority: 'HIGH' }]);
		const lines = await told();
		assert.match(lines, /A stands more than once: old\/done\.json at \/0 \(COMPLETED\) counts/u);
		assert.match(
			lines,
			/Contradiction about the status of A: COMPLETED in old\/done\.json at \/0, PENDING in old\/backlog\.json at \/0\./u,
		);
		assert.match(lines, /Contradiction about the priority of A: HIGH in .*, LOW in /u);
		await run();
		assert.equal((await tasks()).size, 1);
		const kept = (await workspace.events('A')).find(({ type }) => type === 'board.conflict');
		assert.match(JSON.stringify(kept?.data), /"secret":"kept"/u);
	});

	it('prefers what is not archived, however far along the archived record is', async () => {
		put('archive/a.json', [{ task_id: 'A', name: 'a', status: 'COMPLETED' }]);
		put('runtime/a.json', [{ task_id: 'A', name: 'a', status: 'REOPENED' }]);
		await run();
		assert.equal((await tasks()).get('A')?.task.status, 'PENDING');
	});

	it('keeps different tasks apart that share an id, and says why', async () => {
		put('a.json', [{ task_id: 'FIX-1', name: 'Repair the login page', status: 'todo' }]);
		put('b.json', [{ task_id: 'FIX-1', name: 'Water every plant', status: 'done' }]);
		assert.match(await told(), /FIX-1 of old\/a\.json at \/0 becomes a-FIX-1: another record has its id/u);
		await run();
		assert.deepEqual([...(await tasks()).keys()].sort(), ['FIX-1', 'a-FIX-1']);
		assert.equal((await run()).imported, 0);
	});

	it('leaves a task alone that is here without an import, and makes way for it when it is another one', async () => {
		await workspace.create({ task_id: 'A', name: 'Write the parser' });
		await workspace.create({ task_id: 'B', name: 'Paint the shed' });
		put('a.json', [
			{ task_id: 'A', name: 'Write the parser', status: 'done' },
			{ task_id: 'B', name: 'Buy milk', status: 'todo' },
		]);
		assert.match(await told(), /A is here already and stays as it is \(READY here, done in old\/a\.json\)/u);
		await run();
		const found = await tasks();
		assert.equal(found.get('A')?.task.status, 'READY');
		assert.equal(found.get('B')?.task.name, 'Paint the shed');
		assert.equal(found.get('a-B')?.task.name, 'Buy milk');
	});

	it('puts a task of a ready queue there only when nothing is open, and lets nobody hold what was in work', async () => {
		put('task_ready_queue.json', [
			{ task_id: 'R', name: 'r', status: 'PENDING' },
			{ task_id: 'W', name: 'w', status: 'PENDING', dependencies: ['R'] },
		]);
		put('working_tasks.json', [{ task_id: 'H', name: 'h', status: 'WORKING', claimed_by: 'Agent-2' }]);
		put('completed_tasks.json', [{ task_id: 'C', name: 'c' }]);
		await run();
		const found = await tasks();
		assert.deepEqual(
			['R', 'W', 'H', 'C'].map((id) => found.get(id)?.task.status),
			['READY', 'PENDING', 'IN_PROGRESS', 'COMPLETED'],
		);
		assert.equal(found.get('H')?.run_id, null);
		assert.match(await told(), /imported before/u);
	});

	it('never guesses a status: an unknown word waits for a person, and stays', async () => {
		put('a.json', [{ task_id: 'A', name: 'a', status: 'URGENT' }]);
		await run();
		const stored = (await tasks()).get('A');
		assert.equal(stored?.task.status, 'BLOCKED');
		assert.match(stored.task.block_reason?.text ?? '', /"URGENT"/u);
		assert.equal(stored.record['status'], 'URGENT');
	});

	it('that is a dry run writes nothing at all', async () => {
		put('a.json', [{ task_id: 'A', name: 'a' }]);
		put('b.json', '{{ {"task_id": "B", "name": "b", "status": "x"} }}');
		const [before, files, source] = [await whole(), contentsOf(workspace.folder), contentsOf(project)];
		const { imported, creates } = await run(true);
		assert.deepEqual([imported, creates], [0, 2]);
		assert.equal(await whole(), before);
		assert.deepEqual(contentsOf(workspace.folder), files);
		await run();
		assert.deepEqual(contentsOf(project), source);
	});

	it('names every repair and every file it cannot read, and changes neither', async () => {
		put('wrapped.json', '{{ {"task_id": "W", "name": "w", "status": "todo"} }}');
		put('torn.json', '[{"task_id": "T", "name": "t", "status": "todo"}, {"task_id": "U", "na');
		put('nul.yaml', new Uint8Array(20));
		put('prose.json', 'What is this?');
		put(
			'utf16.json',
			Uint8Array.from([
				0xff,
				0xfe,
				...Buffer.from('[{"task_id": "V", "name": "v", "status": "todo"}]', 'utf16le'),
			]),
		);
		const lines = await told();
		assert.match(lines, /wrapped\.json: one pair of doubled braces/u);
		assert.match(lines, /torn\.json: it breaks off/u);
		assert.match(lines, /utf16\.json: the text is UTF-16/u);
		assert.match(lines, /nul\.yaml: it holds nothing but NUL bytes \[nul-filled-file\]/u);
		assert.match(lines, /prose\.json: it is plain text, not data/u);
		await run();
		const found = await tasks();
		assert.deepEqual([...found.keys()].sort(), ['T', 'V', 'W']);
		assert.deepEqual(found.get('T')?.record['source'], {
			...(found.get('T')?.record['source'] as JsonObject | undefined),
			repairs: ['cut-off'],
		});
	});

	it('is not led astray: links, giant files, and the files of this very workspace', async () => {
		put('runtime/a.json', [{ task_id: 'A', name: 'a', status: 'todo' }]);
		symlinkSync('..', join(project, 'runtime/loop'));
		symlinkSync('/dev/zero', join(project, 'zero.json'));
		symlinkSync(join(project, 'nowhere'), join(project, 'dangling.json'));
		put('sparse.json', '');
		truncateSync(join(project, 'sparse.json'), 2 * 1024 ** 3);
		put('.git/tasks.json', [{ task_id: 'G', name: 'g', status: 'todo' }]);
		const lines = await told();
		assert.match(lines, /runtime\/loop: it is a symbolic link/u);
		assert.match(lines, /zero\.json: it is a symbolic link/u);
		assert.match(lines, /sparse\.json: it has 2048 MB; more than 64 MB are not read/u);
		assert.match(lines, /\.git: it is a tool's own folder/u);
		assert.equal((await run()).imported, 1);
		await workspace.mirror().flush();
		const own = await run(true, workspace.folder);
		assert.equal(own.creates, 0);
		assert.match(own.lines.join('\n'), /task_backlog\.json: it is a file of this workspace itself/u);
	});

	it('brings in what is hostile as the text it is', async () => {
		const text = 'lone \uD800 half, \0, \u001b[31m, \u202e, "quotes" and ${no} {{template}}';
		put(
			'a.json',
			`[{"task_id": "__proto__", "name": ${JSON.stringify(text)}, "status": "todo", "__proto__": {"status": "done"}},
			{"task_id": "constructor", "name": "c", "status": "todo"},
			{"task_id": "${'long'.repeat(100)}", "name": "n", "status": "todo"},
			{"task_id": "[AUTO_UUID]", "name": "u", "status": "todo"}]`,
		);
		put('big.json', [{ task_id: 'BIG', name: 'b', description: 'x'.repeat(10_000_000), status: 'todo' }]);
		assert.equal((await run()).imported, 5);
		const found = await tasks();
		assert.equal(found.get('__proto__')?.task.status, 'PENDING');
		assert.match(found.get('__proto__')?.task.name ?? '', /^lone \uFFFD half, \0/u);
		assert.equal(found.get('BIG')?.task.description.length, 10_000_000);
		assert.ok([...found.keys()].every((id) => id.length <= 200));
		assert.ok(found.has('a-AUTO_UUID'));
		assert.equal((await run()).imported, 0);
	});

	it('of what is not there fails before anything is done', async () => {
		await assert.rejects(run(false, join(project, 'nothing')), { code: 'import.notFound' });
	});

	it('twice changes nothing the second time, whatever the boards hold', async () => {
		const record = fc.record(
			{
				task_id: fc.oneof(
					fc.constantFrom('A', 'B', '1', '2', '{{uuid()}}'),
					fc.string({ minLength: 1, maxLength: 5 }),
				),
				id: fc.oneof(fc.nat(3), fc.constantFrom('A', 'C')),
				name: fc.constantFrom('', 'same thing', 'another matter', 'Untitled Task'),
				status: fc.constantFrom('todo', 'Done', 'WORKING', 'READY', 'what?', '', null, 7),
				priority: fc.constantFrom('HIGH', 1, 'odd', null),
				dependencies: fc.array(fc.constantFrom('A', 'B', '1', 'X'), { maxLength: 2 }),
				source: fc.constantFrom('book', { file: 'x', pointer: '', id: 'A', hash: 'h', origin: 'o' }),
			},
			{ requiredKeys: ['name', 'status'] },
		);
		const file = fc.constantFrom('a.json', 'runtime/working_tasks.json', 'archive/a.json', 'task_ready_queue.json');
		await fc.assert(
			fc.asyncProperty(fc.dictionary(file, fc.array(record, { maxLength: 6 }), { maxKeys: 3 }), async (files) => {
				project = join(folders.make(), 'old');
				mkdirSync(project);
				for (const [name, records] of Object.entries(files)) {
					put(name, records);
				}
				const first = await run();
				assert.equal(first.imported, first.creates);
				const before = await whole();
				assert.equal((await run()).imported, 0);
				assert.equal(await whole(), before);
			}),
			{ numRuns: 25 },
		);
	});
});
