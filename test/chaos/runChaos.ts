// Owns one chaos run from an empty folder to the verdict: begins the processes, lets things befall them, ends them in order, lets the
// boards come to rest, and has it all checked.

import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../src/base/log.ts';
import { describeError } from '../../src/base/errors.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { Random } from '../support/random.ts';
import { createMark, endProcesses } from '../support/processTree.mjs';
import { boards, readRecords } from './boardText.ts';
import { ledgerFile, makePlace } from './chaosPlace.ts';
import type { ChaosPlace } from './chaosPlace.ts';
import type { Verdict } from './checker.ts';
import { check } from './checker.ts';
import type { FaultName } from './faults.ts';
import { Faults } from './faults.ts';
import type { Role } from './lives.ts';
import { Lives } from './lives.ts';

export interface ChaosOptions {
	readonly seed: number;
	readonly minutes: number;
	/** Ends earlier, once the fast writers have done so many operations. */
	readonly operations?: number;
	readonly tasks: number;
	/** How long it is from one thing that befalls somebody to the next, on average. */
	readonly faultMilliseconds: number;
	readonly crowd: Readonly<Record<Role, number>>;
	/** Empty folder for everything the run leaves. */
	readonly root: string;
	/** Folder of a small disk of the run's own. */
	readonly disk?: string;
	readonly say?: (line: string) => void;
}

export interface ChaosReport extends Verdict {
	readonly seed: number;
	readonly seconds: number;
	readonly faults: Readonly<Record<FaultName, number>>;
	readonly lives: Readonly<Record<Role, number>>;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
	const { seed, minutes, tasks, crowd, root, say = () => undefined } = options;
	const began = performance.now();
	const mark = createMark();
	const place = await makePlace(root, options.disk);
	const lives = new Lives({ place, mark, seed, tasks, crowd });
	const faults = new Faults(place, lives, new Random(seed), options.faultMilliseconds);
	const ending = new AbortController();
	try {
		lives.start();
		const raging = faults.rage(ending.signal);
		// Told where it is awaited; until then everybody lives on, and is ended in order.
		raging.catch(() => undefined);
		await waitForTheEnd(lives, began + minutes * 60_000, options.operations ?? Infinity, say);
		ending.abort();
		await raging;
	} finally {
		ending.abort();
		await lives.end();
		await endProcesses(mark, undefined, 5000);
	}
	say('Everybody has ended; the boards come to rest.');
	const complaints = [...lives.complaints, ...(await settle(place))];
	const verdict = check({ folder: place.folder, ledger: ledgerFile(place.folder), journals: place.journals });
	return {
		...verdict,
		findings: [...complaints.map((message) => ({ rule: 'process' as const, message })), ...verdict.findings],
		seed,
		seconds: Math.round((performance.now() - began) / 1000),
		faults: faults.counts,
		lives: lives.begun,
	};
}

async function waitForTheEnd(
	lives: Lives,
	end: number,
	operations: number,
	say: (line: string) => void,
): Promise<void> {
	for (let next = performance.now() + 30_000; performance.now() < end && lives.steps < operations;) {
		await delay(200);
		if (performance.now() > next) {
			next += 30_000;
			const left = Math.max(0, Math.round((end - performance.now()) / 1000));
			say(`${lives.steps.toLocaleString('en')} operations of the writers; ${left} s at most are left.`);
		}
	}
}

/** What a person does in the end: decides about boards that cannot be read, and waits until every board shows the ledger. */
async function settle({ folder }: ChaosPlace): Promise<string[]> {
	const workspace = await openWorkspace({
		folder,
		log: nullLogger,
		startedFrom: 'terminal',
		hostScript: '/nowhere/host.cjs',
		follows: 'nothing',
	});
	try {
		for (let round = 0; round < 3; round += 1) {
			await workspace.flushBoards();
			for (const board of boards.filter((each) => readRecords(folder, each) === undefined)) {
				await workspace.dream.perform('boards.accept', { board }, { kind: 'human', id: 'chaos' });
			}
		}
		return [];
	} catch (error) {
		return [`The boards did not come to rest: ${describeError(error)}`];
	} finally {
		await workspace.close();
	}
}
