// Owns what a watch view is told about its run beside the log's own lines: the head, and what happened in the ledger since it was
// last told. Looks at the end of the log only.

import path from 'node:path';
import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import type { GateVerdict } from '../../core/gate/gateVerdict.ts';
import { gateVerdict } from '../../core/gate/gateVerdict.ts';
import { readLogPage } from '../../core/run/logPage.ts';
import { protocolLogPath, runLogPath } from '../../core/run/runLogPath.ts';
import type { Run } from '../../core/run/run.ts';
import { drivenStates, isOpenRun, isPausedRun } from '../../core/run/run.ts';
import { foldEntries } from '../../protocol/foldEntries.ts';
import type { WatchHead } from '../../protocol/watchApi.ts';
import type { WatchEntry } from '../../protocol/watchEntry.ts';
import { toEventEntry, toWatchEntry } from '../../protocol/watchEntry.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** Plan and usage are told again every 128 K, so that this much of the end holds them. */
const tailBytes = 160 * 1024;
/** Events of a run beyond this many are not shown. */
const mostEvents = 1000;
/** A run that ended may still write its last lines. */
const lateMilliseconds = 10_000;

export type WatchNews =
	| { readonly kind: 'notice'; readonly text: string }
	| {
			readonly kind: 'head';
			readonly head: WatchHead;
			readonly events: readonly WatchEntry[];
			readonly isWhole: boolean;
	  };

export class WatchedRun {
	/** Whether the log may still get longer. */
	mayGrow = true;
	private readonly session: WorkspaceSession;
	private readonly runId: string;
	private told = '';
	private sequence = 0;
	private size = -1;
	private plan: WatchHead['plan'] = null;
	private usage: WatchHead['usage'] = null;

	constructor(session: WorkspaceSession, runId: string) {
		this.session = session;
		this.runId = runId;
	}

	/** The page is new and knows nothing. */
	forget(): void {
		this.told = '';
		this.sequence = 0;
	}

	/** Absolute path of the run's log. */
	async logFile(): Promise<string> {
		const { folder } = this.session.require();
		const run = await this.run();
		return path.resolve(folder, run?.log_file ?? runLogPath(this.runId));
	}

	/** What is new since the last look; undefined when nothing is. */
	async look(): Promise<WatchNews | undefined> {
		const { workspace, current } = this.session;
		if (workspace === undefined) {
			return this.once({
				kind: 'notice',
				text:
					current.kind === 'opening'
						? l10n.t('Opening the workspace…')
						: l10n.t('The workspace of this run is not open.'),
			});
		}
		const ledger = workspace.ledger();
		const run = await this.run();
		if (ledger === undefined || run === undefined) {
			return this.once({
				kind: 'notice',
				text: l10n.t('There is no run {0} in this workspace.', displayLine(this.runId, 80)),
			});
		}
		await this.readTail(path.resolve(workspace.folder, run.log_file ?? runLogPath(run.run_id)));
		const events = await ledger.read((reader) =>
			reader.events({ run_id: run.run_id, after: this.sequence, limit: mostEvents }),
		);
		const isWhole = this.sequence === 0;
		this.sequence = events.at(-1)?.sequence ?? this.sequence;
		this.mayGrow = run.closed_at === null || Date.now() - Date.parse(run.closed_at) < lateMilliseconds;
		const shown = events.flatMap((event) => toEventEntry(event) ?? []);
		const head = await this.headOf(run);
		return this.once({ kind: 'head', head, events: shown, isWhole });
	}

	private run(): Promise<Run | undefined> {
		return (
			this.session
				.require()
				.ledger()
				?.read((reader) => reader.run(this.runId)) ?? Promise.resolve(undefined)
		);
	}

	private once(news: WatchNews): WatchNews | undefined {
		const text = JSON.stringify(news);
		const isTold =
			text === this.told ||
			(news.kind === 'head' && !news.isWhole && news.events.length === 0 && text === this.told);
		this.told = text;
		return isTold ? undefined : news;
	}

	/** Looks for plan and usage in what was written since the last look, or at the end of the log. */
	private async readTail(file: string): Promise<void> {
		const { files } = this.session.require().ports;
		const size = (await files.stat(file))?.size ?? 0;
		if (size === this.size) {
			return;
		}
		const bytes = Math.min(tailBytes, size - Math.max(0, this.size) + 1024);
		const page = await readLogPage(files, file, 'newest', { bytes, lines: Infinity });
		const { plan, usage } = foldEntries((page?.lines ?? []).map(toWatchEntry));
		this.plan = plan ?? this.plan;
		this.usage = usage ?? this.usage;
		this.size = size;
	}

	private async headOf(run: Run): Promise<WatchHead> {
		const { folder, ports } = this.session.require();
		const { snapshot } = this.session;
		const task = snapshot.tasks.get(run.task_id)?.task;
		const question = snapshot.questions.find(({ run_id }) => run_id === run.run_id);
		return {
			runId: run.run_id,
			taskId: displayLine(run.task_id, 80),
			taskName: displayLine(task?.name ?? run.task_id, 200),
			worker: displayLine(run.worker, 80),
			driver: displayLine(run.driver, 40),
			attempt: run.attempt,
			state: run.state,
			reason: displayLine(run.reason ?? '', 400),
			openedAt: Date.parse(run.opened_at),
			closedAt: run.closed_at === null ? null : Date.parse(run.closed_at),
			isOpen: isOpenRun(run.state),
			isDriven: drivenStates.includes(run.state) && run.host_id !== null,
			isPaused: isPausedRun(run),
			question: question === undefined ? null : displayLine(question.title, 200),
			hasChange: run.base_commit !== null && run.result_commit !== null,
			hasProtocolLog: (await ports.files.stat(path.join(folder, protocolLogPath(run.run_id)))) !== undefined,
			checks: countChecks(run.gates),
			plan: this.plan,
			usage: this.usage,
			size: this.size,
		};
	}
}

function countChecks(gates: Run['gates']): WatchHead['checks'] {
	const verdicts = gates.filter(({ kind }) => kind !== 'claim').map(gateVerdict);
	const countOf = (wanted: GateVerdict) => verdicts.filter((verdict) => verdict === wanted).length;
	return gates.length === 0
		? null
		: {
				passed: countOf('passed'),
				failed: countOf('failed'),
				unread: countOf('not read'),
				contradicted: gates.length - verdicts.length,
			};
}
