// Owns the analytics of the dashboard: the analysis of the period a page looks at, the tasks behind its figures, and writing it to a
// file of the person's choice.

import path from 'node:path';
import { Uri, window, workspace as editorWorkspace, l10n } from 'vscode';
import type { Analysis } from '../../core/figures/analysis.ts';
import { analyse, analysisRows, findFigure } from '../../core/figures/analysis.ts';
import { composeCsv } from '../../core/list/csvText.ts';
import type { AnalyticsModel, PeriodId } from '../../protocol/analyticsModel.ts';
import { periods, toAnalyticsModel } from '../../protocol/analyticsModel.ts';
import type { SaveRequest } from '../../protocol/dashboardApi.ts';
import type { Notifier } from '../notify.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { RunHistory } from './runHistory.ts';

const dayMilliseconds = 24 * 3_600_000;
/** The clock alone makes no other analysis sooner than this. */
const minute = 60_000;

export class DashboardAnalytics {
	period: PeriodId = 'week';
	private readonly session: WorkspaceSession;
	private readonly history: RunHistory;
	private last: { readonly key: string; readonly analysis: Analysis; readonly model: AnalyticsModel } | undefined;

	constructor(session: WorkspaceSession, history: RunHistory) {
		this.session = session;
		this.history = history;
	}

	/** The figures now; the same object while neither picture nor minute is another. */
	async look(): Promise<AnalyticsModel> {
		const { analysis, model } = await this.analyse();
		this.last = { key: this.keyNow(), analysis, model };
		return model;
	}

	/** The tasks behind a figure, with what it is called. */
	async tasksOf(key: string): Promise<{ readonly title: string; readonly ids: readonly string[] } | undefined> {
		const figure = findFigure((await this.analyse()).analysis, key);
		return figure === undefined ? undefined : { title: figure.label, ids: figure.taskIds };
	}

	/** Writes all figures as CSV, or a picture the page made, where the person says; nothing when they do not. */
	async save({ kind, what, data: picture }: SaveRequest, notifier: Notifier): Promise<void> {
		const { folder } = this.session.require();
		const target = await window.showSaveDialog({
			title: l10n.t('Export Analytics'),
			saveLabel: l10n.t('Export'),
			defaultUri: Uri.file(path.join(folder, `dreamos-${what}-${this.period}.${kind}`)),
			filters: { [kind]: [kind] },
		});
		if (target === undefined) {
			return;
		}
		const bytes =
			kind === 'csv'
				? Buffer.from(composeCsv(analysisRows((await this.analyse()).analysis)))
				: Buffer.from(picture ?? '', 'base64');
		// The dialog has asked whether a file that is there may be replaced.
		await editorWorkspace.fs.writeFile(target, bytes);
		notifier.answer(l10n.t('Analytics written to {0}.', path.basename(target.fsPath)));
	}

	private keyNow(): string {
		return `${this.period} ${this.session.snapshot.version} ${Math.floor(Date.now() / minute)}`;
	}

	private async analyse(): Promise<{ readonly analysis: Analysis; readonly model: AnalyticsModel }> {
		const { last } = this;
		if (last !== undefined && last.key === this.keyNow()) {
			return last;
		}
		const days = periods.find(({ id }) => id === this.period)?.days ?? 7;
		// A whole minute, so that a picture in which nothing happened is the same.
		const to = Math.ceil(Date.now() / minute) * minute;
		const from = to - days * dayMilliseconds;
		await this.history.look();
		const tasks = await this.history.tasksSince(from - (from % dayMilliseconds));
		const analysis = analyse({
			tasks,
			runs: this.history.runs,
			events: await this.history.autonomyEvents(),
			period: { from, to },
			offset: new Date().getTimezoneOffset() * minute,
		});
		return { analysis, model: toAnalyticsModel(analysis) };
	}
}
