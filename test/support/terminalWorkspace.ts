// Owns how tests open a workspace as a command in a terminal does: nothing is followed, and there is no host to start.

import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace, WorkspaceOptions } from '../../src/workspace/workspaceOptions.ts';

export const openTerminalWorkspace = (folder: string, more: Partial<WorkspaceOptions> = {}): Promise<OpenWorkspace> =>
	openWorkspace({
		folder,
		log: nullLogger,
		startedFrom: 'terminal',
		hostScript: join(folder, 'no-host.cjs'),
		follows: 'nothing',
		...more,
	});
