// Owns how people steer a run at work: it stands still while it is paused, and what they wrote is said to its agent, in its next turn
// or at once. It learns of both from the ledger, and asks it again before it lets the work be over.

import type { Disposable } from '../../base/event.ts';
import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { displayText } from '../../base/text.ts';
import type { NextTurn, SteeringDoor, TurnMoment } from '../driver/driver.ts';
import type { Run } from '../run/run.ts';
import { isPausedRun } from '../run/run.ts';
import type { RunMessage } from '../run/runMessages.ts';
import { deliverMessages, waitingMessages } from '../run/runMessages.ts';
import type { HostLedger } from './hostLedger.ts';
import { quote } from './taskPrompt.ts';
import type { WaitClock } from './waitClock.ts';

export interface RunSteeringParts {
	readonly ledger: HostLedger;
	readonly log: Logger;
	readonly run: Run;
	/** Time in which the run is paused is counted here. */
	readonly waits: WaitClock;
	/** Aborted when the run is to end. */
	readonly signal: AbortSignal;
	/** A line of the run's log: what somebody said to the agent, that it stands still. */
	readonly onSaid: (line: string) => void;
}

interface Wishes {
	readonly run: Run;
	readonly messages: readonly RunMessage[];
}

export class RunSteering implements SteeringDoor {
	private readonly parts: RunSteeringParts;
	private wishes: Wishes;
	/** Ids of what the agent was told, or is about to be. */
	private readonly said = new Set<string>();
	private listener: (() => void) | undefined;
	private wake: () => void = () => undefined;

	constructor(parts: RunSteeringParts) {
		this.parts = parts;
		this.wishes = { run: parts.run, messages: [] };
		parts.signal.addEventListener('abort', () => this.wake(), { once: true });
	}

	/** What the ledger says at this moment. */
	notice(run: Run, messages: readonly RunMessage[]): void {
		this.wishes = { run, messages };
		this.wake();
		this.cut();
	}

	onCut(listener: () => void): Disposable {
		this.listener = listener;
		this.cut();
		return {
			dispose: () => {
				this.listener = undefined;
			},
		};
	}

	async next(moment: TurnMoment): Promise<NextTurn | undefined> {
		const pausedBy = await this.standStill();
		if (this.parts.signal.aborted) {
			return undefined;
		}
		const messages = this.wishes.messages.filter(({ message_id }) => !this.said.has(message_id));
		const text = [
			...opening(moment, pausedBy),
			...messages.map(({ from, text: words }) => `${from} says:\n${quote(words)}`),
			...(moment === 'start' || (messages.length === 0 && pausedBy === undefined) ? [] : [closing]),
		].join('\n\n');
		if (messages.length === 0 && moment !== 'cut') {
			return undefined;
		}
		for (const { message_id, from, text: words } of messages) {
			this.said.add(message_id);
			this.parts.onSaid(`${from} says to ${this.parts.run.worker}: ${displayText(words)}`);
		}
		return { text, onHeard: () => this.deliver(messages) };
	}

	private get wantsCut(): boolean {
		const { run, messages } = this.wishes;
		return isPausedRun(run) || messages.some(({ now, message_id }) => now && !this.said.has(message_id));
	}

	private cut(): void {
		const { listener } = this;
		if (listener !== undefined && this.wantsCut) {
			this.listener = undefined;
			listener();
		}
	}

	/** Waits while the run is paused. Returns who had paused it; undefined when nobody had. */
	private async standStill(): Promise<string | undefined> {
		const { waits, signal, onSaid } = this.parts;
		let pausedBy: string | undefined;
		let end: (() => void) | undefined;
		try {
			for (;;) {
				const changed = new Promise<void>((resolve) => {
					this.wake = resolve;
				});
				if (signal.aborted) {
					return pausedBy;
				}
				await this.look();
				const { pause } = this.wishes.run;
				pausedBy = pause?.by ?? pausedBy;
				if (!isPausedRun(this.wishes.run)) {
					if (end !== undefined) {
						onSaid('Goes on.');
					}
					return pausedBy;
				}
				if (end === undefined) {
					end = waits.begin();
					onSaid(`Paused by ${pause?.by ?? 'somebody'}.`);
				}
				await changed;
			}
		} finally {
			end?.();
		}
	}

	/** Reads the wishes of this very moment; a pause that is over is taken off the run. */
	private async look(): Promise<void> {
		const { ledger, run: mine, log } = this.parts;
		try {
			const { run, messages } = await ledger.read(async (reader) => ({
				run: await reader.run(mine.run_id),
				messages: await waitingMessages(reader, mine.task_id),
			}));
			this.wishes = { run: run ?? mine, messages };
			if (run?.pause?.is_over === true) {
				await ledger.persist((transaction) => transaction.updateRun(run, { pause: null }));
			}
		} catch (error) {
			log.warn(`${mine.run_id}: what people want was not read: ${describeError(error)}`);
		}
	}

	private deliver(messages: readonly RunMessage[]): void {
		const { ledger, run, log } = this.parts;
		if (messages.length > 0) {
			ledger
				.persist((transaction) => deliverMessages(transaction, run, messages))
				.catch((error: unknown) =>
					log.warn(`${run.run_id}: that a message was delivered was not written: ${describeError(error)}`),
				);
		}
	}
}

const closing =
	'Go on with your task with this in mind; its rules still hold. When you are done, say in a few sentences what you changed.';

function opening(moment: TurnMoment, pausedBy: string | undefined): string[] {
	if (moment === 'start') {
		return ['This was said to you besides:'];
	}
	if (pausedBy !== undefined) {
		return [
			`You were paused by ${pausedBy} and may go on now. A command that was running was ended, and files may have changed.`,
		];
	}
	return moment === 'cut' ? ['You were interrupted, because somebody has something to say.'] : [];
}
