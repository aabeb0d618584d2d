// Owns running hooks after their events: in the order of the events, then of the file, one at a time, each at least once. How far
// it is stands in the ledger, so that a host that dies loses no hook, and a new one does not begin with the whole history.

import type { Coalescer } from '../../base/async.ts';
import { coalesce, sleep } from '../../base/async.ts';
import type { Disposable } from '../../base/event.ts';
import { describeError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import { formatDuration, formatTook } from '../../base/words.ts';
import type { LedgerEvent } from '../events.ts';
import type { LedgerReader } from '../ledger.ts';
import type { HostLedger } from '../loop/hostLedger.ts';
import type { Clock, ProcessRunner } from '../ports.ts';
import { factKeys } from '../swarmFacts.ts';
import type { Hook } from './hook.ts';
import { isHookedBy, nameOfEvent } from './hook.ts';
import type { HooksFile } from './hooksFile.ts';
import { quoteOutput, runHook } from './runHook.ts';

export interface HookWorkerParts {
	readonly ledger: HostLedger;
	readonly hooks: HooksFile;
	readonly processes: Pick<ProcessRunner, 'run' | 'endRun'>;
	readonly clock: Clock;
	readonly log: Logger;
	/** Absolute path of the workspace. */
	readonly workspaceFolder: string;
	/** Called whenever every hook that was due has been run. */
	readonly onCaughtUp: () => void;
}

const windowMilliseconds = 20;
/** In case the file changed, or the ledger was busy; every change of the ledger is followed at once. */
const slowTickMilliseconds = 1000;
const batchSize = 500;
/** How many events without a hook may pass before the place is written down. */
const unwrittenLimit = 200;
/** Nobody wants a flood of last week's news: what is older when a host comes is passed over, and that is told. */
const oldestMilliseconds = 24 * 60 * 60_000;

interface Place {
	readonly sequence: number;
	/** The host that wrote it; what it left running is found by this. */
	readonly host: string;
}

const markOf = (hostId: string): string => `hooks-of-${hostId}`;

export class HookWorker implements Disposable {
	private readonly parts: HookWorkerParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	private readonly timer: ReturnType<typeof setInterval>;
	private readonly stopping = new AbortController();
	/** Sequence up to which every hook was run. */
	private place: number;
	private written: number;
	private isDisposed = false;

	private constructor(parts: HookWorkerParts, place: number) {
		this.parts = parts;
		this.place = place;
		this.written = place;
		this.work = coalesce(
			windowMilliseconds,
			() => this.catchUp(),
			(error) => parts.log.warn(`Hooks wait: ${describeError(error)}`),
		);
		this.subscription = parts.ledger.onDidChange(() => this.work.trigger());
		this.timer = setInterval(() => this.work.trigger(), slowTickMilliseconds);
		this.work.trigger();
	}

	/** Begins where the last host stopped. What happens once this is resolved is not missed. */
	static async begin(parts: HookWorkerParts): Promise<HookWorker> {
		const place = await findPlace(parts);
		await writePlace(parts.ledger, place);
		return new HookWorker(parts, place);
	}

	/** Whether a hook of an event up to this sequence may still have to be run. */
	isDue(sequence: number): boolean {
		return this.place < sequence;
	}

	/** Finishes what can be finished within the time, then ends the hook that runs; whatever is left is done by the next host. */
	async stop(graceMilliseconds: number): Promise<void> {
		this.work.trigger();
		const late = new AbortController();
		const done = this.work.idle().then(() => late.abort());
		await sleep(graceMilliseconds, late.signal).catch(() => undefined);
		this.dispose();
		await done;
		if (this.place > this.written) {
			await this.writePlace(this.place);
		}
	}

	/** Begins nothing more and ends the hook that runs. */
	dispose(): void {
		this.isDisposed = true;
		this.subscription.dispose();
		clearInterval(this.timer);
		this.stopping.abort();
		this.work.dispose();
	}

	private async catchUp(): Promise<void> {
		let hasAdvanced = false;
		while (!this.isDisposed) {
			const after = this.place;
			const events = await this.parts.ledger.read((reader) => reader.events({ after, limit: batchSize }));
			if (events.length === 0) {
				break;
			}
			for (const event of events) {
				await this.handle(event);
				if (this.isDisposed) {
					return;
				}
			}
			hasAdvanced = true;
		}
		if (hasAdvanced) {
			this.parts.onCaughtUp();
		}
	}

	/** Runs the hooks of one event. The place moves on only after the last of them. */
	private async handle(event: LedgerEvent): Promise<void> {
		const wanted = (await this.parts.hooks.read()).hooks.filter((hook) => isHookedBy(hook, event));
		for (const hook of wanted) {
			await this.run(hook, event);
		}
		if (this.isDisposed) {
			return;
		}
		this.place = event.sequence;
		if (wanted.length > 0 || event.sequence - this.written >= unwrittenLimit) {
			await this.writePlace(event.sequence);
		}
	}

	private async run(hook: Hook, event: LedgerEvent): Promise<void> {
		const { ledger, processes, workspaceFolder, log } = this.parts;
		if (this.isDisposed) {
			return;
		}
		const { task_id: taskId } = event;
		const task = taskId === undefined ? undefined : await ledger.read((reader) => reader.task(taskId));
		const outcome = await runHook(processes, {
			hook,
			event: nameOfEvent(event),
			data: { ...(event as unknown as JsonObject), task: task?.record ?? null },
			taskId,
			facts: factsOf(event),
			folder: workspaceFolder,
			signal: this.stopping.signal,
			mark: markOf(ledger.hostId),
		});
		if (outcome.isAborted) {
			return;
		}
		const words = `${hook.label} ${outcome.ending} after ${formatTook(outcome.durationMilliseconds)} for ${nameOfEvent(event)} (event ${event.sequence})`;
		if (outcome.isDone) {
			log.info(`${words}.`);
			return;
		}
		log.warn(`${words}.${quoteOutput(outcome)}`);
		await ledger.persist((transaction) =>
			transaction.append({
				type: 'hook.failed',
				...(taskId === undefined ? {} : { task_id: taskId }),
				message: `${hook.label} ${outcome.ending} for ${nameOfEvent(event)}.${quoteOutput(outcome)}`,
				data: { hook: hook.label, line: hook.line, event: event.sequence, output: outcome.output },
			}),
		);
	}

	private async writePlace(sequence: number): Promise<void> {
		await writePlace(this.parts.ledger, sequence);
		this.written = sequence;
	}
}

async function writePlace(ledger: HostLedger, sequence: number): Promise<void> {
	const place: Place = { sequence, host: ledger.hostId };
	await ledger.persist((transaction) => transaction.setFact(factKeys.hooks, { ...place }));
}

/** Where the last host stopped. Where there was none, at the end: what happened before anybody wanted hooks is over. */
async function findPlace({ ledger, processes, log, clock }: HookWorkerParts): Promise<number> {
	const { place, newest } = await ledger.read(async (reader) => ({
		place: await readPlace(reader),
		newest: await reader.sequence(),
	}));
	if (place === undefined) {
		return newest;
	}
	if (place.host !== ledger.hostId) {
		// A host that was killed left its hook without a limit of time.
		await processes
			.endRun(markOf(place.host))
			.catch((error: unknown) => log.error('A hook of an earlier host is still there.', error));
	}
	const oldest = clock.now() - oldestMilliseconds;
	const sequence = await passOver(ledger, place.sequence, (event) => Date.parse(event.at) < oldest);
	if (sequence > place.sequence) {
		const age = formatDuration(oldestMilliseconds);
		log.warn(`No hook is run for events older than ${age}: ${place.sequence + 1} to ${sequence}.`);
	}
	return sequence;
}

/** The last event in a row from there on that is over; the place itself when there is none. */
async function passOver(ledger: HostLedger, from: number, isOver: (event: LedgerEvent) => boolean): Promise<number> {
	let sequence = from;
	for (;;) {
		const after = sequence;
		const events = await ledger.read((reader) => reader.events({ after, limit: batchSize }));
		const next = events.findIndex((event) => !isOver(event));
		sequence = (next === -1 ? events.at(-1) : events[next - 1])?.sequence ?? sequence;
		if (next !== -1 || events.length === 0) {
			return sequence;
		}
	}
}

async function readPlace(reader: LedgerReader): Promise<Place | undefined> {
	const fact = await reader.fact(factKeys.hooks);
	return isJsonObject(fact) && typeof fact['sequence'] === 'number' && typeof fact['host'] === 'string'
		? { sequence: fact['sequence'], host: fact['host'] }
		: undefined;
}

function factsOf({ sequence, actor, run_id: run, agent_id: agent, data }: LedgerEvent): Record<string, string> {
	const { move, from, to } = data ?? {};
	const facts = {
		DREAMOS_EVENT_SEQUENCE: String(sequence),
		DREAMOS_ACTOR: actor,
		DREAMOS_EVENT_RUN_ID: run,
		DREAMOS_AGENT_ID: agent,
		DREAMOS_MOVE: move,
		DREAMOS_FROM: from,
		DREAMOS_TO: to,
	};
	return Object.fromEntries(
		Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
	);
}
