// Owns the reasons for which a host ends in order: it is told to, the swarm was stopped, the last window is gone, or the program
// that began it is.

import type { Disposable } from '../base/event.ts';
import { DreamError, describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { hasLiveEditor } from '../core/landing/requestLanding.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Clock } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';
import { readSwarmFact } from '../core/swarmFacts.ts';

export interface StopWatchParts {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly settings: () => Settings;
	/** How long no window may be attached before a host that windows started ends; longer than a reload takes. */
	readonly windowPatienceMilliseconds?: number;
}

const lookEveryMilliseconds = 1000;
const defaultWindowPatience = 15_000;
/** A look that comes later than this was delayed by sleep, in which windows could not renew their leases either. */
const longestLook = 2000;

export class StopWatch implements Disposable {
	private readonly parts: StopWatchParts;
	private readonly controller = new AbortController();
	private readonly subscription: Disposable;
	private readonly timer: ReturnType<typeof setInterval>;
	private lastLook: number;
	private withoutWindow = 0;
	private looking = false;
	private urgent = false;

	constructor(parts: StopWatchParts) {
		this.parts = parts;
		this.lastLook = parts.clock.monotonic();
		this.subscription = parts.ledger.onDidChange(() => this.look());
		this.timer = setInterval(() => this.look(), lookEveryMilliseconds);
		this.look();
	}

	/** Aborted, with a DreamError `host.stopped` whose message is the reason, when the host is to end. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Whether nobody is asked to end in order. */
	get isUrgent(): boolean {
		return this.urgent;
	}

	/** The reason as a phrase; undefined while the host is to go on. */
	get reason(): string | undefined {
		return this.signal.aborted ? describeError(this.signal.reason) : undefined;
	}

	/** Ends the host in order for a reason of the caller's. */
	stop(reason: string): void {
		if (!this.signal.aborted) {
			this.controller.abort(new DreamError('host.stopped', reason));
		}
	}

	/** Resolves with the reason once the host is to end. */
	async stopped(): Promise<string> {
		await new Promise<void>((resolve) => {
			if (this.signal.aborted) {
				resolve();
			}
			this.signal.addEventListener('abort', () => resolve(), { once: true });
		});
		return this.reason ?? '';
	}

	dispose(): void {
		this.subscription.dispose();
		clearInterval(this.timer);
	}

	private look(): void {
		if (this.looking || this.signal.aborted) {
			return;
		}
		this.looking = true;
		this.find()
			.then((reason) => {
				if (reason !== undefined) {
					this.stop(reason);
				}
			})
			.catch((error: unknown) => this.parts.log.warn(`The ledger was not read: ${describeError(error)}`))
			.finally(() => {
				this.looking = false;
			});
	}

	private async find(): Promise<string | undefined> {
		const { ledger, clock, settings } = this.parts;
		const { fact, hasWindow } = await ledger.read(async (reader) => ({
			fact: await readSwarmFact(reader),
			hasWindow: await hasLiveEditor(reader, clock.now()),
		}));
		const now = clock.monotonic();
		const passed = Math.min(now - this.lastLook, longestLook);
		this.lastLook = now;
		if (fact?.should_run !== true) {
			this.urgent = fact?.is_urgent === true;
			return fact === undefined
				? 'nobody asked the swarm to work'
				: `the swarm was stopped by ${fact.changed_by}`;
		}
		if (hasWindow || fact.started_from !== 'editor' || settings()['swarm.keepRunning']) {
			this.withoutWindow = 0;
			return undefined;
		}
		this.withoutWindow += passed;
		return this.withoutWindow >= (this.parts.windowPatienceMilliseconds ?? defaultWindowPatience)
			? 'the last window of the workspace was closed'
			: undefined;
	}
}
