// Owns the walk through the event log, from the first event to the last: what each task became by it, what each run was, and which
// words of the workers stand where. The table of moves below was written from the documents, not taken from the product.

import type { DatabaseSync } from 'node:sqlite';
import type { Tell } from './checker.ts';

const held = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'];
const queues = ['READY', 'PENDING'];
const moves: Readonly<Record<string, { readonly from: readonly string[]; readonly to: readonly string[] }>> = {
	ready: { from: ['PENDING'], to: ['READY'] },
	shelve: { from: ['READY'], to: ['PENDING'] },
	claim: { from: queues, to: ['CLAIMED'] },
	start: { from: ['CLAIMED'], to: ['IN_PROGRESS'] },
	validate: { from: ['IN_PROGRESS'], to: ['VALIDATING'] },
	rework: { from: ['VALIDATING', 'REVIEW'], to: ['IN_PROGRESS'] },
	review: { from: ['VALIDATING'], to: ['REVIEW'] },
	complete: { from: held, to: ['COMPLETED'] },
	block: { from: [...queues, ...held], to: ['BLOCKED'] },
	unblock: { from: ['BLOCKED'], to: queues },
	fail: { from: held, to: ['FAILED'] },
	cancel: { from: [...queues, ...held, 'BLOCKED'], to: ['CANCELLED'] },
	release: { from: held, to: queues },
	retry: { from: ['FAILED', 'CANCELLED'], to: queues },
	reopen: { from: ['COMPLETED'], to: queues },
};
const openStates = new Set(['claimed', 'preparing', 'working', 'validating', 'review', 'landing']);

export interface TaskHistory {
	/** Undefined: taken out of the ledger. */
	status: string | undefined;
	epoch: number;
	/** The run that holds it. */
	run: string | undefined;
	/** The last time an edit was refused, and the last change. */
	refusedAt: number;
}

export interface RunHistory {
	readonly task: string;
	readonly actor: string;
	readonly epoch: number;
	readonly openedAt: number;
	startedAt: number | undefined;
	closedAt: number | undefined;
	state: string;
}

/** Where a word of a worker stands. */
export interface WordPlace {
	readonly sequence: number;
	readonly task: string;
	/** Epoch of the task at that moment. */
	readonly epoch: number;
}

export interface History {
	readonly events: number;
	readonly tasks: ReadonlyMap<string, TaskHistory>;
	readonly runs: ReadonlyMap<string, RunHistory>;
	readonly words: ReadonlyMap<string, WordPlace>;
	/** Keys that people typed into board files, as far as an event tells of them. */
	readonly typed: ReadonlySet<string>;
	/** Copies of boards that a person let be replaced. */
	readonly accepted: ReadonlySet<string>;
}

/** A token of a worker, and nothing else. */
const wordPattern = /^[a-z]+-\d+\.\d+#\d+$/u;

type Data = Readonly<Record<string, unknown>>;

