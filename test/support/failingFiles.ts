// Owns faults of a disk on demand: every change of a file below a folder is counted, and from a chosen one on the disk is full, a
// file refuses to be written, or the process is killed. Works on what `node:fs/promises` does for everybody in this process.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Called before each change with its number from 1, the name of the call and its paths; what it throws the call rejects with. */
type OnChange = (count: number, call: string, paths: readonly string[]) => void;

const changing = [
	'mkdir',
	'mkdtemp',
	'open',
	'writeFile',
	'appendFile',
	'link',
	'symlink',
	'rename',
	'unlink',
	'rm',
	'rmdir',
	'copyFile',
	'chmod',
] as const;

type Call = (...parameters: unknown[]) => Promise<unknown>;

/** Watches changes below a folder until the answer is called; `open` for reading is no change. */
export function watchChanges(folder: string, onChange: OnChange): () => void {
	const originals = new Map<string, Call>();
	let count = 0;
	const note = (call: string, parameters: readonly unknown[]) => {
		const paths = parameters.filter((each): each is string => typeof each === 'string' && each.startsWith(folder));
		if (paths.length > 0) {
			count += 1;
			onChange(count, call, paths);
		}
	};
	for (const name of changing) {
		const original = fs.promises[name] as Call;
		originals.set(name, original);
		const watched: Call = async (...parameters) => {
			const isReading = name === 'open' && (parameters[1] ?? 'r') === 'r';
			if (!isReading) {
				note(name, parameters);
			}
			const result = await original(...parameters);
			if (name === 'open' && !isReading) {
				const handle = result as fs.promises.FileHandle;
				const write = handle.writeFile.bind(handle);
				handle.writeFile = async (...content) => {
					note('write', parameters);
					await write(...content);
				};
			}
			return result;
		};
		Reflect.set(fs.promises, name, watched);
	}
	syncBuiltinESMExports();
	return () => {
		for (const [name, original] of originals) {
			Reflect.set(fs.promises, name, original);
		}
		syncBuiltinESMExports();
	};
}

/** An error as the system gives it. */
export function systemError(code: 'ENOSPC' | 'EACCES' | 'EROFS', path: string): Error {
	return Object.assign(new Error(`${code}: planted, '${path}'`), { code, path });
}
