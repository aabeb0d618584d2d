// Checks that commands still read where nothing can be written, say why, and write again when there is room.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { canMount, runOnTinyDisk } from '../../support/tinyDisk.ts';

interface Said {
	readonly status: number;
	readonly stdout: string;
	readonly stderr: string;
}

describe('commands on a full disk', function () {
	this.timeout(600_000);
	const folders = useTemporaryFolders();

	it('read what is there, refuse to write, and go on when there is room', async function () {
		if (!canMount()) {
			if (this.test !== undefined) {
				this.test.title += ' (this system allows no private mount)';
			}
			this.skip();
		}
		const folder = folders.make();
		const program = fileURLToPath(new URL('../../support/commandsFullDisk.child.ts', import.meta.url));
		const said = JSON.parse(await runOnTinyDisk(folder, '3m', program, folder)) as Record<string, Said>;
		const names = ({ stdout }: Said = { status: 1, stdout: '[]', stderr: '' }) =>
			(JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
		assert.deepEqual(names(said['list']), ['one'], JSON.stringify(said));
		assert.match(said['list']?.stderr ?? '', /disk is full/u);
		assert.deepEqual([said['doctor']?.status, said['check']?.status], [0, 0]);
		assert.equal(said['create']?.status, 1);
		assert.match(said['create']?.stderr ?? '', /"code":"ledger\.full"/u);
		// A ledger that cannot be made is not one that somebody forgot to make, and this is said once.
		assert.equal(said['init']?.status, 1);
		assert.match(said['init']?.stderr ?? '', /^\{"error":\{"code":"ledger\.full","message":"The disk is full/u);
		assert.equal(said['later']?.status, 0);
		assert.deepEqual(names(said['after']), ['one', 'three']);
	});
});
