// Preloaded into every process of a chaos run: the wall clock says what the run wants, read from a file. All processes of one machine
// have one clock, so all read the same file.

import { readFileSync } from 'node:fs';

const path = process.env['DREAMOS_CHAOS_CLOCK'];
if (path !== undefined) {
	const wall = Date.now.bind(Date);
	let shift = 0;
	const look = (): void => {
		try {
			shift = Number(readFileSync(path, 'utf8')) || 0;
		} catch {
			// The run has not said anything yet.
		}
	};
	look();
	setInterval(look, 100).unref();
	Date.now = () => wall() + shift;
}
