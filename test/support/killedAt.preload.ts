// Kills its own process, as a power cut would, right before the change of files whose number DREAMOS_TEST_KILL_AT names, below the
// folder DREAMOS_TEST_KILL_BELOW. Loaded with `--import` before a program that is tested.

import { appendFileSync } from 'node:fs';
import { watchChanges } from './failingFiles.ts';

const { DREAMOS_TEST_KILL_AT: at, DREAMOS_TEST_KILL_BELOW: below, DREAMOS_TEST_KILL_LOG: log } = process.env;
if (at !== undefined && below !== undefined) {
	const marker = '/landing-';
	let begun = false;
	let seen = 0;
	watchChanges(below, (_count, call, paths) => {
		// What comes before the landing is not its business.
		begun ||= paths.some((path) => path.includes(marker)) || call === 'mkdtemp';
		if (!begun) {
			return;
		}
		seen += 1;
		if (log !== undefined) {
			appendFileSync(log, `${seen} ${call} ${paths.join(' ')}\n`);
		}
		if (seen === Number(at)) {
			process.kill(process.pid, 'SIGKILL');
			// Nothing goes on while the signal is on its way.
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
		}
	});
}
