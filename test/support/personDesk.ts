// Owns a swarm with a person at it: a workspace opened as a terminal opens it, and the actions the person has.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import { worktreesFolder } from '../../src/node/cacheFolder.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { buildAgent } from './swarmBuilders.ts';
import { TemporarySwarm, person } from './temporarySwarm.ts';

export const write = (folder: string, path: string, text: string): void => writeFileSync(join(folder, path), text);

export class PersonDesk {
	mode: 'automatic' | 'review' | 'branch' = 'automatic';
	readonly swarm: TemporarySwarm;
	private opened: OpenWorkspace | undefined;

	private constructor(swarm: TemporarySwarm) {
		this.swarm = swarm;
	}

	static async open(root: string): Promise<PersonDesk> {
		const swarm = await TemporarySwarm.create(
			root,
			{ 'a.txt': 'one\ntwo\nthree\n', 'b.bin': new Uint8Array([0, 1]), 'gone.txt': 'gone\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		const desk = new PersonDesk(swarm);
		const setting = join(root, 'places');
		swarm.worktrees = worktreesFolder({ workspaceFolder: swarm.folder, setting });
		mkdirSync(swarm.worktrees, { recursive: true });
		desk.opened = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
			editorSettings: () => ({
				'worktrees.folder': setting,
				'landing.mode': desk.mode,
				'landing.conflictRetries': 0,
			}),
		});
		return desk;
	}

	get workspace(): OpenWorkspace {
		if (this.opened === undefined) {
			throw new Error('the workspace is not open');
		}
		return this.opened;
	}

	perform<Answer extends object>(id: string, input: object = {}): Promise<Answer> {
		return this.workspace.dream.perform(id, input, person) as Promise<Answer>;
	}

	async close(): Promise<void> {
		await this.workspace.close();
		await this.swarm.dispose();
	}
}
