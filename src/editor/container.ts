// Owns the assembly of the extension: everything is built here by plain calls, in the order of what needs what. Nothing waits for
// a disk: the workspace is opened after activation.

import path from 'node:path';
import type { ExtensionContext, WorkspaceFolder } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { AgentSecrets } from './agentSecrets.ts';
import { BoardDiagnostics } from './boardDiagnostics.ts';
import { CommandRegistry } from './commands/commandRegistry.ts';
import { ContextKeys } from './contextKeys.ts';
import type { EditorServices } from './contributions.ts';
import { contributions } from './contributions.ts';
import { BlobDocuments } from './documents/blobDocuments.ts';
import { ReportDocuments } from './documents/reportDocuments.ts';
import { RunLogDocuments } from './documents/runLogDocuments.ts';
import { createLog } from './log.ts';
import { Notifier } from './notify.ts';
import { Dashboard } from './panels/dashboardPanel.ts';
import { WatchPanels } from './panels/watchPanel.ts';
import { createPerformer, trustRefusal } from './performer.ts';
import { ChangeComments } from './review/changeComments.ts';
import { ChangeReview } from './review/changeReview.ts';
import { readEditorSettings } from './settings.ts';
import { AgentView } from './views/agentView.ts';
import { TaskView } from './views/taskView.ts';
import { WorktreeView } from './views/worktreeView.ts';
import { WorkspaceSession } from './workspaceSession.ts';

export interface Container {
	readonly services: EditorServices;
	/** Closes the workspace, then everything else; the log last. */
	close(): Promise<void>;
}

/** Titles of our commands as the palette shows them, for messages about them. */
function titlesOf(manifest: unknown): (id: string) => string {
	const { contributes } = manifest as {
		readonly contributes: { readonly commands: readonly { command: string; title: string }[] };
	};
	const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
	return (id) => titles.get(id) ?? id;
}

/** Version and names of our settings. */
function productOf(manifest: unknown): Omit<EditorServices['product'], 'extensionPath'> {
	const { version, contributes } = manifest as {
		readonly version: string;
		readonly contributes: { readonly configuration: readonly { readonly properties: object }[] };
	};
	return {
		productVersion: version,
		settingNames: contributes.configuration.flatMap(({ properties }) => Object.keys(properties)),
	};
}

export function createContainer(context: ExtensionContext): Container {
	const log = createLog();
	const store = new DisposableStore();
	const secrets = new AgentSecrets(context.secrets);
	const product = productOf(context.extension.packageJSON);
	const open = async ({ uri }: Pick<WorkspaceFolder, 'uri'>) => {
		// Ledger, git and validator are loaded when the editor has its answer: activation pays for none of them.
		const { openWorkspace } = await import('../workspace/openWorkspace.ts');
		return openWorkspace({
			folder: uri.fsPath,
			log,
			startedFrom: 'editor',
			hostScript: path.join(context.extensionPath, 'dist', 'host.cjs'),
			mirrorScript: path.join(context.extensionPath, 'dist', 'mirror.cjs'),
			editorSettings: () => readEditorSettings(uri, product.settingNames),
			trustRefusal,
			agentKeys: () => secrets.read(),
			follows: 'everything',
		});
	};
	const session = new WorkspaceSession(open, context.workspaceState, log);
	const notifier = new Notifier(log, () => session.workspace?.settings());
	const contextKeys = new ContextKeys();
	const registry = new CommandRegistry(log, notifier, titlesOf(context.extension.packageJSON));
	const performer = createPerformer(session);

	const reports = new ReportDocuments();
	store.add(reports.register());
	store.add(new BlobDocuments(session).register());
	const logs = store.add(new RunLogDocuments(session));
	const comments = store.add(new ChangeComments(performer));
	const review = store.add(new ChangeReview(session, contextKeys, reports, comments));
	const diagnostics = store.add(new BoardDiagnostics(session));
	const tasks = store.add(new TaskView(session, { performer, notifier, memory: context.workspaceState }));
	const agents = store.add(new AgentView(session));
	const worktrees = store.add(new WorktreeView(session, performer, log));
	const watches = store.add(new WatchPanels({ session, performer, log, extensionUri: context.extensionUri }));
	const dashboard = store.add(
		new Dashboard({ session, tasks, performer, notifier, log, extensionUri: context.extensionUri }),
	);

	const services: EditorServices = {
		session,
		secrets,
		log,
		notifier,
		contextKeys,
		registry,
		performer,
		reports,
		logs,
		review,
		comments,
		diagnostics,
		tasks,
		agents,
		dashboard,
		watches,
		worktrees,
		openFolder: (uri) => open({ uri }),
		product: { ...product, extensionPath: context.extensionPath },
	};
	for (const contribution of contributions) {
		for (const lifetime of contribution.register(services)) {
			store.add(lifetime);
		}
	}
	return {
		services,
		async close() {
			await session.close();
			store.dispose();
			log.dispose();
		},
	};
}
