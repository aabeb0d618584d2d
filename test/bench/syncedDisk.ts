// Owns what the disk itself charges for durability: blocks written over and over in a file as big as SQLite's log, each one synced.

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** SQLite begins its log anew at some 2,000 pages of 4 KB. */
const logLimit = 2000 * 4096;

export interface SyncedDisk {
	/** Writes the file to its full size, so that from then on nothing but its content changes. */
	fill(): void;
	sync(count: number): void;
	close(): void;
}

/** @param limit size in bytes at which it begins anew. */
export function openDisk(path: string, block: Buffer, limit = logLimit): SyncedDisk {
	const file = openSync(path, 'w');
	let position = 0;
	const sync = (count: number) => {
		for (let index = 0; index < count; index += 1) {
			if (position + block.length > limit) {
				position = 0;
			}
			position += writeSync(file, block, 0, block.length, position);
			fdatasyncSync(file);
		}
	};
	return { fill: () => sync(Math.ceil(limit / block.length)), sync, close: () => closeSync(file) };
}

/** How often a second something was done. */
export async function rateOf(count: number, work: () => void | Promise<void>): Promise<number> {
	const begin = performance.now();
	await work();
	return (count * 1000) / (performance.now() - begin);
}
