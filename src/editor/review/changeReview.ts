// Owns how a change is looked at: one multi-diff of what the agent began with and what it ended with. Knows which open tab is
// which review, so that Accept and Reject in its title mean the right run.

import type { Disposable } from 'vscode';
import { commands, window, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { excludedPaths } from '../../core/landing/landingPath.ts';
import type { Run } from '../../core/run/run.ts';
import type { ContextKeys } from '../contextKeys.ts';
import { compareCommits } from '../documents/blobDocuments.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { ChangeComments } from './changeComments.ts';
import { changeEvidence } from './changeEvidence.ts';

export class ChangeReview implements Disposable {
	private readonly session: WorkspaceSession;
	private readonly contextKeys: ContextKeys;
	private readonly reports: ReportDocuments;
	private readonly comments: ChangeComments;
	/** Label of a tab → run; the editor does not tell extensions what a multi-diff tab holds. */
	private readonly runByLabel = new Map<string, string>();
	private readonly subscription: Disposable;

	constructor(
		session: WorkspaceSession,
		contextKeys: ContextKeys,
		reports: ReportDocuments,
		comments: ChangeComments,
	) {
		this.session = session;
		this.contextKeys = contextKeys;
		this.reports = reports;
		this.comments = comments;
		this.subscription = window.tabGroups.onDidChangeTabs(() => this.publish());
	}

	/** Opens the change of a run. Fails with `run.noChange` when there is none to show. */
	async open(run: Run): Promise<void> {
		const { ports } = this.session.require();
		const { base_commit: base, result_commit: result } = run;
		if (base === null || result === null) {
			throw new DreamError(
				'run.noChange',
				l10n.t('{0} has no change to show: it is {1}.', run.run_id, run.state),
				{
					advice: l10n.t('A run has a change once its worker has finished.'),
				},
			);
		}
		const changes = await ports.git.changes(base, result, excludedPaths);
		if (changes.length === 0) {
			throw new DreamError('run.noChange', l10n.t('{0} changed no file for {1}.', run.worker, run.task_id), {
				advice: l10n.t('Look at its log.'),
			});
		}
		const label = plainLabel(
			run.attempt > 1
				? l10n.t('{0} by {1}, attempt {2}', run.task_id, run.worker, run.attempt)
				: l10n.t('{0} by {1}', run.task_id, run.worker),
			80,
		);
		if (run.state === 'review') {
			this.runByLabel.set(label, run.run_id);
			await this.comments.begin(run);
		}
		const lines = changeEvidence(run, changes);
		const evidence =
			lines.length === 0 ? undefined : this.reports.add(l10n.t('Evidence of {0}', run.run_id), lines);
		await commands.executeCommand('vscode.changes', label, [
			...compareCommits(base, result, changes),
			...(evidence === undefined ? [] : [[evidence, undefined, evidence]]),
		]);
		this.publish();
	}

	/** The run whose change is in the active tab, while it waits for a decision. */
	activeRun(): string | undefined {
		const label = window.tabGroups.activeTabGroup.activeTab?.label;
		return label === undefined ? undefined : [...this.runByLabel].find(([own]) => isLabelOf(label, own))?.[1];
	}

	/** Closes the tab of a review that was decided. */
	async close(runId: string): Promise<void> {
		for (const [label, id] of this.runByLabel) {
			if (id === runId) {
				this.comments.end(runId);
				this.runByLabel.delete(label);
				const tabs = window.tabGroups.all.flatMap((group) =>
					group.tabs.filter((tab) => isLabelOf(tab.label, label)),
				);
				await window.tabGroups.close(tabs, true);
			}
		}
		this.publish();
	}

	dispose(): void {
		this.subscription.dispose();
	}

	private publish(): void {
		this.contextKeys.set('dreamos.review', this.activeRun() !== undefined);
	}
}

/** The editor adds the number of files to the label we give. */
function isLabelOf(tabLabel: string, label: string): boolean {
	return tabLabel === label || tabLabel.startsWith(`${label} (`);
}
