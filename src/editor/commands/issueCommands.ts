// Owns Report Issue: a document with diagnostics that the person reads, changes and sends by hand. Nothing leaves by itself.

import { hostname, release, userInfo } from 'node:os';
import { env, version, window, workspace, l10n } from 'vscode';
import { buildIssueReport } from '../issueReport.ts';
import type { EditorLog } from '../log.ts';
import { settingsSection } from '../manifest.ts';
import type { Notifier } from '../notify.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';

export interface IssueCommandParts {
	readonly session: WorkspaceSession;
	readonly log: EditorLog;
	readonly notifier: Notifier;
	/** Full names of our settings. */
	readonly settingNames: readonly string[];
	readonly productVersion: string;
}

/** What a person set, not what is so by default. */
function changedSettings(names: readonly string[]): Record<string, unknown> {
	const configuration = workspace.getConfiguration();
	return Object.fromEntries(
		names.flatMap((name) => {
			const found = configuration.inspect(name);
			const value: unknown = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
			return value === undefined || !name.startsWith(`${settingsSection}.`) ? [] : [[name, value]];
		}),
	);
}

export function createIssueCommands(parts: IssueCommandParts): CommandHandlers {
	const { session, log, notifier } = parts;
	return {
		'dreamos.issue.report': async () => {
			const { current, snapshot } = session;
			const account = userInfo();
			const content = buildIssueReport({
				facts: {
					'Dream.OS': parts.productVersion,
					Editor: `${env.appName} ${version} (${env.appHost}${env.remoteName === undefined ? '' : ', remote'})`,
					System: `${process.platform} ${release()} ${process.arch}, Node.js ${process.versions.node}`,
					Folder: `${current.kind}, ${session.workspace?.state() ?? 'none'}, ${workspace.isTrusted ? 'trusted' : 'not trusted'}`,
					Tasks: Object.entries(snapshot.counts)
						.map(([status, count]) => `${status} ${count}`)
						.join(', '),
					Agents: snapshot.agents.map(({ agent, state }) => `${agent.driver} ${state}`).join(', ') || 'none',
					Swarm: `${snapshot.swarm.shouldRun ? 'to run' : 'stopped'}, host ${snapshot.swarm.isHostAlive ? 'alive' : 'not alive'}`,
					Problems: String(snapshot.problems.length),
				},
				settings: changedSettings(parts.settingNames),
				log: log.recent(),
				names: {
					folders: {
						[account.homedir]: '~',
						...(current.kind === 'open' ? { [current.folder.uri.fsPath]: '<workspace>' } : {}),
					},
					words: [account.username, hostname()],
				},
			});
			const document = await workspace.openTextDocument({ language: 'markdown', content });
			await window.showTextDocument(document, { preview: false });
			notifier.answer(l10n.t('Nothing is sent. Say what happened, read the rest, and paste it into the issue.'), [
				{ title: l10n.t('Copy'), run: () => env.clipboard.writeText(document.getText()) },
			]);
		},
	};
}
