// Owns landing in the running process: for a terminal, where neither a window nor a host is there to do it. A lease says that it
// lives: when it is killed in the middle, whoever comes next need not wait to do it again.

import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import { landingGuard } from '../core/landing/landRun.ts';
import { landCommand } from '../core/landing/landingWorker.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import { createFileLandingTarget } from '../node/fileLandingTarget.ts';
import type { Settings } from '../core/settings.ts';
import type { WorkspaceGit } from '../node/git.ts';
import { whileAlive } from './holdLease.ts';

export interface LandHereParts {
	readonly folder: string;
	readonly git: WorkspaceGit;
	readonly ledger: Ledger;
	readonly log: Logger;
	readonly settings: () => Settings;
}

/** Takes one landing command and carries it out by files. Fails with `landing.taken` when somebody else was first. */
export async function landHere(parts: LandHereParts, commandId: string): Promise<void> {
	const { folder, git, ledger, log } = parts;
	const actor: Actor = { kind: 'system', id: newId('landing') };
	const topFolder = realpathSync(await git.topFolder());
	await whileAlive(parts, actor, (taker) =>
		landCommand(
			{
				git,
				log,
				target: createFileLandingTarget({ topFolder, stagingFolder: join(folder, runtimePaths.landing) }),
				bounds: { workspacePath: relative(topFolder, realpathSync(folder)).split(sep).join('/') },
				read: (work) => ledger.read(work),
				write: (work) => ledger.write(actor, work),
				...landingGuard(ledger, actor),
				conflictRetries: () => parts.settings()['landing.conflictRetries'],
			},
			commandId,
			taker,
		),
	);
}
