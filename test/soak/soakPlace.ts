// Owns the folder of a soak run: a workspace in a real repository with its agents and settings, and beside it what the run observes.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import type { Random } from '../support/random.ts';
import { addManyFiles, makeRepository } from '../support/temporaryRepository.ts';
import { soakAgents } from './temperaments.ts';

export interface SoakPlace {
	/** The workspace. */
	readonly folder: string;
	readonly worktrees: string;
	/** Cache folder of everybody. */
	readonly cache: string;
	/** What the run saw, for the checker. */
	readonly observations: string;
}

/** Tries of a task before it fails. */
export const attemptsAllowed = 6;

export const person = { kind: 'human', id: 'soak' } as const;

export const placeOf = (root: string): SoakPlace => ({
	folder: join(root, 'workspace'),
	worktrees: join(root, 'worktrees'),
	cache: join(root, 'cache'),
	observations: join(root, 'observations.json'),
});

/** @param files so many files are in the repository from the beginning, beside one. */
export async function makePlace(root: string, random: Random, files: number): Promise<SoakPlace> {
	const place = placeOf(root);
	for (const each of [place.folder, place.worktrees, place.cache, join(place.folder, '.vscode')]) {
		mkdirSync(each, { recursive: true });
	}
	makeRepository(place.folder, { 'README.md': 'soak\n' });
	if (files > 0) {
		addManyFiles(place.folder, files);
	}
	const settings = {
		'dreamos.swarm.maxConcurrentRuns': 6,
		'dreamos.gates.timeoutSeconds': 60,
		'dreamos.agents.turnTimeoutSeconds': 90,
		'dreamos.agents.startTimeoutSeconds': 120,
		'dreamos.tasks.maxAttempts': attemptsAllowed,
		'dreamos.worktrees.folder': place.worktrees,
	};
	writeFileSync(join(place.folder, '.vscode', 'settings.json'), JSON.stringify(settings));
	const workspace = await open(place.folder);
	try {
		await workspace.dream.perform('workspace.initialize', {}, person);
		await workspace.ledger()?.write(person, async (transaction) => {
			for (const agent of shuffled(soakAgents(), random)) {
				await transaction.putAgent(agent);
			}
		});
		await workspace.flushBoards();
	} finally {
		await workspace.close();
	}
	return place;
}

/** The first free agent gets the next task: who is good and who is bad must not stand in a row. */
function shuffled<T>(list: readonly T[], random: Random): T[] {
	return list
		.map((value) => ({ value, place: random.next() }))
		.toSorted((one, other) => one.place - other.place)
		.map(({ value }) => value);
}

/** The workspace as a command in a terminal opens it. */
export const open = (folder: string): Promise<OpenWorkspace> =>
	openWorkspace({
		folder,
		log: nullLogger,
		startedFrom: 'terminal',
		hostScript: '/nowhere/host.cjs',
		follows: 'nothing',
	});
