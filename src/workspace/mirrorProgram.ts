// Owns the program of the thread that mirrors a window's boards: it opens the folder as a host does, follows the boards, and answers.

import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from '../base/log.ts';
import { describeError } from '../base/errors.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { SwarmModel } from '../core/swarm/swarmModel.ts';
import { createChokidarWatcher } from '../node/chokidarWatcher.ts';
import { createGit } from '../node/git.ts';
import { nodeFileSystem } from '../node/nodeFileSystem.ts';
import { createProcessRunner } from '../node/processRunner.ts';
import { createSystemContainer } from '../node/systemContainer.ts';
import { systemClock } from '../node/systemClock.ts';
import { FolderState } from './folderState.ts';
import type { MirrorReply, MirrorRequest, MirrorThreadData } from './mirrorMessages.ts';
import { sayError } from './mirrorMessages.ts';
import { WorkspaceSettings } from './workspaceSettings.ts';

const port = parentPort;
if (port === null) {
	throw new Error('This program is a thread of an editor window.');
}
const { folder } = workerData as MirrorThreadData;
const say = (reply: MirrorReply) => port.postMessage(reply);
const line = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, error?: unknown) =>
	say({ kind: 'log', level, message: error === undefined ? message : `${message} ${describeError(error)}` });
const log: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
const processes = createProcessRunner({ log });
const ports = {
	clock: systemClock,
	files: nodeFileSystem,
	watcher: createChokidarWatcher({ onError: (message, error) => log.warn(`${message} ${describeError(error)}`) }),
	processes,
	container: createSystemContainer({ processes }),
	git: createGit({ workspaceFolder: folder, log }),
};
const place = new FolderState(
	{
		folder,
		log,
		startedFrom: 'editor',
		hostScript: '',
		follows: 'boards',
		onProblems: (problems) => say({ kind: 'problems', problems }),
	},
	ports,
	new WorkspaceSettings(nodeFileSystem, folder, undefined),
	new SwarmModel(systemClock, log),
);

async function answer(request: MirrorRequest): Promise<readonly BoardProblem[]> {
	if (request.call === 'close') {
		await place.close();
		return [];
	}
	if (place.mirror === undefined) {
		// It may have become ours a moment ago.
		await place.refresh();
	}
	switch (request.call) {
		case 'flush':
			await place.assertLedger();
			await place.withSoundLedger(async () => place.mirror?.flush());
			return [];
		case 'check':
			return place.withSoundLedger(() => place.requireMirror().check());
		case 'acceptLedger':
			await place.withSoundLedger(() => place.requireMirror().acceptLedger(request.board, request.actor));
			return [];
	}
}

port.on('message', (request: MirrorRequest) => {
	const { id } = request;
	void answer(request).then(
		(problems) => say({ kind: 'answer', id, problems }),
		(error: unknown) => say({ kind: 'refusal', id, error: sayError(error) }),
	);
});
place.refresh().catch((error: unknown) => log.error('The boards are not mirrored.', error));
