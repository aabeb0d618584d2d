// Checks how requests and answers pass between processes, and that whatever is wrong with the file only makes everybody serve itself.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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
		assert.deepEqual([taken.text, asker.look()], ['please', 'taken']);
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

	it('gives a request to one server only, and says so when that one is late or gone', () => {
		const path = join(folders.make(), 'slots');
		const [asker, late, next] = [open(path), open(path), open(path)];
		asker.post('please');
		const [taken] = late.take();
		assert.ok(taken !== undefined);
		assert.deepEqual(next.take(), []);
		moment += 300;
		assert.equal(asker.look(), 'late');
		assert.deepEqual(next.take(), []);
		late.answer(taken, 'done');
		assert.deepEqual(asker.look(), { answer: 'done' });
	});

	it('keeps an answer that comes too late apart from what was left afterwards', () => {
		const path = join(folders.make(), 'slots');
		const [asker, late, server] = [open(path), open(path), open(path)];
		asker.post('first');
		const [first] = late.take();
		moment += 300;
		asker.withdraw();
		asker.post('second');
		const [second] = server.take();
		assert.ok(first !== undefined && second !== undefined);
		server.answer(second, 'the second');
		late.answer(first, 'the first');
		assert.deepEqual([asker.look(), late.take()], [{ answer: 'the second' }, []]);
	});

	it('leaves a slot that it lost to somebody else alone', () => {
		const path = join(folders.make(), 'slots');
		const [silent, server] = [open(path), open(path)];
		silent.post('first');
		const [first] = server.take();
		moment += 2000;
		const others = Array.from({ length: 64 }, () => open(path));
		others.forEach((other, index) => assert.ok(other.post(`request ${index}`)));
		assert.ok(first !== undefined);
		server.answer(first, 'too late');
		assert.equal(silent.post('second'), false);
		assert.deepEqual(new Set(others.map((other) => other.look())), new Set(['waiting']));
	});

	it('says whether all whose requests were taken still wait', () => {
		const path = join(folders.make(), 'slots');
		const [first, second, server] = [open(path), open(path), open(path)];
		first.post('first');
		second.post('second');
		const taken = server.take();
		assert.deepEqual([taken.length, server.areWanted(taken)], [2, true]);
		second.withdraw();
		assert.deepEqual([server.areWanted(taken), second.look()], [false, 'taken']);
		assert.equal(server.areWanted([]), true);
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
		asker.post('please');
		const [again] = server.take();
		assert.ok(again !== undefined);
		server.answer(again, 'answer');
		const damaged = readFileSync(path);
		damaged.write('x', damaged.indexOf('answer'));
		writeFileSync(path, damaged);
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

	it('writes into no file that a link in its place leads to', function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		const folder = folders.make();
		writeFileSync(join(folder, 'precious'), 'mine');
		symlinkSync(join(folder, 'precious'), join(folder, 'slots'));
		assert.equal(open(join(folder, 'slots')).post('please'), false);
		assert.equal(readFileSync(join(folder, 'precious'), 'utf8'), 'mine');
	});

	it('lets everybody serve itself where there can be no file', () => {
		const path = join(folders.make(), 'slots');
		mkdirSync(path);
		const slots = open(path);
		assert.equal(slots.post('please'), false);
		assert.deepEqual([slots.survey(), slots.take()], [{ isServed: false, asked: 0 }, []]);
	});
});
