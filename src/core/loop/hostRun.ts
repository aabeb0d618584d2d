// Owns one run from its claim to its verdict: worktree, driver, result commit, gates. It can be stopped at any point; whatever
// happens, its processes are ended, its work is kept, and its worktree goes.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { DriverJob, DriverOutcome } from '../driver/driver.ts';
import type { RunTools } from '../driver/jobTools.ts';
import { placeToWork } from '../landing/landingPath.ts';
import { runtimePaths } from '../paths.ts';
import { continuing } from '../person/leftWork.ts';
import { finishedSummary } from '../run/finishRun.ts';
import { protocolLogName, runLogName } from '../run/runLogPath.ts';
import type { Run, RunToken } from '../run/run.ts';
import type { RunMessage } from '../run/runMessages.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { FileRadar, radarPauseMilliseconds } from './fileRadar.ts';
import { awaitOutcome } from './awaitOutcome.ts';
import { createPermissionDoor } from './permissionDoor.ts';
import type { ClaimedRun, HostRunParts } from './hostRunParts.ts';
import type { Concluded, RunEnding, RunStop } from './runEnding.ts';
import { concludeRun } from './runEnding.ts';
import { prepareFolder } from './prepareFolder.ts';
import { findJobPlaces } from './findJobPlaces.ts';
import { createJob } from './runJob.ts';
import { RunBudget } from './runBudget.ts';
import { RunDrift } from './runDrift.ts';
import { RunCheckpoints } from './runCheckpoints.ts';
import { RunLog } from './runLog.ts';
import { RunSigns } from './runSigns.ts';
import { RunStrays } from './runStrays.ts';
import { RunSteering } from './runSteering.ts';
import { endAfterFinish, openTools, recordProtocol, redactOutcome, redactUpdate } from './runTools.ts';
import { removeWorktree, rescueWorktree } from './runWorktree.ts';
import { TurnAccount } from './turnAccount.ts';
import { validateWork } from './validateWork.ts';
import { WaitClock } from './waitClock.ts';

/** How long after its own limit a driver may still be silent before it is given up. */
const driverGraceMilliseconds = 20_000;

export class HostRun {
	/** Resolves when the verdict is durable and nothing of the run is left on the machine. */
	readonly done: Promise<void>;
	private readonly parts: HostRunParts;
	private readonly claim: ClaimedRun;
	private readonly token: RunToken;
	private readonly runLog: RunLog;
	/** Only where a person asked for it: it costs as much as the agent says. */
	private readonly protocolLog: RunLog | undefined;
	private readonly signs: RunSigns;
	private readonly controller = new AbortController();
	private stopped: RunStop | undefined;
	private base: string | undefined;
	/** Whether the worktree began with an earlier change of the task. */
	private isContinued = false;
	private result: string | undefined;
	/** Variables that name the caches all worktrees share. */
	private caches: Readonly<Record<string, string>> = {};
	private readonly waits: WaitClock;
	private readonly steering: RunSteering;
	private budget: RunBudget | undefined;
	/** Whether nothing is in the worktree that is not kept elsewhere too. */
	private isWorkSafe = true;

	constructor(parts: HostRunParts, claim: ClaimedRun) {
		this.parts = parts;
		this.claim = claim;
		this.token = { run_id: claim.run.run_id, epoch: claim.run.epoch };
		const logParts = { ...parts, folder: parts.files.join(parts.workspaceFolder, runtimePaths.runLogs) };
		this.runLog = new RunLog({ ...logParts, name: runLogName(claim.run.run_id) });
		this.protocolLog = parts.settings()['agents.protocolLog']
			? new RunLog({ ...logParts, name: protocolLogName(claim.run.run_id) })
			: undefined;
		this.signs = new RunSigns({
			...parts,
			token: this.token,
			signal: this.signal,
			onError: (error) => {
				this.noticeFence(error);
				parts.log.warn(`${this.runId}: ${describeError(error)}`);
			},
		});
		this.waits = new WaitClock(parts.clock);
		this.steering = new RunSteering({
			...parts,
			run: claim.run,
			waits: this.waits,
			signal: this.signal,
			onSaid: (text) => this.runLog.add({ kind: 'note', text }),
		});
		this.done = this.drive().catch((error: unknown) => parts.log.error(`${this.runId} ended badly.`, error));
	}

	get runId(): string {
		return this.token.run_id;
	}

	/** What the ledger says at this moment of the run, and of what waits to be told to its agent. */
	steer(run: Run, messages: readonly RunMessage[]): void {
		this.steering.notice(run, messages);
	}

	get taskId(): string {
		return this.claim.run.task_id;
	}