export function readHistory(database: DatabaseSync, tell: Tell): History {
	const tasks = new Map<string, TaskHistory>();
	const runs = new Map<string, RunHistory>();
	const words = new Map<string, WordPlace>();
	const typed = new Set<string>();
	const accepted = new Set<string>();
	let events = 0;
	const note = (word: unknown, sequence: number, id: string): void => {
		if (typeof word !== 'string' || !wordPattern.test(word)) {
			return;
		}
		if (words.has(word)) {
			tell('lostWrite', `${word} was written twice: events ${words.get(word)?.sequence} and ${sequence}.`);
		}
		words.set(word, { sequence, task: id, epoch: tasks.get(id)?.epoch ?? 0 });
	};
	for (const row of database.prepare('select * from events order by sequence').iterate()) {
		events += 1;
		const sequence = Number(row['sequence']);
		if (sequence !== events) {
			tell('integrity', `Event ${events} is missing: the next one is ${sequence}.`);
			events = sequence;
		}
		const type = String(row['type']);
		const actor = String(row['actor']);
		const text = typeof row['data'] === 'string' ? row['data'] : '';
		const data = (text === '' ? {} : JSON.parse(text)) as Data;
		const id = typeof row['task_id'] === 'string' ? row['task_id'] : undefined;
		if (type === 'board.accepted' && typeof data['copy'] === 'string') {
			accepted.add(data['copy']);
		}
		// A file may bring old words back; they are not the worker's any more.
		const isOfFile = actor.startsWith('file:');
		if (isOfFile || type.startsWith('board.')) {
			for (const [key] of text.matchAll(/typed_[\w.-]+#\d+/gu)) {
				typed.add(key);
			}
		}
		if (id === undefined) {
			continue;
		}
		const task = tasks.get(id) ?? { status: undefined, epoch: 0, run: undefined, refusedAt: 0 };
		tasks.set(id, task);
		const runId = typeof row['run_id'] === 'string' ? row['run_id'] : undefined;
		const run = runId === undefined ? undefined : runs.get(runId);
		const where = `event ${sequence}, ${type} of ${id}`;
		switch (type) {
			case 'task.created':
				if (task.status !== undefined) {
					tell('history', `${where}: there is one already.`);
				}
				task.status = String(data['status']);
				if (isOfFile) {
					typed.add(`typed_${id}`);
				} else {
					note(id, sequence, id);
				}
				break;
			case 'task.edited':
				if (!isOfFile) {
					note((data['to'] as Data | undefined)?.['notes'], sequence, id);
				}
				break;
			case 'task.moved': {
				const { move, from, to } = data as Readonly<Record<string, string>>;
				const rule = moves[move ?? ''];
				if (rule?.from.includes(from ?? '') !== true || !rule.to.includes(to ?? '')) {
					tell('history', `${where}: ${move} does not lead from ${from} to ${to}.`);
				}
				if (task.status !== from) {
					tell('history', `${where}: it was ${task.status} and not ${from}.`);
				}
				task.status = to;
				if (!isOfFile) {
					note(data['reason'], sequence, id);
				}
				break;
			}
			case 'task.removed':
				if (task.run !== undefined) {
					tell('history', `${where}: ${task.run} held it.`);
				}
				task.status = undefined;
				break;
			case 'run.opened': {
				const epoch = Number(data['epoch']);
				if (task.run !== undefined) {
					tell('doubleClaim', `${where}: ${runId} was opened while ${task.run} held it.`);
				}
				if (epoch <= task.epoch) {
					tell('doubleClaim', `${where}: epoch ${epoch} comes after ${task.epoch}.`);
				}
				task.epoch = epoch;
				task.run = runId;
				runs.set(runId ?? '', {
					task: id,
					actor,
					epoch,
					openedAt: sequence,
					startedAt: undefined,
					closedAt: undefined,
					state: 'claimed',
				});
				break;
			}
			case 'run.changed':
			case 'run.closed':
				if (run === undefined || task.run !== runId) {
					tell('fence', `${where}: ${runId} does not hold the task, ${task.run ?? 'nobody'} does.`);
				}
				if (run !== undefined) {
					run.state = String(data['state']);
					run.startedAt ??= run.state === 'working' ? sequence : undefined;
					if (type === 'run.closed') {
						run.closedAt = sequence;
						task.run = undefined;
					}
				}
				break;
			case 'board.problem':
			case 'board.conflict':
				task.refusedAt = sequence;
				break;
			default:
		}
	}
	compareTasks(database, tasks, tell);
	compareRuns(database, runs, tell);
	return { events, tasks, runs, words, typed, accepted };
}

function compareTasks(database: DatabaseSync, tasks: ReadonlyMap<string, TaskHistory>, tell: Tell): void {
	const seen = new Set<string>();
	for (const row of database.prepare('select task_id, status, epoch, run_id, task from tasks').all()) {
		const id = String(row['task_id']);
		const task = tasks.get(id);
		seen.add(id);
		if (task?.status !== row['status']) {
			tell('history', `${id} is ${String(row['status'])}, its events end in ${task?.status ?? 'nothing'}.`);
		}
		if (task?.epoch !== row['epoch'] || (task?.run ?? null) !== row['run_id']) {
			tell(
				'fence',
				`${id} has epoch ${String(row['epoch'])} and run ${String(row['run_id'])}, its events end in ${task?.epoch} and ${task?.run}.`,
			);
		}
		const inner = JSON.parse(String(row['task'])) as Data;
		if (inner['status'] !== row['status'] || inner['task_id'] !== id) {
			tell(
				'integrity',
				`${id} says of itself that it is ${String(inner['task_id'])}, ${String(inner['status'])}.`,
			);
		}
	}
	for (const [id, { status }] of tasks) {
		if (status !== undefined && !seen.has(id)) {
			tell('lostWrite', `${id} is ${status} by its events, and gone from the ledger.`);
		}
	}
}

function compareRuns(database: DatabaseSync, runs: ReadonlyMap<string, RunHistory>, tell: Tell): void {
	let count = 0;
	for (const row of database.prepare('select run_id, task_id, epoch, state from runs').iterate()) {
		count += 1;
		const run = runs.get(String(row['run_id']));
		if (run === undefined || run.task !== row['task_id'] || run.epoch !== row['epoch']) {
			tell('fence', `The run ${String(row['run_id'])} of ${String(row['task_id'])} is not in the history.`);
		} else if (openStates.has(String(row['state'])) !== (run.closedAt === undefined)) {
			tell(
				'fence',
				`The run ${String(row['run_id'])} is ${String(row['state'])}, its events end in ${run.state}.`,
			);
		}
	}
	if (count !== runs.size) {
		tell('lostWrite', `${runs.size} runs were opened, ${count} are there.`);
	}
}
