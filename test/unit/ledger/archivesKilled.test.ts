// Checks the archives against SIGKILL: a program that archives all the time is killed in the middle of it, again and again. What it
// had settled is on a file at every such moment, and afterwards ledger and files agree.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readBoardFiles } from '../../../src/core/workspace/readBoardFiles.ts';
import { sleep } from '../../../src/base/async.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { assertInPlace } from '../../support/archivedTasks.ts';
import { BoardWorkspace } from '../../support/boardWorkspace.ts';
import { useLedgerProcesses } from '../../support/ledgerProcess.ts';
import { Random } from '../../support/random.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const kills = 4;

describe('archives of a program that is killed', function () {
	this.timeout(180_000);
	const folders = useTemporaryFolders();
	const start = useLedgerProcesses();

	it('has every task that was settled on a file whenever it dies, and settles the rest afterwards', async () => {
		const random = new Random(20_261_125);
		const workspace = await BoardWorkspace.make(folders.make());
		const { folder } = workspace;
		const mirror = workspace.mirror({ archive: () => ({ kept: 5, days: 0 }) });
		await mirror.flush();
		let archived = 0;
		for (let kill = 0; kill < kills; kill++) {
			const name = `k${kill}`;
			const path = join(folder, 'runtime/dreamos.db');
			const program = start({ path, name, job: { kind: 'archive', folder } });
			await program.line(`settled ${2 + random.below(5)}`);
			await sleep(random.below(60));
			program.child.kill('SIGKILL');
			await program.ended;
			const rounds = program.lines.filter((line) => line.startsWith('settled')).length;
			// The files as the dead left them, without any ledger.
			const found = new Set(
				(await readBoardFiles(nodeFileSystem, folder)).flatMap(({ reading }) => [
					...(reading?.byId.keys() ?? []),
				]),
			);
			for (let round = 0; round < rounds; round++) {
				for (let index = 0; index < 7; index++) {
					assert.ok(found.has(`${name}-${round}-${index}`), `${name}-${round}-${index} is on a file`);
				}
			}
			// Its lease runs out, then another takes over.
			workspace.later(5000);
			await mirror.flush();
			await assertInPlace(workspace);
			archived = (await workspace.ledger.read((reader) => reader.countByStatus('archived'))).COMPLETED;
		}
		assert.ok(archived > 25, `${archived} were archived`);
		const removed = (await workspace.events()).filter(({ type }) => type === 'task.removed');
		assert.deepEqual(removed, []);
		await workspace.close();
	});
});
