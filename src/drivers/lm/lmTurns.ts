// Owns the conversation of one run with a language model: what it is told, the tools it calls and what comes of them, turn after turn,
// until it is done and people have nothing to add. Every question and answer is with the port before anything is done about it.

import { displayLine } from '../../base/text.ts';
import type { DriverJob, DriverOutcome, DriverUpdate, NextTurn } from '../../core/driver/driver.ts';
import type {
	AnswerListener,
	Conversation,
	ModelAnswer,
	ModelMessage,
	ToolCallPart,
	ToolResultPart,
} from '../../core/models/languageModel.ts';
import { createOutputBatch } from '../outputBatch.ts';
import { saidNothing, tooManyRequests } from './lmFailures.ts';
import { finishReminder, opening } from './lmPrompt.ts';
import type { LmTools } from './lmTools.ts';

/** What a run is doing: silence means something only while its model is to answer. */
export interface LmState {
	isUsingTool: boolean;
	/** It has no turn because of us. */
	isResting: boolean;
}

export interface LmTurnParts {
	readonly job: DriverJob;
	readonly conversation: Conversation;
	/** Opens another conversation, which knows nothing of this one. */
	readonly beginAnew: () => Promise<Conversation>;
	readonly tools: LmTools;
	readonly state: LmState;
	/** Aborted when the run is to end. */
	readonly signal: AbortSignal;
	/** Whether the model remembers an earlier attempt. */
	readonly isResumed: boolean;
	readonly hide: (text: string) => string;
	readonly onSign: () => void;
	readonly tell: (update: DriverUpdate) => void;
}

/** Requests of one run, unless its agent says another number. */
const usualRequests = 200;

/** Works until the model is done. Rejects with the typed error of whatever went wrong, or when the signal aborts. */
export async function takeTurns(parts: LmTurnParts): Promise<DriverOutcome> {
	const { steering } = parts.job;
	const turns = new Turns(parts);
	const task = opening(parts.job, parts.isResumed);
	const first = await rest(parts, steering?.next('start'));
	let said: NextTurn =
		first === undefined ? { text: task, onHeard: () => undefined } : { ...first, text: `${task}\n${first.text}` };
	for (;;) {
		const ended = await turns.take(said);
		if (ended !== 'cut' && ended.isOver) {
			return ended.outcome;
		}
		const next = await rest(parts, steering?.next(ended === 'cut' ? 'cut' : 'ended'));
		if (next === undefined) {
			return ended === 'cut' ? { kind: 'cancelled' } : ended.outcome;
		}
		said = next;
		if (next.isFresh === true) {
			await turns.beginAnew();
		}
	}
}

/** Waits for people while the model has no turn. */
async function rest(
	{ state, signal }: LmTurnParts,
	next: Promise<NextTurn | undefined> | undefined,
): Promise<NextTurn | undefined> {
	state.isResting = true;
	try {
		const said = await next;
		signal.throwIfAborted();
		return said;
	} finally {
		state.isResting = false;
	}
}

interface EndedTurn {
	/** The model said by a tool that nothing is left to do: people have no more to add. */
	readonly isOver: boolean;
	readonly outcome: DriverOutcome;
}

class Turns {
	private readonly parts: LmTurnParts;
	private conversation: Conversation;
	private requests = 0;
	private hasUsedTool = false;
	private isReminded = false;
	/** Results of calls of a turn that was cut: the model wants one for each before anything else. */
	private owed: ToolResultPart[];

	constructor(parts: LmTurnParts) {
		this.parts = parts;
		this.conversation = parts.conversation;
		this.owed = unanswered(parts.conversation.earlier).map((call) => ({
			kind: 'result',
			id: call.id,
			text: 'It is not known whether this was done: the program that runs you ended meanwhile. Look for yourself.',
		}));
	}

	/** What is said next is all that the model knows, apart from the files. */
	async beginAnew(): Promise<void> {
		this.conversation = await this.parts.beginAnew();
		this.owed = [];
	}

