// Runs the ProcessRunner contract with real processes, with both ways to list them.

import assert from 'node:assert/strict';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { defaultEndingTimes } from '../../../src/node/processTree.ts';
import { psTable } from '../../../src/node/processTable.ts';
import { processRunnerContract } from '../../contract/portsContractProcessRunner.ts';
import { processTreesContract } from '../../contract/portsContractProcessTrees.ts';
import { processesWith, until } from '../../support/livingProcesses.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const isLinux = process.platform === 'linux';
// Shorter than the product's, so that the suite takes seconds; the product's own times have a test below.
const endingTimes = { politeMilliseconds: 300, totalMilliseconds: 3_000 };

processRunnerContract('The runner of this system', () => createProcessRunner({ endingTimes }), {
	canFindDaemons: isLinux,
});
processTreesContract('The runner of this system', () => createProcessRunner({ endingTimes }), {
	canFindDaemons: isLinux,
});

if (isLinux) {
	it('The start of a process is known on Linux however short it runs', async () => {
		const starts: string[] = [];
		for (let count = 0; count < 20; count++) {
			await createProcessRunner().run({
				command: { program: 'true', arguments: [] },
				folder: '/',
				onStart: ({ started }) => starts.push(started),
			});
		}
		assert.deepEqual(
			starts.filter((started) => !/^[0-9a-f]{8}-\d+~\w+$/u.test(started)),
			[],
		);
	});

	// The table other Unix systems use; ps is the same program.
	processRunnerContract('The runner with ps', () => createProcessRunner({ table: psTable, endingTimes }), {
		canFindDaemons: false,
	});
	processTreesContract('The runner with ps', () => createProcessRunner({ table: psTable, endingTimes }), {
		canFindDaemons: false,
	});
}

describe('The times of the product', () => {
	const folders = useTemporaryFolders();

	it('end what ignores SIGTERM, after giving it time to end by itself', async () => {
		const word = `dreamos-times-${process.pid}`;
		const controller = new AbortController();
		let output = '';
		const running = createProcessRunner().run({
			command: `${process.execPath} -e "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')" ${word}`,
			folder: folders.make(),
			signal: controller.signal,
			onOutput: (text) => (output += text),
		});
		await until(() => output.includes('deaf'), 'the program to be deaf to SIGTERM');
		const begin = Date.now();
		controller.abort();
		await running;
		const took = Date.now() - begin;
		assert.ok(took > 1_000, `took ${took} ms`);
		// What a stop may take at most; how long one takes is the machine's, too.
		assert.ok(defaultEndingTimes.totalMilliseconds < 5_000);
		assert.deepEqual(processesWith(word), []);
	});
});
