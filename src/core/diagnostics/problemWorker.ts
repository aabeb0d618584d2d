// Owns how a window answers who asks for its problems: one question at a time, oldest first, one taker each. What it had taken when it
// closes goes back, and what nobody waits for any more is let go of.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { describeError } from '../../base/errors.ts';
import type { Disposable } from '../../base/event.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { Command, Ledger, LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { commandKinds, isProgramAlive } from '../swarmFacts.ts';
import type { PlaceReading, ProblemPlace, ProblemRequest } from './problemReading.ts';

/** The editor of one window. */
export interface ProblemBackend {
	/** One answer for each place. Rejects when the signal aborts, or with why nothing can be read. */
	read(request: ProblemRequest, signal: AbortSignal): Promise<readonly PlaceReading[]>;
}

export interface ProblemWorkerParts {
	readonly backend: ProblemBackend;
	readonly clock: Clock;
	readonly log: Logger;
	/** Name of the window's lease. */
	readonly taker: string;
	readonly onDidChange: Ledger['onDidChange'];
	read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T>;
	write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
}

const windowMilliseconds = 5;

export class ProblemWorker implements Disposable {
	private readonly parts: ProblemWorkerParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	private current: { readonly id: string; readonly controller: AbortController } | undefined;
	private isDisposed = false;

	constructor(parts: ProblemWorkerParts) {
		this.parts = parts;
		this.work = coalesce(
			windowMilliseconds,
			() => this.answerAll(),
			(error) => parts.log.warn(`A question for problems was not answered: ${describeError(error)}`),
		);
		this.subscription = parts.onDidChange(() => {
			this.work.trigger();
			void this.letGo().catch((error: unknown) => parts.log.debug(describeError(error)));
		});
		this.work.trigger();
	}

	/** Takes nothing more; resolves when what was under way was given back. */
	async stop(): Promise<void> {
		this.dispose();
		await this.work.idle();
	}

	dispose(): void {
		this.isDisposed = true;
		this.subscription.dispose();
		this.current?.controller.abort(new Error('the window closes'));
		this.work.dispose();
	}

	private async answerAll(): Promise<void> {
		const { parts } = this;
		for (;;) {
			const now = parts.clock.now();
			// A window that slept is nobody until it has renewed its lease.
			const pending = await parts.read(async (reader) =>
				(await isProgramAlive(reader, parts.taker, now)) === true
					? reader.commands({ target: 'editor', state: 'pending' })
					: [],
			);
			const next = pending
				.filter(({ kind }) => kind === commandKinds.readProblems)
				.map((command) => ({ command, request: readRequest(command.data) }))
				.find(({ request }) => request !== undefined && request.until > now);
			if (next?.request === undefined || this.isDisposed) {
				return;
			}
			const { command_id: id } = next.command;
			if (await parts.write((transaction) => transaction.takeCommand(id, parts.taker))) {
				await this.answer(id, next.request);
			}
		}
	}

	private async answer(id: string, request: ProblemRequest): Promise<void> {
		const { backend, log } = this.parts;
		const controller = new AbortController();
		this.current = { id, controller };
		try {
			const places = await backend.read(request, controller.signal);
			await this.end(id, (transaction) =>
				transaction.finishCommand(id, 'done', { places: places.map((place) => ({ ...place })) }),
			);
		} catch (error) {
			log.debug(`Problems for ${request.run_id} were not read: ${describeError(error)}`);
			await this.end(id, (transaction) =>
				this.isDisposed
					? transaction.returnCommand(id)
					: transaction.finishCommand(id, 'failed', { reason: describeError(error) }),
			);
		} finally {
			this.current = undefined;
		}
	}

	/** Writes how a question ended, while it is ours. */
	private async end(id: string, write: (transaction: LedgerTransaction) => Promise<void>): Promise<void> {
		await this.parts.write(async (transaction) => {
			if (isTakenBy(await transaction.command(id), this.parts.taker)) {
				await write(transaction);
			}
		});
	}

	/** Stops reading what is not ours any more. */
	private async letGo(): Promise<void> {
		const { current } = this;
		const command =
			current === undefined ? undefined : await this.parts.read((reader) => reader.command(current.id));
		if (current !== undefined && !isTakenBy(command, this.parts.taker)) {
			current.controller.abort(new Error('nobody waits any more'));
		}
	}
}

const isTakenBy = (command: Command | undefined, taker: string): boolean =>
	command?.state === 'taken' && command.taken_by === taker;

const isText = (value: unknown): value is string => typeof value === 'string';

/** Undefined for what another version means by it. Without a schema library, which a window would load for this alone. */
function readRequest(data: Command['data']): ProblemRequest | undefined {
	const { run_id, severity, probe_folder, places, until } = data;
	const read = (Array.isArray(places) ? places : []).flatMap((place): ProblemPlace[] => {
		const { folder, files } = isJsonObject(place) ? place : {};
		return isText(folder) && Array.isArray(files) ? [{ folder, files: files.filter(isText) }] : [];
	});
	return isText(run_id) &&
		(severity === 'error' || severity === 'warning') &&
		isText(probe_folder) &&
		typeof until === 'number' &&
		Array.isArray(places) &&
		read.length === places.length
		? { run_id, severity, probe_folder, places: read, until }
		: undefined;
}
