// Owns passing changed settings on to the programs without an editor, and telling about values that cannot be used.

import type { Disposable } from 'vscode';
import { commands, l10n } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { Notifier } from './notify.ts';
import { onDidChangeSettings } from './settings.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

export class SettingsFollower implements Disposable {
	private readonly subscriptions = new DisposableStore();
	private readonly session: WorkspaceSession;
	private readonly notifier: Notifier;
	private readonly log: Logger;
	private told = '';

	constructor(session: WorkspaceSession, notifier: Notifier, log: Logger) {
		this.session = session;
		this.notifier = notifier;
		this.log = log;
		this.subscriptions.add(onDidChangeSettings(() => void this.publish()));
		// Also when the folder becomes one of ours: its host must not start with what another window left.
		this.subscriptions.add(session.onDidChange(({ kind }) => kind === 'open' && void this.publish()));
	}

	dispose(): void {
		this.subscriptions.dispose();
	}

	private async publish(): Promise<void> {
		try {
			await this.session.workspace?.publishSettings();
			this.tellProblems();
		} catch (error) {
			this.log.error('The settings could not be passed on to the swarm.', error);
		}
	}

	private tellProblems(): void {
		const problems = this.session.workspace?.settingProblems() ?? [];
		const text = problems.map(({ message }) => message).join(' ');
		if (text !== '' && text !== this.told) {
			const [first] = problems;
			void this.notifier.tell(['settings'], text, [
				{
					title: l10n.t('Open Setting'),
					run: () => commands.executeCommand('workbench.action.openSettings', first?.setting),
				},
			]);
		}
		this.told = text;
	}
}