	/** One turn: what came of it, or that it was cut short for what people want. */
	async take({ text, onHeard }: NextTurn): Promise<EndedTurn | 'cut'> {
		const { job, signal, tell } = this.parts;
		const cut = new AbortController();
		const cutting = job.steering?.onCut(() => {
			tell({ kind: 'note', text: 'The turn is cut short.' });
			cut.abort();
		});
		let heard: (() => void) | undefined = onHeard;
		const either = AbortSignal.any([signal, cut.signal]);
		try {
			return await this.work(text, either, () => {
				heard?.();
				heard = undefined;
			});
		} catch (error) {
			signal.throwIfAborted();
			if (cut.signal.aborted) {
				return 'cut';
			}
			throw error;
		} finally {
			cutting?.dispose();
		}
	}

	private async work(text: string, signal: AbortSignal, onHeard: () => void): Promise<EndedTurn> {
		let say: ModelMessage = { role: 'user', parts: [...this.owed, { kind: 'text', text: this.parts.hide(text) }] };
		this.owed = [];
		for (;;) {
			const { parts: answered } = await this.ask(say, signal, onHeard);
			const words = answered.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
			const calls = answered.filter((part) => part.kind === 'call');
			if (calls.length === 0) {
				if (this.wantsReminder()) {
					say = { role: 'user', parts: [{ kind: 'text', text: finishReminder }] };
					continue;
				}
				if (words.trim() === '' && !this.hasUsedTool) {
					throw saidNothing(this.parts.job);
				}
				return { isOver: false, outcome: { kind: 'finished', summary: words.trim() } };
			}
			this.hasUsedTool = true;
			const { results, isOver, summary } = await this.use(calls, signal);
			if (isOver) {
				return { isOver, outcome: { kind: 'finished', summary: summary ?? words.trim() } };
			}
			say = { role: 'user', parts: results };
		}
	}

	/** Once in a run: many models say that they will do something, and stop. */
	private wantsReminder(): boolean {
		const canFinish = this.parts.job.tools?.direct.tools.some(({ endsTurn }) => endsTurn) === true;
		const isDue = canFinish && !this.isReminded;
		this.isReminded = true;
		return isDue;
	}

	private async ask(say: ModelMessage, signal: AbortSignal, onHeard: () => void): Promise<ModelAnswer> {
		const { job, onSign, tell } = this.parts;
		const limit = job.agent.limits.model_requests ?? usualRequests;
		this.requests += 1;
		if (this.requests > limit) {
			throw tooManyRequests(job, limit);
		}
		const batch = createOutputBatch((text) => tell({ kind: 'message', text }));
		const listener: AnswerListener = {
			signal,
			patience: job.patience.start,
			onText(text) {
				batch.add(text);
			},
			onSign() {
				onSign();
				onHeard();
			},
		};
		try {
			const answer = await this.conversation.ask([say], listener);
			listener.onSign();
			if (answer.usage !== undefined) {
				const { input_tokens: input, output_tokens: output } = answer.usage;
				tell({ kind: 'usage', text: `${input} tokens in, ${output} out`, data: { ...answer.usage } });
			}
			return answer;
		} finally {
			batch.dispose();
		}
	}

	/** Does what was called, one after the other. What was not done when the turn is cut is owed to the model. */
	private async use(
		calls: readonly ToolCallPart[],
		signal: AbortSignal,
	): Promise<{ results: ToolResultPart[]; isOver: boolean; summary: string | undefined }> {
		const { tools, state } = this.parts;
		const results: ToolResultPart[] = [];
		this.owed = calls.map(({ id }) => ({ kind: 'result', id, text: 'Not done: the turn was cut short.' }));
		state.isUsingTool = true;
		try {
			for (const [index, call] of calls.entries()) {
				signal.throwIfAborted();
				const { text, ends } = await tools.call(call, signal);
				const result: ToolResultPart = { kind: 'result', id: call.id, text };
				results.push(result);
				this.owed[index] = result;
				if (ends === true) {
					const { summary } = call.input;
					const said = typeof summary === 'string' ? summary : displayLine(`${call.name} was called.`);
					return { results, isOver: true, summary: said };
				}
			}
		} finally {
			state.isUsingTool = false;
		}
		signal.throwIfAborted();
		this.owed = [];
		return { results, isOver: false, summary: undefined };
	}
}

/** Calls at the end of a conversation that got no result. */
function unanswered(earlier: readonly ModelMessage[]): ToolCallPart[] {
	const last = earlier.at(-1);
	return last?.role === 'assistant' ? last.parts.filter((part) => part.kind === 'call') : [];
}
