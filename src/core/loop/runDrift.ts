// Owns how a run at work is kept to its task: what its agent does is measured, and where that shows drift the turn is cut short and the
// next rung of the ladder is taken. No model is asked; only a driver whose agents can be spoken to is watched; a person's word goes first.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { contentHash } from '../board/quarantine.ts';
import { climbedRungs, usualPace } from '../drift/driftHistory.ts';
import type { DriftReading, DriftRung } from '../drift/driftReading.ts';
import { describeDrift, driftSteps } from '../drift/driftReading.ts';
import type { DriftFinding } from '../drift/driftWatch.ts';
import { DriftWatch } from '../drift/driftWatch.ts';
import { freshStart, handOffWords, personQuestion, reminder, restatement } from '../drift/driftWords.ts';
import type { Driver, DriverUpdate, NextTurn, SteeringDoor, TurnMoment } from '../driver/driver.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import { placeToWork } from '../landing/landingPath.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Clock, FileSystem } from '../ports.ts';
import { handOffNote } from '../run/handOffNote.ts';
import type { Run, RunToken } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { factKeys } from '../swarmFacts.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { editTask } from '../task/editTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { Task } from '../task/task.ts';
import { withoutMachine } from './attempts.ts';
import type { HostLedger } from './hostLedger.ts';

export interface RunDriftParts {
	readonly ledger: HostLedger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly files: Pick<FileSystem, 'stat' | 'join'>;
	readonly settings: () => Settings;
	readonly bounds: LandingBounds;
	readonly run: Run;
	readonly task: Task;
	readonly driver: Pick<Driver, 'isSteerable'>;
	/** Absolute path of the worktree. */
	readonly folder: string;
	readonly signal: AbortSignal;
	/** The whole task as the agent was told it. */
	readonly prompt: () => string;
	/** Where the work stands, as the last checkpoint tells it; empty when nothing is known. */
	readonly story: () => Promise<string>;
	/** A line of the run's log. */
	readonly onSaid: (update: DriverUpdate) => void;
	/** The run does not hold its task any more. */
	readonly onTaken: () => void;
}

/** What is measured is written down at most this often, and only when it differs. */
const writtenMilliseconds = 3000;
const worthWriting = 0.05;
const mostMarked = 100;
/** Why the run ended, for figures. */
const failureCode = 'run.drifted';

export class RunDrift {
	private readonly parts: RunDriftParts;
	private readonly watch: DriftWatch;
	private readonly token: RunToken;
	private due: DriftFinding | undefined;
	private cut: () => void = () => undefined;
	private mark = '';
	private writtenAt = Number.NEGATIVE_INFINITY;
	private written = 0;
	private step: DriftRung | null = null;

	/** undefined where nobody could speak to the agent, where the settings want none, or what went before cannot be read; the run goes on without. */
	static async open(parts: RunDriftParts): Promise<RunDrift | undefined> {
		const wanted = parts.settings()['drift.sensitivity'];
		if (parts.driver.isSteerable !== true || wanted === 'off') {
			return undefined;
		}
		try {
			const [climbed, usual] = await parts.ledger.read(async (reader) => [
				await climbedRungs(reader, parts.task.task_id),
				await usualPace(reader, parts.task),
			]);
			return new RunDrift(parts, new DriftWatch({ ...parts.task, usual }, wanted, climbed));
		} catch (error) {
			parts.log.warn(`${parts.run.run_id} is not watched for drift: ${describeError(error)}`);
			return undefined;
		}
	}

	private constructor(parts: RunDriftParts, watch: DriftWatch) {
		this.parts = parts;
		this.watch = watch;
		this.token = { run_id: parts.run.run_id, epoch: parts.run.epoch };
	}

	/** What the agent says and does, with no key in it. */
	note(update: DriverUpdate): void {
		const finding = this.watch.note({ ...update, at: this.parts.clock.now() });
		if (finding !== undefined) {
			this.due = finding;
			this.cut();
		}
		this.write();
	}

	/** Files of the worktree that differ from its base; whether they changed again is looked at here, by size and time. */
	async noteFiles(names: readonly string[]): Promise<void> {
		const { files, folder, onSaid } = this.parts;
		const stamps: unknown[] = [];
		for (const name of names.slice(0, mostMarked)) {
			const found = await files.stat(files.join(folder, name)).catch(() => undefined);
			stamps.push([name, found?.size, found?.modified]);
		}
		const mark = contentHash(new TextEncoder().encode(JSON.stringify([names, stamps])));
		if (mark !== this.mark && names.length > 0) {
			this.mark = mark;
			const update: DriverUpdate = {
				kind: 'note',
				text: 'The worktree has changed.',
				data: { worktree: mark, files: names.slice(0, mostMarked).map((name) => this.inWorkspace(name)) },
			};
			onSaid(update);
			this.note(update);
		}
	}

	/** As the task and its agent name it, where the workspace is a folder of the repository. */
	private inWorkspace(name: string): string {
		const place = placeToWork(this.parts.bounds);
		return place !== '' && name.startsWith(`${place}/`) ? name.slice(place.length + 1) : name;
	}

