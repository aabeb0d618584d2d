// Owns the last look at a file we have just replaced. Another program may have opened it before our rename and write into it
// after: its bytes would go with the old file. While we hold the old file open they can still be read.

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

export class ReplacedFile {
	private readonly handle: FileHandle;
	private readonly modified: number;
	private readonly size: number;

	private constructor(handle: FileHandle, modified: number, size: number) {
		this.handle = handle;
		this.modified = modified;
		this.size = size;
	}

	/** Opens a file that is about to be replaced; undefined where that is not possible or would stand in the way. */
	static async hold(path: string): Promise<ReplacedFile | undefined> {
		if (process.platform === 'win32') {
			// An open file cannot be replaced there, so nobody else has it open either.
			return undefined;
		}
		try {
			const handle = await open(path, 'r');
			const { mtimeMs, size } = await handle.stat();
			return new ReplacedFile(handle, mtimeMs, size);
		} catch {
			return undefined;
		}
	}

	/** What somebody wrote into the file since it was held; undefined when nobody did. */
	async lateContent(): Promise<Uint8Array | undefined> {
		const { mtimeMs, size } = await this.handle.stat();
		if (mtimeMs === this.modified && size === this.size) {
			return undefined;
		}
		const bytes = Buffer.alloc(size);
		const { bytesRead } = await this.handle.read(bytes, 0, size, 0);
		return bytes.subarray(0, bytesRead);
	}

	async close(): Promise<void> {
		await this.handle.close();
	}
}
