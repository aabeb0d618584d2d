// Owns how a program without an editor asks a language model: the question is a row in the ledger, and so is the answer, which a window
// gives. Whoever asks may die, and so may the window: nothing is asked twice at once, and what nobody waits for is withdrawn.

import { sleep } from '../../base/async.ts';
import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { Actor } from '../actor.ts';
import type { Ledger, LedgerTransaction } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { isProgramAlive } from '../swarmFacts.ts';
import type {
	AnswerListener,
	Conversation,
	ConversationRequest,
	LanguageModelPort,
	ModelAnswer,
	OfferedModel,
} from './languageModel.ts';
import type { ModelFailure, ModelRequest } from './modelRequest.ts';
import { readConversation } from './modelRequest.ts';
import { matchingModels } from './modelSelector.ts';
import { describeWish } from './describeWish.ts';
import { openWithModels, readOfferedModels } from './offeredModels.ts';

export interface LedgerModelsParts {
	readonly ledger: () => Pick<Ledger, 'read' | 'write' | 'onDidChange'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly actor: Actor;
	/** Name of a lease, or id of a host: while it holds, windows answer. */
	readonly askedBy: string;
}

/** A window's lease runs out without anybody writing anything. */
const lookMilliseconds = 1000;

export class LedgerModels implements LanguageModelPort {
	private readonly parts: LedgerModelsParts;

	constructor(parts: LedgerModelsParts) {
		this.parts = parts;
	}

	offered(): Promise<readonly OfferedModel[]> {
		const { ledger, clock } = this.parts;
		return ledger().read((reader) => readOfferedModels(reader, clock.now()));
	}

	async open(request: ConversationRequest): Promise<Conversation> {
		const { parts } = this;
		const rows = await persist(parts, async (transaction) => {
			await transaction.forgetConversations(request.conversation_id);
			const earlier = await transaction.conversation(request.conversation_id);
			for (const { request_id: id } of earlier) {
				await transaction.endModelRequest(id, { state: 'withdrawn' });
			}
			return earlier;
		});
		const { answered, unsaid } = readConversation(rows);
		let pending = unsaid;
		let sequence = rows.at(-1)?.sequence ?? 0;
		let hasTools = false;
		return {
			earlier: [...answered, ...unsaid],
			async ask(messages, listener) {
				pending = [...pending, ...messages];
				listener.signal.throwIfAborted();
				sequence += 1;
				const { tools, model, ...names } = request;
				const question = {
					...names,
					request_id: newId('question'),
					sequence,
					asked_by: parts.askedBy,
					model: model ?? null,
					messages: pending,
					tools: hasTools ? null : tools,
				};
				await persist(parts, (transaction) => transaction.insertModelRequest(question), listener.signal);
				hasTools = true;
				const answer = await waitForAnswer(parts, question, listener);
				pending = [];
				return answer;
			},
		};
	}
}

/** Waits for a ledger that is busy or a disk that is full: neither says anything about the task. */
async function persist<T>(
	{ ledger, actor, log }: LedgerModelsParts,
	work: (transaction: LedgerTransaction) => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	for (;;) {
		try {
			return await ledger().write(actor, work);
		} catch (error) {
			if (!(isDreamError(error, 'ledger.busy') || isDreamError(error, 'ledger.full'))) {
				throw error;
			}
			log.warn(`A question to a model waits for the ledger: ${describeError(error)}`);
			await sleep(lookMilliseconds, signal);
		}
	}
}

type Asked = Pick<ModelRequest, 'request_id' | 'agent_id' | 'model'>;

/** Follows a question to its end. One that is not waited for any more is withdrawn first. */
async function waitForAnswer(parts: LedgerModelsParts, asked: Asked, listener: AnswerListener): Promise<ModelAnswer> {
	const { log, actor } = parts;
	try {
		return await follow(parts, asked, listener);
	} catch (error) {
		await parts
			.ledger()
			.write(actor, (transaction) => transaction.endModelRequest(asked.request_id, { state: 'withdrawn' }))
			.catch((failure: unknown) => log.warn(`${asked.request_id} was not withdrawn: ${describeError(failure)}`));
		throw error;
	}
}

