// Owns the guards: a ledger that lets a move be written only after every guard of it has said yes. No process runs inside a
// transaction: the write is rolled back, the guards are asked, and the write is done again; a task that changed meanwhile is asked
// about anew. Whoever makes a move asks its guards, so that no host is needed.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { Actor } from '../actor.ts';
import { formatActor } from '../actor.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger.ts';
import { runtimePaths } from '../paths.ts';
import type { ProcessRunner } from '../ports.ts';
import type { Claimed, ClaimRequest } from '../task/advanceTask.ts';
import { claimTask } from '../task/advanceTask.ts';
import type { ProposedMove } from '../task/moveTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { MoveName } from '../task/taskStatus.ts';
import { moveRule, sayMove } from '../task/taskStatus.ts';
import type { Hook } from './hook.ts';
import { isGuardedBy, namesOfMove } from './hook.ts';
import type { HooksFile, HooksReading } from './hooksFile.ts';
import { quoteOutput, runHook } from './runHook.ts';

export interface GuardParts {
	readonly hooks: HooksFile;
	readonly processes: Pick<ProcessRunner, 'run'>;
	readonly log: Logger;
	/** Absolute path of the workspace. */
	readonly folder: string;
	/** Why nothing may be run here (workspace trust), as a sentence; undefined when it may. */
	readonly refusal: () => string | undefined;
}

/** A transaction may make a few guarded moves; more rounds than this mean that somebody changes the task all the time. */
const roundLimit = 10;
/** What the swarm decides by itself. All its other moves say what has happened, and cannot be refused. */
const decisions: readonly MoveName[] = ['claim', 'complete'];

export class GuardedLedger implements Ledger {
	private readonly inner: Ledger;
	private readonly parts: GuardParts;

	constructor(inner: Ledger, parts: GuardParts) {
		this.inner = inner;
		this.parts = parts;
	}

	get onDidChange(): Ledger['onDidChange'] {
		return this.inner.onDidChange;
	}

	get refusal(): DreamError | undefined {
		return this.inner.refusal;
	}

	read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T> {
		return this.inner.read(work);
	}

	search(...request: Parameters<Ledger['search']>): ReturnType<Ledger['search']> {
		return this.inner.search(...request);
	}

	refreshSearch(signal?: AbortSignal): Promise<void> {
		return this.inner.refreshSearch(signal);
	}

	/** As any ledger's; rejects with `task.guardRefused` too, and does the work again after its guards were asked. */
	async write<T>(actor: Actor, work: (transaction: LedgerTransaction) => Promise<T>): Promise<T> {
		const hooks = await this.parts.hooks.read();
		if (hooks.guards.length === 0 && hooks.doubt === undefined) {
			return this.inner.write(actor, work);
		}
		const allowed = new Set<string>();
		for (let round = 1; ; round += 1) {
			let waiting: ProposedMove | undefined;
			try {
				return await this.inner.write(actor, (transaction) => {
					transaction.moveCheck = (proposed) => {
						if (this.isBound(hooks, actor, proposed) && !allowed.has(keyOf(proposed))) {
							waiting = proposed;
							throw this.mustAsk(hooks, actor, proposed);
						}
					};
					return work(transaction);
				});
			} catch (error) {
				if (!isDreamError(error, 'task.guardNeeded') || waiting === undefined || round >= roundLimit) {
					throw error;
				}
				await this.ask(hooks, actor, waiting);
				allowed.add(keyOf(waiting));
			}
		}
	}

	/** A claim nobody guards is combined with those of others; one that is guarded goes the way of every write. */
	async claim(actor: Actor, request: ClaimRequest): Promise<Claimed> {
		const { guards, doubt } = await this.parts.hooks.read();
		return guards.length === 0 && doubt === undefined
			? this.inner.claim(actor, request)
			: this.write(actor, (transaction) => claimTask(transaction, request));
	}

	async assertMove(actor: Actor, taskId: string, move: MoveName): Promise<void> {
		const hooks = await this.parts.hooks.read();
		const stored = await this.inner.read((reader) => requireTask(reader, taskId));
		const rule = moveRule(move);
		const proposed = { stored, move, to: rule.to === 'queue' ? 'READY' : rule.to } as const;
		if (this.isBound(hooks, actor, proposed)) {
			await this.ask(hooks, actor, proposed);
		}
	}

