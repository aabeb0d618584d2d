// Owns how a window answers questions to its language models: it takes what it has a model for, one taker each, tells the text as it
// comes, and stops when nobody waits any more. What it had taken when it closes goes back, for another window to take.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { describeError, isDreamError } from '../../base/errors.ts';
import type { Disposable } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { isProgramAlive } from '../swarmFacts.ts';
import { fitConversation } from './fitConversation.ts';
import type { ModelAnswer, ModelMessage, ModelTool, OfferedModel } from './languageModel.ts';
import type { ModelFailure, ModelRequestEnd, ModelRequestHead } from './modelRequest.ts';
import { readConversation } from './modelRequest.ts';
import type { ModelWish } from './modelSelector.ts';
import { matchingModels } from './modelSelector.ts';

/** The models of one window. */
export interface ModelBackend {
	/** What it has at this moment. */
	offered(): readonly OfferedModel[];
	/** Asks one. Rejects with a DreamError `model.*`, whose details say `isTransient`. */
	send(
		request: {
			readonly model: OfferedModel;
			readonly messages: readonly ModelMessage[];
			readonly tools: readonly ModelTool[];
		},
		listener: { readonly signal: AbortSignal; onText(text: string): void },
	): Promise<ModelAnswer>;
}

export interface ModelWorkerParts {
	readonly backend: ModelBackend;
	readonly clock: Clock;
	readonly log: Logger;
	/** Name of the window's lease. */
	readonly taker: string;
	readonly onDidChange: Ledger['onDidChange'];
	read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T>;
	write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
}

const windowMilliseconds = 5;
/** Text is told to the ledger at most this often. */
const tellMilliseconds = 400;
/** A window that is gone is noticed by time alone. */
const lookMilliseconds = 1000;

export class ModelWorker implements Disposable {
	private readonly parts: ModelWorkerParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	private readonly timer: ReturnType<typeof setInterval>;
	/** Questions under way here. */
	private readonly answering = new Map<
		string,
		{ readonly controller: AbortController; readonly done: Promise<void> }
	>();
	private isDisposed = false;

	constructor(parts: ModelWorkerParts) {
		this.parts = parts;
		this.work = coalesce(
			windowMilliseconds,
			() => this.look(),
			(error) => parts.log.warn(`Questions to models were not looked at: ${describeError(error)}`),
		);
		this.subscription = parts.onDidChange(() => this.work.trigger());
		this.timer = setInterval(() => this.work.trigger(), lookMilliseconds);
		this.work.trigger();
	}

	/** Looks again: for what the ledger does not tell, such as models that came. */
	poke(): void {
		this.work.trigger();
	}

	/** Takes nothing more, and lets go of what is under way; resolves when it was given back. */
	async stop(): Promise<void> {
		this.dispose();
		await this.work.idle();
		await Promise.all([...this.answering.values()].map(({ done }) => done));
	}

	dispose(): void {
		this.isDisposed = true;
		clearInterval(this.timer);
		this.subscription.dispose();
		this.work.dispose();
		for (const { controller } of this.answering.values()) {
			controller.abort('closing');
		}
	}

	private async look(): Promise<void> {
		const { taker } = this.parts;
		const { open, orphans } = await this.parts.read((reader) => this.readOpen(reader));
		const ours = new Set(open.filter(({ taken_by: by }) => by === taker).map(({ request_id: id }) => id));
		for (const [id, { controller }] of this.answering) {
			if (!ours.has(id)) {
				controller.abort('withdrawn');
			}
		}
		for (const { request_id: id, taken_by: gone } of orphans) {
			await this.parts.write((transaction) => transaction.returnModelRequest(id, gone ?? ''));
		}
		for (const request of open) {
			const model = this.modelFor(request.model);
			if (
				this.isDisposed ||
				request.state !== 'asked' ||
				model === undefined ||
				this.answering.has(request.request_id)
			) {
				continue;
			}
			if (await this.parts.write((transaction) => transaction.takeModelRequest(request.request_id, taker))) {
				this.begin(request, model);
			}
		}
	}

