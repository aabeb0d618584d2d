// Owns reading many files of `/proc`: few at a time, each into a buffer that is used again. `readFile` takes 64 KB for a file that
// tells no size, and keeps it until memory is collected: for all processes of a machine, tens of megabytes at each look.

import { Buffer } from 'node:buffer';
import { close, open, read } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const readInto = promisify(read);

/** Files that are read at a time by one call; the system's threads for files are not many more. */
const atATime = 4;
const bufferBytes = 16 * 1024;
/** Nobody's environment is as large; what is behind is not read. */
const mostBytes = 16 * 1024 * 1024;
/** Buffers nobody reads into at this moment; more than some are needed only by looks at the same moment. */
const idleBuffers: Buffer[] = [];
const mostIdle = 2 * atATime;

/**
 * Reads a file of each of the given processes, as bytes that are characters.
 * @param take told what was read; not called for one that is gone or may not be read.
 */
export async function readProcFiles(
	pids: readonly number[],
	name: 'stat' | 'environ',
	take: (pid: number, text: string) => void,
): Promise<void> {
	const waiting = pids.values();
	const work = async (): Promise<void> => {
		const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
		try {
			for (const pid of waiting) {
				const text = await readWhole(`/proc/${pid}/${name}`, buffer).catch(() => undefined);
				if (text !== undefined) {
					take(pid, text);
				}
			}
		} finally {
			if (idleBuffers.length < mostIdle) {
				idleBuffers.push(buffer);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(atATime, pids.length) }, work));
}

async function readWhole(path: string, buffer: Buffer): Promise<string> {
	const file = await openFile(path, 'r');
	try {
		let text = '';
		for (let more = true; more && text.length < mostBytes;) {
			const { bytesRead } = await readInto(file, buffer, 0, buffer.length, null);
			text += buffer.toString('latin1', 0, bytesRead);
			more = bytesRead > 0;
		}
		return text;
	} finally {
		await closeFile(file);
	}
}
