// Owns what the processes of a chaos run do to tasks through the door for actions: mostly what makes sense in the status a task has,
// sometimes what does not, sometimes with the token of a run that is long over. Each operation is journalled before and after.

import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { isJsonObject } from '../../src/base/json.ts';
import { describeError, isDreamError } from '../../src/base/errors.ts';
import type { Random } from '../support/random.ts';
import type { Journal } from './journal.ts';
import type { LedgerView, SeenTask } from './ledgerView.ts';

export interface LedgerWorkParts {
	readonly name: string;
	readonly random: Random;
	readonly journal: Journal;
	readonly view: LedgerView;
	/** How many tasks there should be. */
	readonly tasks: number;
	/** Performs an action; undefined when whoever performed it died before saying how it went. */
	readonly perform: (action: string, input: JsonObject) => Promise<unknown>;
}

/** What is done in a status, as often as it is named. */
const sensible: Readonly<Record<string, string>> = {
	PENDING: 'ready ready ready claim claim edit block cancel',
	READY: 'claim claim claim claim claim claim start edit block cancel shelve',
	CLAIMED: 'start start start start complete release block fail cancel edit',
	IN_PROGRESS: 'complete complete complete complete release release block fail cancel edit',
	VALIDATING: 'release cancel',
	REVIEW: 'release cancel',
	BLOCKED: 'unblock unblock unblock unblock edit cancel',
	COMPLETED: 'reopen reopen reopen edit',
	FAILED: 'retry retry retry edit',
	CANCELLED: 'retry retry retry edit',
};
const anything = 'ready shelve claim start complete block unblock fail cancel release retry reopen edit'.split(' ');
const needsReason = new Set(['block', 'fail', 'reopen', 'cancel', 'release', 'retry', 'ready', 'shelve', 'unblock']);
const rememberedRuns = 20;

interface HeldRun {
	readonly task: string;
	readonly run: string;
	readonly epoch: number;
}

export class LedgerWork {
	/** Operations that were answered: acknowledged or refused. */
	answered = 0;
	/** Code of the last refusal; undefined when the last operation was acknowledged. */
	refusal: string | undefined;
	private readonly parts: LedgerWorkParts;
	private ids: readonly string[] = [];
	private count = 0;
	private readonly runs: HeldRun[] = [];

	constructor(parts: LedgerWorkParts) {
		this.parts = parts;
	}

	/** Does one operation, whatever comes of it. */
	async step(): Promise<void> {
		const { random, view, tasks } = this.parts;
		if (this.count % 200 === 0 || this.ids.length === 0) {
			this.ids = view.ids();
		}
		this.count += 1;
		const token = `${this.parts.name}#${this.count}`;
		if (this.ids.length < tasks && random.next() < 0.2) {
			const dependencies = random.next() < 0.2 && this.ids.length > 0 ? [random.pick(this.ids)] : [];
			// Some are for agents of the host; nobody there can what the others ask for.
			const work: JsonObject =
				random.next() < 0.1
					? { run: [`mkdir -p work && echo done >> work/${random.below(5)}.txt`] }
					: { required_capabilities: ['chaos'] };
			const input = { name: `Task ${token}`, task_id: token, dependencies, ...work };
			await this.perform(token, 'task.create', token, input);
			return;
		}
		const old = random.next() < 0.04 && this.runs.length > 0 ? random.pick(this.runs) : undefined;
		if (old !== undefined) {
			const move = random.pick(['complete', 'release', 'start', 'block']);
			await this.move(token, move, old.task, old);
			return;
		}
		if (this.ids.length === 0) {
			return;
		}
		const id = random.pick(this.ids);
		const task = view.task(id);
		if (task?.isForAgents === true && random.next() < 0.9) {
			return;
		}
		await this.move(token, this.moveFor(task), id, this.ownRun(id, task));
	}

	private moveFor(task: SeenTask | undefined): string {
		const { random } = this.parts;
		const words = task === undefined || random.next() < 0.05 ? undefined : sensible[task.status];
		return random.pick(words?.split(' ') ?? anything);
	}

	private ownRun(id: string, task: SeenTask | undefined): HeldRun | undefined {
		const own = this.runs.find(({ run }) => run === task?.run);
		return own?.task === id && this.parts.random.next() < 0.8 ? own : undefined;
	}

	private async move(token: string, move: string, id: string, held: HeldRun | undefined): Promise<void> {
		const { random } = this.parts;
		const input: JsonObject = { task_id: id };
		if (move === 'edit') {
			input['notes'] = token;
			if (random.next() < 0.1) {
				input['dependencies'] = random.next() < 0.2 ? [random.pick(this.ids)] : [];
			} else {
				input['priority'] = random.pick(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']);
			}
		}
		if (needsReason.has(move)) {
			input['reason'] = token;
		}
		if (held !== undefined && move !== 'edit' && move !== 'claim') {
			input['run_id'] = held.run;
			input['epoch'] = held.epoch;
		}
		await this.perform(token, `task.${move}`, id, input);
	}

	private async perform(token: string, action: string, task: string, input: JsonObject): Promise<void> {
		const { journal } = this.parts;
		const epoch = input['epoch'];
		journal.write({ kind: 'intent', token, action, task, ...(typeof epoch === 'number' ? { epoch } : {}) });
		let answer: unknown;
		try {
			answer = await this.parts.perform(action, input);
		} catch (error) {
			this.refusal = isDreamError(error) ? error.code : `unexpected: ${describeError(error)}`;
			this.answered += 1;
			journal.write({ kind: 'refused', token, code: this.refusal });
			return;
		}
		if (answer === undefined) {
			return;
		}
		this.refusal = undefined;
		this.answered += 1;
		const { run_id: run, epoch: given } = isJsonObject(answer) ? (answer as Record<string, JsonValue>) : {};
		journal.write({
			kind: 'acknowledged',
			token,
			...(typeof run === 'string' ? { run } : {}),
			...(typeof given === 'number' ? { epoch: given } : {}),
		});
		if (action === 'task.claim' && typeof run === 'string' && typeof given === 'number') {
			this.runs.push({ task, run, epoch: given });
			this.runs.splice(0, this.runs.length - rememberedRuns);
		}
	}
}
