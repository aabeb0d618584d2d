// Owns looking into a host while it works: it is started by a program that answers from inside the process.

import { connect } from 'node:net';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { OwnFigures } from './ownProcess.ts';

export const hostBundleVariable = 'DREAMOS_BENCH_HOST';
export const hostPortVariable = 'DREAMOS_BENCH_PORT';

export interface WatchedHost {
	/** What is started in place of the bundle. */
	readonly script: string;
	begin(): Promise<void>;
	end(): Promise<OwnFigures>;
	/** Takes the variables out of this process again. */
	dispose(): void;
}

/** Hosts that this process starts from now on by `script` can be asked. */
export function watchedHost(bundle: string, folder: string): WatchedHost {
	const portFile = join(folder, 'port');
	process.env[hostBundleVariable] = bundle;
	process.env[hostPortVariable] = portFile;
	const ask = async (word: string) => {
		const socket = connect(Number(await readFile(portFile, 'utf8')), '127.0.0.1');
		socket.write(word);
		return await text(socket);
	};
	return {
		script: join(import.meta.dirname, 'watchedHost.program.ts'),
		begin: async () => void (await ask('begin')),
		end: async () => JSON.parse(await ask('end')) as OwnFigures,
		dispose() {
			delete process.env[hostBundleVariable];
			delete process.env[hostPortVariable];
		},
	};
}