	/** Ends the run early. A later, harder reason replaces a softer one. */
	stop(stop: RunStop): void {
		if (this.stopped === undefined || stop.kind === 'abandon') {
			this.stopped = stop;
			this.controller.abort(new DreamError('run.stopped', `${this.runId} is stopped.`));
		}
		if (stop.kind === 'release' && stop.isUrgent === true) {
			this.signs.endProcesses(this.parts.processes);
		}
	}

	private get signal(): AbortSignal {
		return this.controller.signal;
	}

	private async drive(): Promise<void> {
		const ending = await this.attempt().catch((error: unknown) => this.endingOf(error));
		await this.runLog.close();
		await this.protocolLog?.close();
		await this.signs.end();
		if (this.stopped?.kind === 'abandon') {
			return;
		}
		const concluded = await this.conclude(
			this.stopped === undefined ? ending : { kind: 'stopped', stop: this.stopped },
		);
		if (this.isWorkSafe && concluded === 'over') {
			await removeWorktree(this.parts, this.claim.folder);
		}
		this.parts.worktrees.giveBack(this.claim.folder);
	}

	private async conclude(ending: RunEnding): Promise<Concluded> {
		if (ending.kind !== 'passed') {
			this.isWorkSafe = await this.rescue();
		}
		try {
			return await concludeRun(this.parts, this.claim, ending);
		} catch (error) {
			this.noticeFence(error);
			if (ending.kind === 'passed' && isDreamError(error, 'task.guardRefused')) {
				// As good as a gate that failed: the next attempt is told what was missing.
				const { code, message: reason } = error;
				return this.conclude({ kind: 'failed', code, reason, isTransient: true, gates: ending.gates });
			}
			if (ending.kind === 'stopped' || this.stopped?.kind !== 'taken') {
				throw error;
			}
			return this.conclude({ kind: 'stopped', stop: this.stopped });
		}
	}

	private async attempt(): Promise<RunEnding> {
		await this.prepare();
		const outcome = await this.work();
		const said = this.signal.aborted
			? undefined
			: await this.parts.ledger.read((reader) => finishedSummary(reader, this.runId));
		if (said !== undefined) {
			// However its turn ended: it was done before, and the gates decide.
			return this.validate(said);
		}
		if (!this.signal.aborted && this.budget?.verdict !== undefined) {
			return this.budget.verdict;
		}
		switch (outcome.kind) {
			case 'failed':
				return { ...outcome, kind: 'failed' };
			case 'cancelled':
				this.signal.throwIfAborted();
				return {
					kind: 'failed',
					code: 'run.cancelled',
					reason: `${this.claim.agent.id} ended the work by itself.`,
					isTransient: true,
				};
			case 'finished':
				this.signal.throwIfAborted();
				return this.validate(outcome.summary);
		}
	}

	private async prepare(): Promise<void> {
		const { ledger } = this.parts;
		const { run } = this.claim;
		const { caches, isContinued, base } = await prepareFolder(this.parts, this.claim, {
			workFolder: this.workFolder,
			signal: this.signal,
			onBase: (commit) => (this.base = commit),
			onNote: (text) => {
				this.runLog.add({ kind: 'note', text });
				this.signs.noteActivity();
			},
			onProcess: (process) => this.signs.noteProcess(process),
		});
		this.caches = caches;
		this.isContinued = isContinued;
		this.signal.throwIfAborted();
		if (this.claim.resumed?.isSameRun === true) {
			return;
		}
		await ledger.persist((transaction) =>
			advanceTask(transaction, {
				taskId: run.task_id,
				move: 'start',
				token: this.token,
				runPatch: { base_commit: base },
				...(this.claim.resumed === undefined ? {} : { data: continuing(this.claim.resumed.run) }),
			}),
		);
	}

	/** The workspace's place in the worktree. */
	private get workFolder(): string {
		const { files, bounds } = this.parts;
		const place = placeToWork(bounds);
		return place === '' ? this.claim.folder : files.join(this.claim.folder, place);
	}

	private async work(): Promise<DriverOutcome> {
		const tools = await openTools(this.parts, this.claim);
		try {
			const outcome = await this.workWith(tools);
			return tools === undefined ? outcome : redactOutcome(outcome, tools);
		} finally {
			tools?.dispose();
		}
	}

