// Checks the order of writers, and that a broken or missing line keeps nobody from writing.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaitingLine } from '../../../src/ledger/waitingLine.ts';
import { ann } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles } from '../../support/ledgerFile.ts';
import { asOrdinaryPerson } from '../../support/ordinaryPerson.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('WaitingLine', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();
	const lines: WaitingLine[] = [];
	let moment = 5000;
	const line = (path: string) => {
		const made = new WaitingLine(path, () => (moment += 0.01));
		lines.push(made);
		return made;
	};
	afterEach(() => {
		for (const each of lines.splice(0)) {
			each.dispose();
		}
	});

	it('puts those first who wait longest, and newcomers behind them all', () => {
		const path = join(folders.make(), 'line');
		const [first, second, newcomer] = [line(path), line(path), line(path)];
		assert.equal(first.ahead(), 0);
		first.wait(1);
		assert.equal(second.ahead(), 1);
		second.wait(1);
		assert.deepEqual([first.ahead(), second.ahead(), newcomer.ahead()], [0, 1, 2]);
		first.wait(1);
		assert.deepEqual([first.ahead(), second.ahead()], [0, 1]);
		first.leave();
		assert.deepEqual([second.ahead(), newcomer.ahead(), first.ahead()], [0, 1, 1]);
		first.wait(1);
		assert.deepEqual([second.ahead(), first.ahead()], [0, 1]);
	});

	it('passes by who has not been heard of, and takes it back where it stood', () => {
		const path = join(folders.make(), 'line');
		const [silent, other] = [line(path), line(path)];
		silent.wait(1);
		other.wait(1);
		assert.equal(other.ahead(), 1);
		moment += 2;
		other.wait(1);
		assert.equal(other.ahead(), 0);
		silent.wait(1);
		assert.equal(other.ahead(), 1);
	});

	it('forgets who is closed', () => {
		const path = join(folders.make(), 'line');
		const [closed, other] = [line(path), line(path)];
		closed.wait(1);
		closed.dispose();
		assert.equal(other.ahead(), 0);
	});

	it('holds as many as there are places, each on its own', () => {
		const path = join(folders.make(), 'line');
		const many = Array.from({ length: 40 }, () => line(path));
		for (const each of many) {
			each.wait(1);
		}
		assert.deepEqual(
			many.map((each) => each.ahead()),
			many.map((_, index) => index),
		);
	});

	it('takes garbage for nobody', () => {
		const path = join(folders.make(), 'line');
		const numbers = [NaN, NaN, NaN, 1, -Infinity, Infinity, 1, 0, 1e300, Infinity, 5, 5];
		writeFileSync(path, Buffer.concat([Buffer.from(new Float64Array(numbers).buffer), Buffer.from('torn')]));
		const one = line(path);
		assert.equal(one.ahead(), 0);
		one.wait(1);
		assert.equal(line(path).ahead(), 1);
	});

	it('lets everybody be first where there can be no line', async () => {
		const folder = folders.make();
		mkdirSync(join(folder, 'dreamos.db-line'));
		const ledger = await open(folder);
		await ledger.write(ann, (transaction) => transaction.setFact('f', 1));
		chmodSync(folder, 0o555);
		await asOrdinaryPerson(folder, () => {
			const alone = line(join(folder, 'other-line'));
			alone.wait(1);
			assert.equal(alone.ahead(), 0);
			return Promise.resolve();
		});
	});
});
