// A process as an editor window is one, without the editor: it follows everything, mirrors the boards, and looks at tasks until it
// is killed.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../src/base/log.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { person } from './soakPlace.ts';

const [, , folder = ''] = process.argv;
const workspace = await openWorkspace({
	folder,
	log: nullLogger,
	startedFrom: 'editor',
	editorSettings: () => ({}),
	hostScript: '/nowhere/host.cjs',
	mirrorScript: join(import.meta.dirname, '../../src/workspace/mirrorProgram.ts'),
	follows: 'everything',
});
let isEnding = false;
process.once('SIGTERM', () => (isEnding = true));
while (!isEnding) {
	await workspace.dream.perform('task.list', {}, person);
	await delay(2000);
}
await workspace.close();
