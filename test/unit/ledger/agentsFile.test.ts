// Checks runtime/agents.json: the same care as for boards.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/base/json.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { BoardWorkspace } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('the file of agents', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		mirror = workspace.mirror();
		await mirror.flush();
	});
	afterEach(() => workspace.close());

	const path = () => join(workspace.folder, 'runtime/agents.json');
	const text = () => readFileSync(path(), 'utf8');
	const edit = (change: (agents: JsonObject[]) => JsonObject[]) =>
		writeFileSync(path(), `${JSON.stringify(change(JSON.parse(text()) as JsonObject[]), null, 2)}\n`);
	const agents = () => workspace.ledger.read((reader) => reader.agents());
	const agent = (id: string) => workspace.ledger.read((reader) => reader.agent(id));

	it('warns of a key that stands in it, on its line, and of nothing that only looks like one', async () => {
		writeFileSync(
			path(),
			'[\n  {\n    "id": "zoe",\n    "env": {\n      "TOKENIZERS": "parallel-1",\n      "ZOE_API_KEY": "sk-12345678"\n    }\n  }\n]\n',
		);
		await mirror.flush();
		assert.deepEqual(
			(await mirror.check()).map(({ code, severity, line }) => [code, severity, line]),
			[['agents.secret', 'warning', 6]],
		);
		assert.equal((await agent('zoe'))?.id, 'zoe');
	});

	it('takes edits, new agents and unknown fields over, and leaves the file as it was typed', async () => {
		edit((list) => [
			{ id: 'zoe', driver: 'acp', command: ['zoe', 'acp'], mood: 'fine' },
			...list.map((each) => (each['id'] === 'Agent-2' ? { ...each, enabled: false, team: 7 } : each)),
		]);
		const typed = text();
		await mirror.flush();
		assert.equal(text(), typed);
		assert.equal((await agents()).length, 9);
		assert.deepEqual(
			[(await agent('zoe'))?.['mood'], (await agent('Agent-2'))?.enabled, (await agent('Agent-2'))?.['team']],
			['fine', false, 7],
		);
	});

	it('writes what changed in the ledger, and only that', async () => {
		const before = text();
		const second = await agent('Agent-2');
		assert.ok(second !== undefined);
		await workspace.ledger.write(ann, async (transaction) => {
			await transaction.putAgent({ ...second, enabled: false });
			await transaction.append({ type: 'agent.changed', agent_id: 'Agent-2', message: 'off' });
		});
		await mirror.flush();
		const [expected] = [before.split('\n')];
		const changed = text()
			.split('\n')
			.filter((line, index) => line !== expected[index]);
		assert.deepEqual(changed, ['    "enabled": false']);
	});

	it('merges by field, and keeps the ledger where both changed one', async () => {
		const second = await agent('Agent-2');
		assert.ok(second !== undefined);
		edit((list) =>
			list.map((each) => (each['id'] === 'Agent-2' ? { ...each, name: 'from the file', role: 'testing' } : each)),
		);
		await workspace.ledger.write(ann, async (transaction) => {
			await transaction.putAgent({ ...second, name: 'from the ledger' });
			await transaction.append({ type: 'agent.changed', agent_id: 'Agent-2', message: 'renamed' });
		});
		await mirror.flush();
		assert.deepEqual(
			[(await agent('Agent-2'))?.name, (await agent('Agent-2'))?.role],
			['from the ledger', 'testing'],
		);
		assert.ok(text().includes('from the ledger'));
	});

	it('removes an agent that is taken out, unless it is at work', async () => {
		await workspace.create({ task_id: 'A', name: 'do it' });
		await workspace.claim('A', 'Agent-3', 'host-1');
		edit((list) => list.filter((each) => each['id'] !== 'Agent-3' && each['id'] !== 'Agent-4'));
		await mirror.flush();
		assert.equal(await agent('Agent-4'), undefined);
		assert.ok((await agent('Agent-3')) !== undefined);
		assert.ok(text().includes('"Agent-3"'), 'it is put back into the file');
	});

	it('puts agents back when all of them vanish at once', async () => {
		edit(() => []);
		await mirror.flush();
		assert.equal((await agents()).length, 8);
		assert.equal((JSON.parse(text()) as object[]).length, 8);
	});

	it('points at an agent that cannot be used, keeps it as it was, and its entry where it stands', async () => {
		edit((list) => [
			...list.map((each) => (each['id'] === 'Agent-2' ? { ...each, driver: 'telepathy' } : each)),
			{ id: '1-no', name: 'bad id' },
		]);
		const typed = text();
		await mirror.flush();
		assert.equal((await agent('Agent-2'))?.driver, 'command');
		assert.deepEqual(
			(await mirror.check()).map(({ code, line }) => [code, line === 0]),
			[
				['agents.badAgent', false],
				['agents.badAgent', false],
			],
		);
		const first = await agent('Agent-1');
		assert.ok(first !== undefined);
		await workspace.ledger.write(ann, async (transaction) => {
			await transaction.putAgent({ ...first, name: 'Chief' });
			await transaction.append({ type: 'agent.changed', agent_id: 'Agent-1', message: 'renamed' });
		});
		await mirror.flush();
		assert.equal(text(), typed.replace('"Captain"', '"Chief"'));
	});

	it('never writes over a file it cannot read, and writes a lost one again', async () => {
		const before = text();
		writeFileSync(path(), 'agents: [me]\n');
		await mirror.flush();
		await mirror.flush();
		assert.equal(text(), 'agents: [me]\n');
		assert.equal((await agents()).length, 8);
		assert.deepEqual(
			(await mirror.check()).map(({ code, file }) => [code, file]),
			[['board.unreadable', 'runtime/agents.json']],
		);
		assert.equal(workspace.quarantine().length, 1);
		rmSync(path());
		await mirror.flush();
		assert.deepEqual(JSON.parse(text()), JSON.parse(before));
		assert.deepEqual(await mirror.check(), []);
	});
});
