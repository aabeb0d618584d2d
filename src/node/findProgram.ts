// Owns finding a program by its name as the system does when it starts one: along the PATH, by its permissions, on Windows with
// the endings that make a file a program. It starts nothing.

import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Absolute path of a program, given by name or by path; undefined where there is none. */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
	if (name.trim() === '' || name.includes('\0')) {
		return undefined;
	}
	const isWindows = process.platform === 'win32';
	const endings = isWindows ? ['', ...(environment['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';')] : [''];
	const path = environment['PATH'] ?? environment['Path'] ?? '';
	const folders = isAbsolute(name) ? [''] : path.split(delimiter).filter((folder) => isAbsolute(folder));
	for (const folder of folders) {
		for (const ending of endings) {
			const file = join(folder, `${name}${ending}`);
			if (await isProgram(file)) {
				return file;
			}
		}
	}
	return undefined;
}

async function isProgram(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}
