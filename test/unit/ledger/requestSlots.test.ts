// Checks how requests and answers pass between processes, and that whatever is wrong with the file only makes everybody serve itself.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestSlots } from '../../../src/ledger/requestSlots.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('RequestSlots', () => {
	const folders = useTemporaryFolders();
	const opened: RequestSlots[] = [];
	let moment = 5000;
	const open = (path: string) => {
		const slots = new RequestSlots(path, () => moment);
		opened.push(slots);
		return slots;
	};
	afterEach(() => {
		for (const each of opened.splice(0)) {
			each.dispose();
		}
	});

	it('carries a request to who serves, and the answer back', () => {
		const path = join(folders.make(), 'slots');
		const [asker, server] = [open(path), open(path)];
		assert.ok(asker.post('please'));
		assert.equal(asker.look(), 'waiting');
		const [taken, ...none] = server.take();
		assert.ok(taken !== undefined && none.length === 0);
		assert.deepEqual([taken.text, taken.mayBeServed, asker.look()], ['please', false, 'taken']);
		server.answer(taken, 'done');
		assert.deepEqual(asker.look(), { answer: 'done' });
		assert.deepEqual(server.take(), []);
	});

	it('carries many at once, each to its owner', () => {
		const path = join(folders.make(), 'slots');
		const server = open(path);
		const askers = Array.from({ length: 40 }, () => open(path));
		askers.forEach((asker, index) => assert.ok(asker.post(`request ${index}`)));
		for (const taken of server.take()) {
			server.answer(taken, `answer to ${taken.text}`);
		}
		assert.deepEqual(
			askers.map((asker) => asker.look()),
			askers.map((_, index) => ({ answer: `answer to request ${index}` })),
		);
	});

	it('gives a request to one server only, and says so when another must take it over', () => {
		const path = join(folders.make(), 'slots');
		const [asker, killed, next] = [open(path), open(path), open(path)];
		asker.post('please');
		assert.equal(killed.take().length, 1);
		assert.deepEqual(next.take(), []);
		moment += 300;
		assert.equal(asker.look(), 'waiting');
		assert.deepEqual(
			next.take().map(({ text, mayBeServed }) => [text, mayBeServed]),
			[['please', true]],
		);
	});

	it('serves nobody who took it back, or is gone', () => {
		const path = join(folders.make(), 'slots');
		const [withdrawn, killed, server] = [open(path), open(path), open(path)];
		withdrawn.post('never mind');
		killed.post('too late');
		withdrawn.withdraw();
		assert.equal(server.survey().asked, 1);
		moment += 2000;
		assert.deepEqual([server.survey().asked, server.take()], [0, []]);
	});

	it('asks once more for what could not be read or served', () => {
		const path = join(folders.make(), 'slots');
		const [asker, server] = [open(path), open(path)];
		asker.post('please');
		const bytes = readFileSync(path);
		bytes.write('x', bytes.indexOf('please'));
		writeFileSync(path, bytes);
		assert.deepEqual(server.take(), []);
		assert.equal(asker.look(), 'gone');
		asker.post('please');
		const [taken] = server.take();
		assert.ok(taken !== undefined);
		server.answer(taken);
		assert.equal(asker.look(), 'gone');
	});

	it('says who serves, as long as it does', () => {
		const path = join(folders.make(), 'slots');
		const [server, other] = [open(path), open(path)];
		server.serves(true);
		assert.deepEqual([other.survey().isServed, server.survey().isServed], [true, false]);
		moment += 100;
		assert.equal(other.survey().isServed, false);
		server.serves(true);
		server.serves(false);
		assert.equal(other.survey().isServed, false);
	});

	it('takes garbage for nobody, and what is too long for nothing', () => {
		const path = join(folders.make(), 'slots');
		writeFileSync(path, Buffer.alloc(10_000, 0x7f));
		const [asker, server] = [open(path), open(path)];
		assert.deepEqual(server.take(), []);
		assert.equal(asker.post('x'.repeat(100_000)), false);
		assert.ok(asker.post('please'));
		assert.deepEqual(
			server.take().map(({ text }) => text),
			['please'],
		);
	});

	it('lets everybody serve itself where there can be no file', () => {
		const path = join(folders.make(), 'slots');
		mkdirSync(path);
		const slots = open(path);
		assert.equal(slots.post('please'), false);
		assert.deepEqual([slots.survey(), slots.take()], [{ isServed: false, asked: 0 }, []]);
	});
});
