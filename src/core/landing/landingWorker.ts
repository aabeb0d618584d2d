// Owns the queue of landings of one program: takes the commands meant for it, one at a time, oldest first. Commands whose taker
// died are given back, so that whoever lives can take them.

import type { Coalescer } from '../../base/async.ts';
import { coalesce, sleep } from '../../base/async.ts';
import { DreamError } from '../../base/errors.ts';
import type { Disposable } from '../../base/event.ts';
import type { Command, Ledger, LedgerReader } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { commandKinds } from '../swarmFacts.ts';
import { isTakerAlive } from './landingTaker.ts';
import type { LandingParts } from './landRun.ts';
import { landRun } from './landRun.ts';
import { revertRun } from './revertRun.ts';
import { hasLiveEditor } from './requestLanding.ts';

export interface LandingWorkerParts extends LandingParts {
	readonly clock: Clock;
	readonly onDidChange: Ledger['onDidChange'];
	/** `editor` takes what is meant for windows; `host` takes the rest, and everything when no window is attached. */
	readonly side: Command['target'];
	/** Goes to `taken_by`. A window names its lease (`editor:<id>`), a host its id (`host-…`): by that others see whether it lives. */
	readonly taker: string;
}

/** A window that holds its lease but does not take a landing for so long is passed over by the host. */
const editorPatienceMilliseconds = 20_000;
const windowMilliseconds = 5;
/** Pause after a ledger that could not be read or written. */
const retryMilliseconds = 1000;

export class LandingWorker implements Disposable {
	private readonly parts: LandingWorkerParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	private isDisposed = false;

	constructor(parts: LandingWorkerParts) {
		this.parts = parts;
		this.work = coalesce(
			windowMilliseconds,
			() => this.landAll(),
			(error) => parts.log.error('Landing failed; it is tried again.', error),
		);
		this.subscription = parts.onDidChange(() => this.work.trigger());
		this.work.trigger();
	}

	/** Looks again: for what changes with time alone, such as a window that is gone. */
	poke(): void {
		this.work.trigger();
	}

	/** Resolves when the landing in progress, if any, is through. */
	idle(): Promise<void> {
		return this.work.idle();
	}

	/** Takes nothing more; a landing in progress goes on, see `idle`. */
	dispose(): void {
		this.isDisposed = true;
		this.subscription.dispose();
		this.work.dispose();
	}

	private async landAll(): Promise<void> {
		for (const { command_id: id } of await this.parts.read((reader) => this.findOrphans(reader))) {
			await this.parts.write((transaction) => transaction.returnCommand(id));
		}
		for (let next = await this.next(); next !== undefined && !this.isDisposed; next = await this.next()) {
			const { command_id: id } = next;
			if (await this.parts.write((transaction) => transaction.takeCommand(id, this.parts.taker))) {
				await this.land(next);
			}
		}
	}

	private async land(command: Command): Promise<void> {
		try {
			await carryOut(this.parts, command);
		} catch (error) {
			await sleep(retryMilliseconds);
			await this.parts.write((transaction) => transaction.returnCommand(command.command_id));
			throw error;
		}
	}

	private next(): Promise<Command | undefined> {
		const { side, clock, read } = this.parts;
		return read(async (reader) => {
			const pending = (await reader.commands({ state: 'pending' })).filter(isLanding);
			if (pending.length === 0) {
				return undefined;
			}
			const now = clock.now();
			const isPassedOver = side === 'host' && !(await hasLiveEditor(reader, now));
			return pending.find(
				({ target, created_at }) =>
					target === side ||
					isPassedOver ||
					(side === 'host' && now - Date.parse(created_at) > editorPatienceMilliseconds),
			);
		});
	}

	/** Commands whose taker is gone. Nothing is in progress here at this moment: our own name was left by a failure. */
	private async findOrphans(reader: LedgerReader): Promise<Command[]> {
		const orphans: Command[] = [];
		for (const command of await reader.commands({ state: 'taken' })) {
			const isOurs = command.taken_by === this.parts.taker;
			if (isLanding(command) && (isOurs || !(await isTakerAlive(reader, command, this.parts.clock.now())))) {
				orphans.push(command);
			}
		}
		return orphans;
	}
}

/** Lands one command at once, for a program that does not stay: a terminal without a host. Fails with `landing.taken`. */
export async function landCommand(parts: LandingParts, commandId: string, taker: string): Promise<void> {
	const command = await parts.read((reader) => reader.command(commandId));
	if (command === undefined || !(await parts.write((transaction) => transaction.takeCommand(commandId, taker)))) {
		throw new DreamError('landing.taken', 'Somebody else lands this change already.', {
			details: { command_id: commandId },
		});
	}
	await carryOut(parts, command);
}

const isLanding = ({ kind }: Command): boolean =>
	kind === commandKinds.applyLanding || kind === commandKinds.revertLanding;

const carryOut = (parts: LandingParts, command: Command): Promise<void> =>
	command.kind === commandKinds.revertLanding ? revertRun(parts, command) : landRun(parts, command);
