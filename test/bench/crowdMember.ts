// Owns how one process of a crowd goes about a load: warms up, waits for the word, claims until the time is up, reports.
//   forked by claimCrowd.ts with its NUMBER from 1 on; for each load it is sent the load and warms up by itself, is sent a word and
//   warms up with the others, answers both with 'ready', is sent 'go', sends a ClaimReport; ends when its parent lets it go

import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimReport, CrowdLoad } from './claimCrowd.ts';
import { monotonicNow } from './otherProcess.ts';
import { shuffled } from './statistics.ts';

/** Claims of each process before the word is given, on tasks of its own. */
export const warmUpClaims = 40;

/** What came of a claim; `over` when nothing is left to claim. */
export type ClaimOutcome = 'granted' | 'refused' | 'busy' | 'over';

export interface MemberWork {
	/** Called so often as `warmUpClaims` says. */
	warmUp(index: number): Promise<void>;
	/** @param deadline time of `performance.now` at which all end; who waits may give up then. */
	claim(index: number, deadline: number): Promise<ClaimOutcome>;
	close(): void;
}

/** Takes part until the parent ends the crowd: never resolves. */
export async function joinCrowd(open: (load: CrowdLoad, number: number) => Promise<MemberWork>): Promise<never> {
	process.once('disconnect', () => process.exit());
	const number = Number(process.argv[2]);
	for (;;) {
		const load = (await word()) as CrowdLoad;
		const work = await open(load, number);
		const order = [...shuffled(load.tasks, number)];
		const begin = performance.now();
		await work.warmUp(0);
		const first = performance.now() - begin;
		await warmUp(work, 1, warmUpClaims / 2);
		process.send?.('ready');
		await word();
		await warmUp(work, warmUpClaims / 2, warmUpClaims);
		process.send?.('ready');
		await word();
		const report = await claimInOrder(work, order, load);
		work.close();
		process.send?.({ ...report, first });
	}
}

const word = () => new Promise((resolve) => process.once('message', resolve));

async function warmUp(work: MemberWork, start: number, end: number): Promise<void> {
	for (let index = start; index < end; index += 1) {
		await work.warmUp(index);
	}
}

async function claimInOrder(
	work: MemberWork,
	order: readonly number[],
	{ milliseconds, pause }: CrowdLoad,
): Promise<Omit<ClaimReport, 'first'>> {
	const think = () => (pause > 0 ? delay(pause * 2 * Math.random()) : undefined);
	// Nobody's agents think in step.
	await think();
	const report = { waits: [] as number[], began: monotonicNow(), last: 0, refused: 0, busy: 0 };
	const deadline = performance.now() + milliseconds;
	for (const index of order) {
		const begin = performance.now();
		if (begin >= deadline) {
			break;
		}
		const outcome = await work.claim(index, deadline);
		if (outcome === 'over') {
			break;
		}
		if (outcome === 'refused') {
			// Another process was first, as it must be.
			report.refused += 1;
		} else {
			report.waits.push(performance.now() - begin);
		}
		if (outcome === 'busy') {
			report.busy += 1;
		} else if (outcome === 'granted') {
			report.last = monotonicNow();
		}
		await think();
	}
	return report;
}
