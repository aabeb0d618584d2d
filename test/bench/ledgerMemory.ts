// Measures what a host holds of a large board: how much a process grows that opens a ledger and follows it. In a note beside it the
// same without what a host's runtime is told (workspace/hostMemory.ts), as it is in a window's extension host.
//
// Method: a program of its own opens the ledger, lets the model take its first picture and twenty more, one after each change. What it
// has resident then, garbage collected, less what it had before the ledger was opened. No task is finished: nothing of them lies in
// an archive that need not be read (see archiveScale.ts for those).

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memoryEnvironment, memoryFlags } from '../../src/workspace/hostMemory.ts';
import { defineBenchmark } from './benchmark.ts';
import type { MemoryGrowth } from './ledgerMemory.program.ts';
import { seedLedger } from './seededLedger.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'ledgerMemory.program.ts');

const sizes = [1000, 10_000, 100_000] as const;
const patience = 10 * 60_000;

export const ledgerMemory = defineBenchmark({
	figures: {
		'ledger.memory': {
			title: 'by how much a host grows that follows a ledger of 100,000 open tasks',
			unit: 'MB',
			limit: { atMost: 250 },
		},
	},
	async measure({ folder, say }) {
		const notes: string[] = [];
		let value = Number.NaN;
		for (const size of sizes) {
			const place = join(folder, String(size));
			await mkdir(place);
			say(`… seeding ${size} tasks`);
			const path = await seedLedger(place, size);
			const host = await follow(path, size, memoryFlags, { ...process.env, ...memoryEnvironment(process.env) });
			const plain = await follow(path, size, [], process.env);
			value = host.growth;
			notes.push(`${size} tasks: ${describe(host)}; without the flags: ${describe(plain)}`);
		}
		return { 'ledger.memory': { value, notes } };
	},
});

async function follow(
	path: string,
	size: number,
	flags: readonly string[],
	env: NodeJS.ProcessEnv,
): Promise<MemoryGrowth> {
	const options = { timeout: patience, env };
	const { stdout } = await run(process.execPath, [...flags, '--expose-gc', program, path], options);
	const told = JSON.parse(stdout) as MemoryGrowth;
	if (told.tasks !== size) {
		throw new Error(`The picture shows ${told.tasks} of ${size} tasks.`);
	}
	return told;
}

function describe({ growth, peak, before, live }: MemoryGrowth): string {
	const show = (megabytes: number) => `${megabytes.toFixed(0)} MB`;
	return `${show(growth)} more in the end and at most ${show(peak)} more, on top of ${show(before)}; ${show(live)} of it live objects`;
}
