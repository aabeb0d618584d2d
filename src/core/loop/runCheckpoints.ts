// Owns the checkpoints of a run at work: one after each turn of its agent. One that cannot be made is told and stops nothing.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { checkpointMessage, readCheckpoints } from '../checkpoint/checkpoint.ts';
import { checkpointReference } from '../checkpoint/checkpointReference.ts';
import type { CheckpointStory } from '../checkpoint/checkpointStory.ts';
import { describeStory } from '../checkpoint/checkpointStory.ts';
import { describeDamage, latestCheckpoint } from '../checkpoint/latestCheckpoint.ts';
import { pruneCheckpoints } from '../checkpoint/pruneCheckpoints.ts';
import { RollingSummary, readPinned } from '../checkpoint/rollingSummary.ts';
import type { DriverUpdate, SteeringDoor } from '../driver/driver.ts';
import type { Clock, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { HostLedger } from './hostLedger.ts';

export interface RunCheckpointsParts {
	readonly ledger: HostLedger;
	readonly git: Pick<Git, 'commitState' | 'setReference' | 'readReferences' | 'sizeOfCommits' | 'findDamage'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly run: Run;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** A line of the run's log. */
	readonly onSaid: (line: string) => void;
}

/** So many earlier attempts are looked at for what is to be remembered. */
const mostEarlier = 5;
const mostLeftOut = 20;
const megabyte = 1024 * 1024;

export class RunCheckpoints {
	private readonly parts: RunCheckpointsParts;
	private readonly summary = new RollingSummary();
	private last: number | undefined;
	/** What an earlier attempt left; null for nothing, undefined before anybody looked. */
	private earlier: CheckpointStory | null | undefined;

	constructor(parts: RunCheckpointsParts) {
		this.parts = parts;
	}

	/** What the agent says and does, with no key in it. */
	note(update: DriverUpdate): void {
		this.summary.note(update);
	}

	/** What an attempt that was cut off told at its last checkpoint that is whole; empty when that is nothing. Never rejects. */
	async describeLast(runId: string | undefined): Promise<string> {
		const { git, log, onSaid } = this.parts;
		if (runId === undefined) {
			return '';
		}
		try {
			const onDamaged = (...damage: Parameters<typeof describeDamage>) => onSaid(describeDamage(...damage));
			return describeStory((await latestCheckpoint({ git, onDamaged }, runId))?.story);
		} catch (error) {
			log.warn(`No checkpoint of ${runId} could be read: ${describeError(error)}`);
			return '';
		}
	}

	/** Where the work stands at this moment, as text for a session that knows nothing of it; the same a checkpoint would tell. */
	async describe(): Promise<string> {
		return describeStory(await this.story());
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
		const { settings, git, clock, folder, run } = this.parts;
		const story = await this.story();
		const prefix = checkpointReference(run.run_id, 0).replace(/0$/u, '');
		this.last ??= readCheckpoints(await git.readReferences(prefix)).at(-1)?.number ?? 0;
		const number = this.last + 1;
		const message = (leftOut: readonly string[]) =>
			checkpointMessage(run.run_id, number, { ...story, left_out: leftOut.slice(0, mostLeftOut) });
		const ignoredBytes = settings()['checkpoints.ignoredMegabytes'] * megabyte;
		const commit = await git.commitState(folder, { base: story.base, message, ignoredBytes });
		if (commit === story.base) {
			return;
		}
		await git.setReference(checkpointReference(run.run_id, number), commit);
		this.last = number;
		await pruneCheckpoints(git, settings(), { now: clock.now(), fresh: `${run.run_id}/${number}` });
	}

	private async story(): Promise<CheckpointStory> {
		const { ledger, clock, run: opened } = this.parts;
		this.earlier ??= (await this.findEarlier()) ?? null;
		const earlier = this.earlier ?? undefined;
		const { run, pinned } = await ledger.read(async (reader) => ({
			run: (await reader.run(opened.run_id)) ?? opened,
			pinned: await readPinned(reader, opened.run_id, earlier),
		}));
		if (run.base_commit === null) {
			throw new DreamError('checkpoint.noBase', 'Nobody knows which commit its worktree began with.');
		}
		return {
			task_id: run.task_id,
			worker: run.worker,
			attempt: run.attempt,
			base: run.base_commit,
			at: new Date(clock.now()).toISOString(),
			session_id: run.session?.session_id ?? null,
			left_out: [],
			...pinned,
			...this.summary.read(),
		};
	}

	/** Of the attempts before this one, the newest that left a checkpoint. */
	private async findEarlier(): Promise<CheckpointStory | undefined> {
		const { ledger, git, log, run } = this.parts;
		const runs = await ledger.read((reader) => reader.runs({ task_id: run.task_id, limit: mostEarlier }));
		const onDamaged = (...damage: Parameters<typeof describeDamage>) => log.warn(describeDamage(...damage));
		for (const { run_id: id } of runs.filter((each) => each.run_id !== run.run_id)) {
			const found = await latestCheckpoint({ git, onDamaged }, id);
			if (found?.story !== undefined) {
				return found.story;
			}
		}
		return undefined;
	}
}