async function follow(parts: LedgerModelsParts, asked: Asked, listener: AnswerListener): Promise<ModelAnswer> {
	const { clock, log } = parts;
	const { signal } = listener;
	const pulse = createPulse(parts, signal);
	let told = '';
	let taker: string | null = null;
	let lonelySince = clock.monotonic();
	try {
		for (;;) {
			signal.throwIfAborted();
			const beat = pulse.next();
			const seen = await look(parts, asked).catch((error: unknown) => {
				log.warn(`${asked.request_id} was not looked at: ${describeError(error)}`);
				return undefined;
			});
			const row = seen?.row;
			if (row !== undefined && row.partial !== '' && row.partial !== told) {
				// Another window begins anew: what the one before had said does not count.
				listener.onText(row.partial.startsWith(told) ? row.partial.slice(told.length) : `\n${row.partial}`);
				listener.onSign();
				told = row.partial;
			}
			if (row !== undefined && row.taken_by !== taker) {
				taker = row.taken_by;
				listener.onSign();
			}
			switch (row?.state) {
				case 'answered':
					if (row.answer !== null) {
						tellRest(row.answer, told, listener);
						return row.answer;
					}
					throw failureError({
						code: 'model.failed',
						message: 'The answer cannot be read.',
						advice: null,
						is_transient: true,
					});
				case 'failed':
					throw failureError(row.failure);
				case 'withdrawn':
					throw failureError({
						code: 'model.withdrawn',
						message: 'The question was withdrawn.',
						advice: null,
						is_transient: true,
					});
				case 'taken':
					lonelySince = clock.monotonic();
					break;
				case 'asked':
				case undefined:
			}
			if (clock.monotonic() - lonelySince >= listener.patience) {
				throw noWindow(asked, listener.patience, seen?.isOffered === true);
			}
			await beat;
		}
	} finally {
		pulse.dispose();
	}
}

/** The question as it is; one whose window is gone is given back, so that another window can take it. */
async function look({ ledger, clock, actor }: LedgerModelsParts, { request_id: id, model }: Asked) {
	const now = clock.now();
	const seen = await ledger().read(async (reader) => {
		const row = await reader.modelRequest(id);
		return {
			row,
			isOffered: matchingModels(await readOfferedModels(reader, now), model ?? undefined).length > 0,
			isOrphan: row?.state === 'taken' && (await isProgramAlive(reader, row.taken_by ?? '', now)) !== true,
		};
	});
	const taker = seen.row?.taken_by ?? '';
	if (seen.isOrphan) {
		await ledger().write(actor, (transaction) => transaction.returnModelRequest(id, taker));
	}
	return seen;
}

function tellRest({ parts }: ModelAnswer, told: string, listener: AnswerListener): void {
	const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
	const rest = text.startsWith(told) ? text.slice(told.length) : `\n${text}`;
	if (rest !== '') {
		listener.onText(rest);
	}
}

function failureError(failure: ModelFailure | null): DreamError {
	const {
		code,
		message,
		advice,
		is_transient: isTransient,
	} = failure ?? {
		code: 'model.failed',
		message: 'The model did not answer.',
		advice: null,
		is_transient: true,
	};
	return new DreamError(code, message, { details: { isTransient }, ...(advice === null ? {} : { advice }) });
}

function noWindow({ agent_id, model }: Asked, patience: number, isOffered: boolean): DreamError {
	const seconds = Math.round(patience / 1000);
	return new DreamError(
		'model.noWindow',
		isOffered
			? `The window that offers ${describeWish(model ?? undefined)} did not take a question of ${agent_id} within ${seconds} s.`
			: `No open window offered ${describeWish(model ?? undefined)} to ${agent_id} within ${seconds} s.`,
		{ advice: isOffered ? 'Look whether that window hangs.' : openWithModels, details: { isTransient: true } },
	);
}

/** Wakes who waits at each change of the ledger, each second, and when the signal aborts. */
function createPulse({ ledger }: LedgerModelsParts, signal: AbortSignal) {
	let wake: () => void = () => undefined;
	const beat = () => wake();
	const subscription = ledger().onDidChange(beat);
	const timer = setInterval(beat, lookMilliseconds);
	signal.addEventListener('abort', beat);
	return {
		/** To be asked for before one looks: what happens after it is not missed. */
		next: () =>
			new Promise<void>((resolve) => {
				wake = resolve;
			}),
		dispose() {
			subscription.dispose();
			clearInterval(timer);
			signal.removeEventListener('abort', beat);
		},
	};
}
