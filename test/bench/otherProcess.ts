// Owns talking to a second process that writes to the ledger, and the clock the two share.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MoveName } from '../../src/core/task/taskStatus.ts';

export interface WriteOrder {
	readonly id: string;
	readonly move: MoveName;
}

/** Milliseconds of the system's monotonic clock: the same in every process of the machine. */
export const monotonicNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A time of that clock as one of the wall clock. */
export const wallTime = (monotonic: number): number => Date.now() - (monotonicNow() - monotonic);

export interface OtherProcess {
	/** Has a task moved; resolves to the time at which the move was durable. */
	write(order: WriteOrder): Promise<number>;
	end(): Promise<void>;
}

/** Starts the writer on a workspace and waits until its ledger is open. */
export async function startOtherProcess(folder: string): Promise<OtherProcess> {
	const child = fork(join(import.meta.dirname, 'ledgerWriter.program.ts'), [folder], { execArgv: [] });
	await once(child, 'message');
	const waiting = new Map<string, (at: number) => void>();
	child.on('message', ({ id, at }: { readonly id: string; readonly at: number }) => {
		waiting.get(id)?.(at);
		waiting.delete(id);
	});
	const ended = once(child, 'exit').then(() => {
		throw new Error('The writing process ended early.');
	});
	ended.catch(() => undefined);
	return {
		write(order) {
			const written = new Promise<number>((resolve) => waiting.set(order.id, resolve));
			child.send(order);
			return Promise.race([written, ended]);
		},
		async end() {
			if (child.exitCode === null) {
				child.disconnect();
				await once(child, 'exit');
			}
		},
	};
}
