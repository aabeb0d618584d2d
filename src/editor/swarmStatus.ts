// Owns the one status bar item: whether the swarm runs, how much is in work, how much waits for the person.

import type { Disposable } from 'vscode';
import { MarkdownString, StatusBarAlignment, window, l10n } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { asMarkdown } from './language/taskHover.ts';
import type { CommandId } from './manifest.ts';
import { throttle } from './throttle.ts';
import type { StatusChoice } from './statusSummary.ts';
import { statusChoices, statusSummary } from './statusSummary.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

const refreshMilliseconds = 200;
const openDashboard: CommandId = 'dreamos.dashboard.open';

export class SwarmStatus implements Disposable {
	private readonly item = window.createStatusBarItem('dreamos.swarm', StatusBarAlignment.Left, 10);
	private readonly subscriptions = new DisposableStore();

	constructor(session: WorkspaceSession) {
		this.item.name = l10n.t('Dream.OS Swarm');
		this.item.command = openDashboard;
		this.subscriptions.add(this.item);
		const refresh = this.subscriptions.add(throttle(refreshMilliseconds, () => this.show(session.snapshot)));
		this.subscriptions.add(session.onDidChangeSnapshot(() => refresh.trigger()));
	}

	dispose(): void {
		this.subscriptions.dispose();
	}

	private show(snapshot: SwarmSnapshot): void {
		if (snapshot.workspace !== 'ours') {
			this.item.hide();
			return;
		}
		const { text, tooltip } = statusSummary(snapshot);
		this.item.text = text;
		this.item.tooltip = toTooltip(tooltip, statusChoices(snapshot));
		this.item.accessibilityInformation = { label: `Dream.OS: ${tooltip.replaceAll('\n', ', ')}` };
		this.item.show();
	}
}

/** The lines, and below them what can be done now. Only these commands can be run from it. */
function toTooltip(lines: string, choices: readonly StatusChoice[]): MarkdownString {
	const links = choices.map(({ title, command }) => `[${title}](command:${command})`).join(' · ');
	const tooltip = new MarkdownString(`${asMarkdown(lines)}\n\n${links}`);
	tooltip.isTrusted = { enabledCommands: choices.map(({ command }) => command) };
	return tooltip;
}
