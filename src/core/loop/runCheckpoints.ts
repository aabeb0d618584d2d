// Owns the checkpoints of a run at work: one after each turn of its agent. One that cannot be made is told and stops nothing.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { checkpointMessage, checkpointReference, readCheckpoints } from '../checkpoint/checkpoint.ts';
import { pruneCheckpoints } from '../checkpoint/pruneCheckpoints.ts';
import type { DriverUpdate, SteeringDoor } from '../driver/driver.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Clock, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { HostLedger } from './hostLedger.ts';

export interface RunCheckpointsParts {
	readonly ledger: HostLedger;
	readonly git: Pick<Git, 'commitState' | 'setReference' | 'readReferences' | 'sizeOfCommits'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly run: Run;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** A line of the run's log. */
	readonly onSaid: (line: string) => void;
}

const mostSummary = 4_000;
const mostPlan = 4_000;
const mostPinned = 40;
const mostPinnedText = 1_000;

export class RunCheckpoints {
	private readonly parts: RunCheckpointsParts;
	private summary = '';
	private plan = '';
	private usage = '';
	private last: number | undefined;

	constructor(parts: RunCheckpointsParts) {
		this.parts = parts;
	}

	/** What the agent says and does, with no key in it. */
	note({ kind, text }: DriverUpdate): void {
		if (kind === 'message') {
			this.summary = `${this.summary}${text}\n`.slice(-mostSummary);
		} else if (kind === 'plan') {
			this.plan = text.slice(0, mostPlan);
		} else if (kind === 'usage') {
			this.usage = text;
		}
	}

	/** The same door, with a checkpoint at the end of each turn. */
	before(door: SteeringDoor): SteeringDoor {
		return {
			onCut: (listener) => door.onCut(listener),
			next: async (moment) => {
				if (moment !== 'start') {
					await this.take();
				}
				return door.next(moment);
			},
		};
	}

	/** Makes one now. Never rejects. */
	private async take(): Promise<void> {
		const { settings, log, ledger, run, onSaid } = this.parts;
		if (settings()['checkpoints.kept'] === 0) {
			return;
		}
		try {
			await this.make();
		} catch (error) {
			const code = isDreamError(error) ? error.code : 'checkpoint.failed';
			const message = `No checkpoint of ${run.run_id} was made: ${describeError(error)} The run goes on.`;
			log.warn(message);
			onSaid(message);
			await ledger
				.persist((transaction) =>
					transaction.append({
						type: 'checkpoint.failed',
						task_id: run.task_id,
						run_id: run.run_id,
						message,
						data: { code },
					}),
				)
				.catch((failure: unknown) => log.warn(`That was not written down: ${describeError(failure)}`));
		}
	}

	private async make(): Promise<void> {
		const { settings, ledger, git, clock, folder, run: opened } = this.parts;
		const { run, pinned } = await ledger.read(async (reader) => ({
			run: (await reader.run(opened.run_id)) ?? opened,
			pinned: await pinnedTexts(reader, opened.run_id),
		}));
		if (run.base_commit === null) {
			throw new DreamError('checkpoint.noBase', 'Nobody knows which commit its worktree began with.');
		}
		const prefix = checkpointReference(run.run_id, 0).replace(/0$/u, '');
		this.last ??= readCheckpoints(await git.readReferences(prefix)).at(-1)?.number ?? 0;
		const number = this.last + 1;
		const now = clock.now();
		const base = run.base_commit;
		const message = checkpointMessage(run.run_id, number, {
			task_id: run.task_id,
			worker: run.worker,
			attempt: run.attempt,
			base,
			at: new Date(now).toISOString(),
			session_id: run.session?.session_id ?? null,
			summary: this.summary.trim(),
			pinned,
			plan: this.plan,
			usage: this.usage,
		});
		const commit = await git.commitState(folder, { base, message });
		if (commit === base) {
			return;
		}
		await git.setReference(checkpointReference(run.run_id, number), commit);
		this.last = number;
		await pruneCheckpoints(git, settings(), { now, fresh: `${run.run_id}/${number}` });
	}
}

async function pinnedTexts(reader: LedgerReader, runId: string): Promise<string[]> {
	const events = await reader.events({
		run_id: runId,
		types: ['run.reported', 'run.messaged'],
		newestFirst: true,
		limit: mostPinned,
	});
	return events.toReversed().map(({ message }) => message.slice(0, mostPinnedText));
}
