// A program of its own for `agentStreams.ts`: the packed host with a look into its own process. The bundle's path and the file for
// the port are in the environment; `begin` on a connection starts a measurement, `end` tells it as one object.

import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { hostBundleVariable, hostPortVariable } from './watchedHost.ts';
import { watchOwnProcess } from './ownProcess.ts';

const own = watchOwnProcess();
const server = createServer((socket) => {
	socket.on('error', () => undefined);
	socket.on('data', (word) => {
		if (String(word) === 'begin') {
			own.begin();
			socket.end('{}');
		} else {
			socket.end(JSON.stringify(own.end()));
		}
	});
});
server.listen(0, '127.0.0.1', () => {
	writeFileSync(process.env[hostPortVariable] ?? '', String((server.address() as AddressInfo).port));
});
server.unref();
await import(pathToFileURL(process.env[hostBundleVariable] ?? '').href);