	/** Questions somebody waits for. Of those that were taken, the ones whose window is gone, or that were ours in another life. */
	private async readOpen(reader: LedgerReader) {
		const now = this.parts.clock.now();
		const open: ModelRequestHead[] = [];
		const orphans: ModelRequestHead[] = [];
		for (const request of await reader.openModelRequests()) {
			if ((await isProgramAlive(reader, request.asked_by, now)) !== true) {
				continue;
			}
			open.push(request);
			const isLost =
				request.taken_by === this.parts.taker
					? !this.answering.has(request.request_id)
					: (await isProgramAlive(reader, request.taken_by ?? '', now)) !== true;
			if (request.state === 'taken' && isLost) {
				orphans.push(request);
			}
		}
		return { open, orphans };
	}

	private modelFor(wish: ModelWish | null): OfferedModel | undefined {
		return matchingModels(this.parts.backend.offered(), wish ?? undefined)[0];
	}

	private begin(request: ModelRequestHead, model: OfferedModel): void {
		const controller = new AbortController();
		const done = this.answer(request, model, controller)
			.catch((error: unknown) =>
				this.parts.log.warn(`${request.request_id} was not answered: ${describeError(error)}`),
			)
			.finally(() => {
				this.answering.delete(request.request_id);
				this.work.trigger();
			});
		this.answering.set(request.request_id, { controller, done });
		if (this.isDisposed) {
			controller.abort('closing');
		}
	}

	private async answer(request: ModelRequestHead, model: OfferedModel, controller: AbortController): Promise<void> {
		const { backend, read, write, taker } = this.parts;
		const { request_id: id, conversation_id: conversation } = request;
		const teller = createTeller(
			(text) => write((transaction) => transaction.tellModelText(id, taker, text)),
			() => controller.abort('withdrawn'),
		);
		let end: ModelRequestEnd;
		try {
			const { answered, unsaid, tools } = readConversation(
				await read((reader) => reader.conversation(conversation)),
			);
			const messages = fitConversation([...answered, ...unsaid], model.max_input_tokens);
			const { signal } = controller;
			const answer = await backend.send(
				{ model, messages, tools },
				{ signal, onText: (text) => teller.add(text) },
			);
			end = { state: 'answered', answer };
		} catch (error) {
			if (controller.signal.aborted) {
				await teller.stop();
				if (controller.signal.reason === 'closing') {
					await write((transaction) => transaction.returnModelRequest(id, taker));
				}
				return;
			}
			end = { state: 'failed', failure: failureOf(error) };
		}
		await teller.stop();
		await write((transaction) => transaction.endModelRequest(id, end, taker));
	}
}

function failureOf(error: unknown): ModelFailure {
	return isDreamError(error)
		? {
				code: error.code,
				message: error.message,
				advice: error.advice ?? null,
				is_transient: error.details['isTransient'] === true,
			}
		: {
				code: 'model.failed',
				message: `The model failed: ${describeError(error)}`,
				advice: null,
				is_transient: true,
			};
}

/** Tells a growing text now and then, one write at a time. `onGone` when it is not wanted any more. */
function createTeller(tell: (text: string) => Promise<boolean>, onGone: () => void) {
	let text = '';
	let told = '';
	let timer: ReturnType<typeof setTimeout> | undefined;
	let telling: Promise<void> = Promise.resolve();
	const flush = () => {
		timer = undefined;
		if (text === told) {
			return;
		}
		told = text;
		telling = telling
			.then(() => tell(told))
			.then(
				(isWanted) => (isWanted ? undefined : onGone()),
				// The whole answer is written in the end; what it looked like on the way is no loss.
				() => undefined,
			);
	};
	return {
		add(more: string) {
			text += more;
			timer ??= setTimeout(flush, tellMilliseconds);
		},
		async stop() {
			clearTimeout(timer);
			await telling;
		},
	};
}
