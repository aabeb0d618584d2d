// Owns what every ProcessRunner must do with trees of processes that live: measure them, and end the part that works in a folder.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { randomText } from '../../src/base/ids.ts';
import type { ProcessRunner } from '../../src/core/ports.ts';
import { killAllWith, processesWith, until } from '../support/livingProcesses.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';

const node = process.execPath;

/** Runs the contract against a runner; `canFindDaemons` where the system shows more of processes than their parents. */
export function processTreesContract(
	name: string,
	create: () => ProcessRunner,
	options: { readonly canFindDaemons: boolean },
): void {
	describe(`${name} keeps the contract of process trees`, () => {
		const folders = useTemporaryFolders();
		let runner: ProcessRunner;
		let folder: string;
		let word: string;

		beforeEach(() => {
			runner = create();
			folder = folders.make();
			word = `dreamos-${randomText(12)}`;
		});
		afterEach(() => {
			const left = processesWith(word);
			killAllWith(word);
			assert.deepEqual(left, [], 'the test left processes');
		});

		/** A shell line that stays, ignores SIGTERM when asked to, and can be found by its word. */
		const stays = (kind: 'polite' | 'stubborn') =>
			`${node} -e "${kind === 'stubborn' ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000)" ${word}`;

		describe('measure', () => {
			it('tells memory, processor time and number of everything a process started, and nothing of one that is gone', async () => {
				const busy = `${node} -e "const kept = Buffer.alloc(60_000_000, 1); while (process.cpuUsage().user < 300_000); console.log(kept.length); setInterval(() => kept, 1000)" ${word}`;
				const child = await runner.spawn({ command: `${busy} & wait`, folder, onErrorOutput: () => {} });
				await child.output.getReader().read();
				const found = (await runner.measure([child.identity])).get(child.identity.pid);
				assert.ok(found !== undefined && found.memoryBytes > 60_000_000, JSON.stringify(found));
				assert.ok(found.cpuMilliseconds >= 300 && found.processes >= 2, JSON.stringify(found));
				const impostor = { ...child.identity, started: `9${child.identity.started}` };
				assert.equal((await runner.measure([impostor])).size, 0);
				await child.stop(0);
				assert.equal((await runner.measure([child.identity])).size, 0);
				assert.equal((await runner.measure([])).size, 0);
			});
		});

		(options.canFindDaemons ? describe : describe.skip)('endInFolder', () => {
			it('ends what a process started that works in the folder or below it, and neither it nor others', async () => {
				const [inside, beside] = [join(folder, 'inside'), join(folder, 'inside-too')];
				const lines = [
					`mkdir -p ${inside}/deep ${beside}`,
					`(cd ${inside}/deep && exec setsid ${stays('stubborn')} deep) &`,
					`(cd ${inside} && exec ${stays('polite')} in) &`,
					`(cd ${beside} && exec ${stays('polite')} beside) &`,
					`${stays('polite')} root`,
				];
				const child = await runner.spawn({ command: lines.join('\n'), folder, onErrorOutput: () => {} });
				const living = () =>
					processesWith(word)
						.filter(({ command }) => !command.includes('setsid') && !command.startsWith('/bin/sh'))
						.map(({ command }) => command.trim().split(' ').at(-1) ?? '')
						.toSorted();
				await until(() => living().join() === 'beside,deep,in,root', 'all to start');
				await runner.endInFolder(child.identity, inside);
				assert.deepEqual(living(), ['beside', 'root']);
				await child.stop(0);
			});
		});
	});
}
