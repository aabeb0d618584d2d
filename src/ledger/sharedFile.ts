// Owns a small file that several processes read and write in place. What cannot be read or written is not there: nobody may rest
// on such a file.

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Disposable } from '../base/event.ts';

export class SharedFile implements Disposable {
	private readonly path: string;
	/** undefined before the first use, null when there can be none. */
	private file: number | null | undefined;

	/** @param path of the file; it is made when missing. */
	constructor(path: string) {
		this.path = path;
	}

	/** Fills the target, with zeros where the file has no more. */
	read(target: Float64Array | Buffer, offset: number): boolean {
		const file = this.open();
		if (file === null) {
			return false;
		}
		try {
			const bytes = readSync(file, target, 0, target.byteLength, offset);
			if (bytes < target.byteLength) {
				target.fill(0, Math.floor(bytes / target.BYTES_PER_ELEMENT));
			}
			return true;
		} catch {
			return false;
		}
	}

	write(source: Float64Array | Buffer, offset: number): boolean {
		const file = this.open();
		if (file === null) {
			return false;
		}
		try {
			return writeSync(file, source, 0, source.byteLength, offset) === source.byteLength;
		} catch {
			// A full disk.
			return false;
		}
	}

	dispose(): void {
		if (typeof this.file === 'number') {
			closeSync(this.file);
		}
		this.file = null;
	}

	private open(): number | null {
		if (this.file === undefined) {
			try {
				this.file = openSync(this.path, constants.O_RDWR | constants.O_CREAT, 0o644);
			} catch {
				this.file = null;
			}
		}
		return this.file;
	}
}