	dispose(): void {
		this.inner.dispose();
	}

	private isBound({ guards, doubt }: HooksReading, { kind }: Actor, { move, to }: ProposedMove): boolean {
		const isDecided = (kind !== 'host' && kind !== 'system') || decisions.includes(move);
		return isDecided && (doubt !== undefined || guards.some((hook) => isGuardedBy(hook, move, to)));
	}

	/** What is thrown in the middle of a transaction. A hand edit is there already: it is refused, and nobody waits for it. */
	private mustAsk({ guards }: HooksReading, { kind }: Actor, { stored, move, to }: ProposedMove): DreamError {
		const { task_id } = stored.task;
		if (kind === 'file') {
			const labels = guards.filter((hook) => isGuardedBy(hook, move, to)).map(({ label }) => label);
			const by =
				labels.length === 0 ? `a guard in ${runtimePaths.hooks} that cannot be read` : labels.join(' and ');
			return new DreamError(
				'task.guarded',
				`${task_id} is kept from becoming ${to} by ${by}; an edit of the file does not ask a guard.`,
				{
					details: { task_id, move },
					advice: `Undo the edit and ${sayMove(move, 'the task')} with its command, which asks.`,
				},
			);
		}
		return new DreamError('task.guardNeeded', `The guards of ${task_id} were not asked.`, {
			details: { task_id, move },
		});
	}

	private async ask({ guards, doubt }: HooksReading, actor: Actor, proposed: ProposedMove): Promise<void> {
		const { stored, move, to } = proposed;
		if (doubt !== undefined) {
			throw await this.refuse(
				actor,
				proposed,
				undefined,
				`it is not known how this move is guarded (${doubt.file}, line ${doubt.line}: ${doubt.message})`,
				doubt.advice,
			);
		}
		const refusal = this.parts.refusal();
		for (const hook of guards.filter((each) => isGuardedBy(each, move, to))) {
			if (refusal !== undefined) {
				throw await this.refuse(
					actor,
					proposed,
					hook,
					`${hook.label} must be asked and may not be run. ${refusal}`,
					'Make the move yourself, in a trusted workspace.',
				);
			}
			const data: JsonObject = {
				type: 'task.moving',
				actor: formatActor(actor),
				task_id: stored.task.task_id,
				move,
				from: stored.task.status,
				to,
				reason: proposed.reason ?? null,
				task: stored.record,
			};
			const outcome = await runHook(this.parts.processes, {
				hook,
				event: namesOfMove(move, to).at(-1) ?? '',
				data,
				taskId: stored.task.task_id,
				facts: {
					DREAMOS_MOVE: move,
					DREAMOS_FROM: stored.task.status,
					DREAMOS_TO: to,
					DREAMOS_ACTOR: formatActor(actor),
				},
				folder: this.parts.folder,
			});
			if (!outcome.isDone) {
				throw await this.refuse(
					actor,
					proposed,
					hook,
					`${hook.label} ${outcome.ending}.${quoteOutput(outcome)}`,
					`Do what it asks for, or change it in ${runtimePaths.hooks}, line ${hook.line}.`,
				);
			}
		}
	}

	/** The refusal, which is on the record before anybody is told. */
	private async refuse(
		actor: Actor,
		{ stored, move, to }: ProposedMove,
		hook: Hook | undefined,
		why: string,
		advice: string,
	): Promise<DreamError> {
		const { task_id } = stored.task;
		const message = `Refused to ${sayMove(move, task_id)}: ${why}`;
		try {
			await this.inner.write(actor, (transaction) =>
				transaction.append({
					type: 'hook.refused',
					task_id,
					message,
					data: { hook: hook?.label ?? null, move, to },
				}),
			);
		} catch (error) {
			this.parts.log.error(`A refusal could not be recorded: ${describeError(error)}`);
		}
		return new DreamError('task.guardRefused', message, {
			details: { task_id, move, hook: hook?.label ?? null, file: runtimePaths.hooks, line: hook?.line ?? null },
			advice,
		});
	}
}

/** What a guard has judged: this move of this task as it was, apart from the stamps of the attempt to write it. */
function keyOf({ stored, move, to }: ProposedMove): string {
	const {
		updated_at: _updated,
		claimed_at: _claimed,
		started_at: _started,
		completed_at: _completed,
		...task
	} = stored.task;
	return JSON.stringify([move, to, task]);
}