	private async workWith(tools: RunTools | undefined): Promise<DriverOutcome> {
		const { files, ledger, log, workspaceFolder } = this.parts;
		const { driver } = this.claim;
		const permissions = await createPermissionDoor({
			...this.parts,
			run: this.claim.run,
			waits: this.waits,
			signal: this.signal,
			onAsk: (text) => this.runLog.add({ kind: 'permission', text }),
			redact: (text) => tools?.redact(text) ?? text,
		});
		const onSaid = (text: string) => this.runLog.add({ kind: 'note', text });
		const checkpoints = new RunCheckpoints({ ...this.parts, ...this.claim, onSaid });
		const account = new TurnAccount({ ...this.parts, run: this.claim.run, waits: this.waits });
		const drift = await RunDrift.open({
			...this.parts,
			...this.claim,
			signal: this.signal,
			prompt: () => job.prompt,
			story: () => checkpoints.describe(),
			onSaid: (update) => this.runLog.add(update),
			onTaken: () => this.stop({ kind: 'taken' }),
		});
		const budget = new RunBudget({
			...this.parts,
			run: this.claim.run,
			account,
			folder: this.claim.folder,
			base: () => this.base,
			onSaid,
		});
		this.budget = budget;
		const steered = checkpoints.before(budget.around(drift?.before(this.steering) ?? this.steering));
		const job: DriverJob = await createJob({
			...this.claim,
			permissions,
			steering: driver.isSteerable === true ? account.around(steered) : undefined,
			folder: this.workFolder,
			places: await findJobPlaces(this.parts, this.claim.folder),
			environment: this.caches,
			settings: this.parts.settings(),
			workspaceFolder,
			files,
			tools,
			isContinued: this.isContinued,
			interrupted: await checkpoints.describeLast(this.claim.resumed?.run.run_id),
			read: (work) => ledger.read(work),
		});
		this.signal.throwIfAborted();
		if (driver.isSteerable === true && !(await budget.mayBegin())) {
			return { kind: 'cancelled' };
		}
		account.say(job.resume?.prompt ?? job.prompt);
		const radar = new FileRadar({
			...this.parts,
			run: this.claim.run,
			folder: this.claim.folder,
			pauseMilliseconds: this.parts.radarMilliseconds ?? radarPauseMilliseconds,
			signal: this.signal,
			onFiles: (names) => drift?.noteFiles(names) ?? Promise.resolve(),
		});
		const strays = new RunStrays(this.parts, this.claim.run);
		const watched = budget.watch();
		try {
			const session = driver.start(job, {
				onUpdate: (update) => {
					const clean = tools === undefined ? update : redactUpdate(update, tools);
					this.runLog.add(clean);
					checkpoints.note(clean);
					drift?.note(clean);
					account.note(clean);
					this.signs.noteActivity();
					radar.note();
				},
				onProcess: (process) => this.signs.noteProcess(process),
				onSession: (opened) => this.signs.noteSession(opened),
				...recordProtocol(this.protocolLog, tools),
				onUncontained: () => strays.begin(),
				onOutside: (path) => strays.note(path),
			});
			const onCancelError = (error: unknown) => log.error(`${this.runId} was not cancelled cleanly.`, error);
			endAfterFinish(session, tools, { signal: this.signal, onCancelError });
			return await awaitOutcome(session, {
				signal: this.signal,
				limitMilliseconds: job.timeoutMilliseconds + driverGraceMilliseconds,
				waitedMilliseconds: () => this.waits.total,
				driverId: driver.id,
				onCancelError,
			});
		} finally {
			watched.dispose();
			await account.close();
			await radar.end();
			await strays.end();
		}
	}

	private validate(summary: string): Promise<RunEnding> {
		return validateWork(this.parts, {
			...this.claim,
			summary,
			base: this.base ?? '',
			workFolder: this.workFolder,
			environment: this.caches,
			signal: this.signal,
			onResult: (commit) => (this.result = commit),
			onProcess: (process) => this.signs.noteProcess(process),
		});
	}

	private noticeFence(error: unknown): void {
		if (isDreamError(error, 'host.fenced')) {
			this.stop({ kind: 'abandon' });
			this.parts.onFenced();
		} else if (isDreamError(error, 'run.fenced')) {
			this.stop({ kind: 'taken', error });
		}
	}

	private endingOf(error: unknown): RunEnding {
		this.noticeFence(error);
		if (this.stopped !== undefined) {
			return { kind: 'stopped', stop: this.stopped };
		}
		const code = isDreamError(error) ? error.code : 'run.broke';
		return { kind: 'failed', code, reason: describeError(error), isTransient: true };
	}

	private rescue(): Promise<boolean> {
		return rescueWorktree(this.parts, {
			runId: this.runId,
			folder: this.claim.folder,
			base: this.base,
			...(this.result === undefined ? {} : { result: this.result }),
		});
	}
}
