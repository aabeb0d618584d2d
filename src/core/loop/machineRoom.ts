// Owns whether this machine has room for one more agent: memory and processors against the limits of the person. Once there was too
// little it wants a margin above the limit before it begins again, so that it does not change its mind with every look. What runs goes on.

import { formatBytes } from '../../base/words.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Clock, Machine, MachineLoad } from '../ports.ts';
import type { Settings } from '../settings.ts';

const factKey = 'swarm.machine';
/** The load is looked at over at least this time: a moment says nothing about processors. */
const lookMilliseconds = 3000;
/** What it takes to begin again, as shares of the limits. */
const margin = { memory: 1.25, processor: 0.9 };
const megabyte = 1024 * 1024;

type Limits = Pick<Settings, 'swarm.minFreeMegabytes' | 'swarm.maxProcessorPercent'>;

/** Why the machine begins nothing more, as the host last said; undefined when it does. */
export async function readMachineRefusal(reader: Pick<LedgerReader, 'fact'>): Promise<string | undefined> {
	const fact = await reader.fact(factKey);
	return typeof fact === 'string' ? fact : undefined;
}

export class MachineRoom {
	private readonly machine: Machine | undefined;
	private readonly clock: Pick<Clock, 'monotonic'>;
	private refusal: string | undefined;
	/** What the last host said holds no longer. */
	private isPublished = false;
	private last: { readonly load: MachineLoad; readonly at: number; readonly percent: number } | undefined;

	constructor(machine: Machine | undefined, clock: Pick<Clock, 'monotonic'>) {
		this.machine = machine;
		this.clock = clock;
	}

	/** Why nothing more begins, as a phrase. */
	get reason(): string | undefined {
		return this.refusal;
	}

	/** Looks, at most every few seconds. True when the answer is another now, and other programs are to be told. */
	async look(limits: Limits): Promise<boolean> {
		const before = this.refusal;
		const isOff = limits['swarm.minFreeMegabytes'] === 0 && limits['swarm.maxProcessorPercent'] === 0;
		if (isOff || this.machine === undefined) {
			this.refusal = undefined;
			this.last = undefined;
		} else {
			const at = this.clock.monotonic();
			if (this.last === undefined || at - this.last.at >= lookMilliseconds) {
				const load = await this.machine.load();
				const percent = this.last === undefined ? 0 : busyPercent(this.last.load, load);
				this.last = { load, at, percent };
			}
			this.refusal = this.judge(limits);
		}
		return before !== this.refusal || !this.isPublished;
	}

	/** Tells the other programs. */
	async publish(write: <T>(work: (transaction: LedgerTransaction) => Promise<T>) => Promise<T>): Promise<void> {
		const { refusal } = this;
		await write((transaction) => transaction.setFact(factKey, refusal ?? null));
		this.isPublished = true;
	}

	private judge(limits: Limits): string | undefined {
		const { load, percent } = this.last ?? {};
		if (load === undefined || percent === undefined) {
			return undefined;
		}
		const isHeld = this.refusal !== undefined;
		const least = limits['swarm.minFreeMegabytes'] * megabyte;
		if (least > 0 && load.freeMemoryBytes < least * (isHeld ? margin.memory : 1)) {
			return `this machine has less than ${formatBytes(least)} of memory free (dreamos.swarm.minFreeMegabytes)`;
		}
		const most = limits['swarm.maxProcessorPercent'];
		if (most > 0 && percent > most * (isHeld ? margin.processor : 1)) {
			return `the processors of this machine are busy to more than ${most} % (dreamos.swarm.maxProcessorPercent)`;
		}
		return undefined;
	}
}

function busyPercent(before: MachineLoad, now: MachineLoad): number {
	const total = now.processorMilliseconds - before.processorMilliseconds;
	const idle = now.idleMilliseconds - before.idleMilliseconds;
	return total <= 0 ? 0 : Math.max(0, Math.min(100, ((total - idle) * 100) / total));
}
