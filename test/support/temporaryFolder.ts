// Owns temp folders of tests: made on demand, removed after each test, and nothing outside them is touched.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolders {
	/** A fresh empty folder; its real path, as programs report it. */
	make(name?: string): string;
}

/** Call inside `describe`: folders made in a test, its hooks or its suite's are gone after the suite. */
export function useTemporaryFolders(): TemporaryFolders {
	const folders: string[] = [];
	after(() => {
		for (const folder of folders.splice(0)) {
			removeWholly(folder);
		}
	});
	return {
		make(name = 'dreamos-test') {
			const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
			folders.push(folder);
			return folder;
		},
	};
}

function removeWholly(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	} catch {
		// A test of read-only folders failed half-way.
		execFileSync('chmod', ['-R', 'u+rwX', folder]);
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}
