// Owns a real ledger in a temporary folder, and the one door for actions over it, for tests that need no board files.

import { join } from 'node:path';
import { DreamError } from '../../src/base/errors.ts';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Dream } from '../../src/core/dream.ts';
import { createDream } from '../../src/core/dream.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { noPolicy } from '../../src/core/policy/readPolicy.ts';
import { defaultSettings } from '../../src/core/settings.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { createGit } from '../../src/node/git.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import type { AgentDoor } from '../../src/core/actions/agentDoor.ts';
import type { SwarmDoor } from '../../src/core/actions/swarmDoor.ts';
import type { WorkspaceDoor } from '../../src/core/actions/workspaceDoor.ts';

export const ann: Actor = { kind: 'human', id: 'ann' };

/** A door that refuses whatever a test did not mean to ask of it. */
function refusing(what: string): () => never {
	return () => {
		throw new DreamError('test.notHere', `${what} is not part of this test.`);
	};
}

const workspaceDoor: WorkspaceDoor = {
	folder: '/nowhere',
	state: () => 'ours',
	initialize: refusing('initialize'),
	makeSample: refusing('makeSample'),
	foreignView: refusing('foreignView'),
	planAdoption: refusing('planAdoption'),
	adopt: refusing('adopt'),
	checkBoards: refusing('checkBoards'),
	acceptLedger: refusing('acceptLedger'),
	examine: refusing('examine'),
	importBoards: refusing('importBoards'),
	importCheckpoints: refusing('importCheckpoints'),
	exportCheckpoints: refusing('exportCheckpoints'),
	policy: async () => noPolicy,
	placePaths: async (paths) => paths.map((named) => ({ named, place: 'inside', names: [named] })),
	rememberRule: refusing('rememberRule'),
};

const swarmDoor: SwarmDoor = {
	startedFrom: 'terminal',
	refusal: () => undefined,
	ensureHost: refusing('ensureHost'),
	status: refusing('status'),
	land: refusing('land'),
	whyWaiting: async () => null,
	explain: refusing('explain'),
	waitUntilStopped: refusing('waitUntilStopped'),
};

const agentDoor: AgentDoor = {
	presets: async () => [],
	containment: refusing('containment'),
	check: refusing('check'),
	isSteerable: (id) => id === 'acp',
};

/** @param wrap what stands between the ledger and everybody, such as guards. */
export async function openTemporaryLedger(
	folder: string,
	wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<{ readonly ledger: Ledger; readonly dream: Dream }> {
	const ledger = wrap(await openLedger({ path: join(folder, 'dreamos.db'), clock: systemClock, log: nullLogger }));
	return { ledger, dream: dreamOver(ledger, folder) };
}

/** The door for actions over a ledger and nothing else. */
export function dreamOver(ledger: Ledger, folder: string): Dream {
	return createDream({
		clock: systemClock,
		log: nullLogger,
		workspace: workspaceDoor,
		swarm: swarmDoor,
		agents: agentDoor,
		worktrees: { list: refusing('list'), reclaim: refusing('reclaim'), place: refusing('place') },
		ledger: () => ledger,
		settings: () => defaultSettings,
		git: createGit({ workspaceFolder: folder }),
	});
}