	/** The same door; through it the agent is told, and stopped, before anybody else's next word. */
	before(door: SteeringDoor): SteeringDoor {
		return {
			onCut: (listener) => {
				let isCut = false;
				const once = () => {
					if (!isCut) {
						isCut = true;
						listener();
					}
				};
				this.cut = once;
				const cutting = door.onCut(once);
				if (this.due !== undefined) {
					once();
				}
				return {
					dispose: () => {
						this.cut = () => undefined;
						cutting.dispose();
					},
				};
			},
			next: (moment) => this.next(door, moment),
		};
	}

	private async next(door: SteeringDoor, moment: TurnMoment): Promise<NextTurn | undefined> {
		const { due } = this;
		this.due = undefined;
		if (moment !== 'cut' || due === undefined) {
			// Who ended its turn says it is done: that is for the gates.
			this.watch.beginAgain();
			return door.next(moment);
		}
		const said = await door.next('ended');
		return this.parts.signal.aborted ? undefined : this.climb(due, said);
	}

	private async climb(due: DriftFinding, said: NextTurn | undefined): Promise<NextTurn | undefined> {
		const { log, onSaid, onTaken, run, prompt } = this.parts;
		const { rung, reading } = due;
		this.step = rung;
		const line = `${run.worker} drifts: ${describeDrift({ ...reading, step: rung })}`;
		onSaid({ kind: 'note', text: line, data: { drift: reading.score, step: rung, reasons: reading.reasons } });
		this.watch.beginAgain();
		try {
			await this.parts.ledger.persist((transaction) => this.record(transaction, due, line));
		} catch (error) {
			log.warn(`${run.run_id}: what was done about its drift was not written: ${describeError(error)}`);
			if (rung === 'release' || rung === 'ask') {
				return said;
			}
		}
		switch (rung) {
			case 'remind':
				return withWords(reminder(reading), said);
			case 'restate':
				return withWords(restatement(reading, prompt(), await this.story()), said);
			case 'fresh':
				return { ...withWords(freshStart(reading, prompt(), await this.story()), said), isFresh: true };
			case 'release':
			case 'ask':
				onTaken();
				return undefined;
		}
	}

	private story(): Promise<string> {
		return this.parts.story().catch((error: unknown) => {
			this.parts.log.warn(
				`${this.parts.run.run_id}: where its work stands was not read: ${describeError(error)}`,
			);
			return '';
		});
	}

	/** The event, and with it in one transaction what becomes of the task. */
	private async record(transaction: LedgerTransaction, due: DriftFinding, message: string): Promise<void> {
		const { rung, reading } = due;
		const { run } = this.parts;
		const { task_id: taskId, worker } = run;
		const current = await transaction.updateRun(this.token, { drift: this.noteOf(reading) });
		await transaction.append({
			type: 'run.drifted',
			task_id: taskId,
			run_id: run.run_id,
			agent_id: worker,
			message,
			data: {
				step: rung,
				score: reading.score,
				reasons: [...reading.reasons],
				figures: Object.fromEntries(reading.signals.map(({ name, figure }) => [name, figure])),
			},
		});
		if (rung !== 'release' && rung !== 'ask') {
			return;
		}
		const stored = await requireTask(transaction, taskId);
		const note = await handOffNote(transaction, current, handOffWords(worker, reading));
		await editTask(transaction, taskId, {
			notes: [stored.task.notes, `Left by ${worker} (${run.run_id}):\n${note}`]
				.filter((text) => text.trim() !== '')
				.join('\n\n'),
		});
		if (rung === 'ask') {
			const text = personQuestion(taskId, worker, reading);
			await advanceTask(transaction, {
				taskId,
				move: 'block',
				reason: text,
				token: this.token,
				patch: { block_reason: { kind: 'needs_input', text } },
				runPatch: withoutMachine,
				failureCode,
			});
			return;
		}
		await advanceTask(transaction, {
			taskId,
			move: 'release',
			reason: `${worker} was ${driftSteps.release}: ${reading.reasons[0] ?? 'it did not get on with it'}`,
			token: this.token,
			runPatch: withoutMachine,
			failureCode,
		});
	}

	private noteOf({ score, reasons }: DriftReading) {
		return { score: Math.round(score * 100) / 100, reasons: [...reasons], step: this.step };
	}

	private write(): void {
		const { reading } = this.watch;
		const { ledger, clock, log, signal, run } = this.parts;
		const now = clock.monotonic();
		if (
			reading === undefined ||
			signal.aborted ||
			now - this.writtenAt < writtenMilliseconds ||
			Math.abs(reading.score - this.written) < worthWriting
		) {
			return;
		}
		this.writtenAt = now;
		this.written = reading.score;
		ledger
			.write(async (transaction) => {
				await transaction.updateRun(this.token, { drift: this.noteOf(reading) });
				await transaction.setFact(factKeys.measured, transaction.at);
			})
			.catch((error: unknown) => log.debug(`${run.run_id}: its drift was not written: ${describeError(error)}`));
	}
}

/** Ours first, then what people said meanwhile. */
const withWords = (text: string, said: NextTurn | undefined): NextTurn =>
	said === undefined
		? { text, onHeard: () => undefined }
		: { text: `${text}\n\n${said.text}`, onHeard: () => said.onHeard() };
