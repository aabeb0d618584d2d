// Owns the list of what the extension adds to the editor beyond its views. A new feature is a line here; the door does not grow.

import type { Disposable, Uri } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { AgentSecrets } from './agentSecrets.ts';
import { AgentTools } from './agentTools.ts';
import type { BoardDiagnostics } from './boardDiagnostics.ts';
import { createAgentCommands } from './commands/agentCommands.ts';
import { createAuthoringCommands } from './commands/authoringCommands.ts';
import { createBoardCommands, openTask } from './commands/boardCommands.ts';
import { createBulkCommands } from './commands/bulkCommands.ts';
import type { CommandRegistry } from './commands/commandRegistry.ts';
import { createOlderCheckpointCommands } from './commands/olderCheckpointCommands.ts';
import { createCheckpointCommands } from './commands/checkpointCommands.ts';
import { createIssueCommands } from './commands/issueCommands.ts';
import { createImportCommands } from './commands/importCommands.ts';
import { createEvidenceCommands } from './commands/evidenceCommands.ts';
import { createListCommands } from './commands/listCommands.ts';
import { createPersonCommands } from './commands/personCommands.ts';
import { createPullRequestCommands } from './commands/pullRequest.ts';
import { createQuestionCommands } from './commands/questionCommands.ts';
import { createReviewCommands } from './commands/reviewCommands.ts';
import { createRunCommands } from './commands/runCommands.ts';
import { searchTasksCommand } from './commands/searchTasks.ts';
import { createSteeringCommands } from './commands/steeringCommands.ts';
import { createBudgetCommands } from './commands/budgetCommands.ts';
import { createSwarmCommands } from './commands/swarmCommands.ts';
import { createTaskCommands } from './commands/taskCommands.ts';
import { createTaskInsight } from './commands/taskInsight.ts';
import { createWatchCommands } from './commands/watchCommands.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { registerChatParticipant } from './chat/chatParticipant.ts';
import { registerChatTools } from './chat/chatTools.ts';
import { createSampleCommands } from './commands/sampleCommands.ts';
import { createWorkspaceCommands } from './commands/workspaceCommands.ts';
import { createWorktreeCommands } from './commands/worktreeCommands.ts';
import type { ContextKeys } from './contextKeys.ts';
import type { ReportDocuments } from './documents/reportDocuments.ts';
import type { RunLogDocuments } from './documents/runLogDocuments.ts';
import type { EditorLog } from './log.ts';
import type { Notifier } from './notify.ts';
import type { Dashboard } from './panels/dashboardPanel.ts';
import type { WatchPanels } from './panels/watchPanel.ts';
import type { Performer } from './performer.ts';
import { QuestionNews } from './questionNews.ts';
import type { ChangeComments } from './review/changeComments.ts';
import type { ChangeReview } from './review/changeReview.ts';
import { MergeConflicts } from './review/mergeConflicts.ts';
import { SettingsFollower } from './settingsFollower.ts';
import { FileMarks } from './fileMarks.ts';
import { SwarmNews } from './swarmNews.ts';
import { SwarmStatus } from './swarmStatus.ts';
import type { AgentView } from './views/agentView.ts';
import type { TaskView } from './views/taskView.ts';
import { viewFacts } from './views/viewFacts.ts';
import type { WorktreeView } from './views/worktreeView.ts';
import { workspaceKey } from './views/viewState.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** What the container built; each contribution takes the few it needs. */
export interface EditorServices {
	readonly session: WorkspaceSession;
	readonly secrets: AgentSecrets;
	readonly log: EditorLog;
	readonly notifier: Notifier;
	readonly contextKeys: ContextKeys;
	readonly registry: CommandRegistry;
	readonly performer: Performer;
	readonly reports: ReportDocuments;
	readonly logs: RunLogDocuments;
	readonly review: ChangeReview;
	readonly comments: ChangeComments;
	readonly diagnostics: BoardDiagnostics;
	readonly tasks: TaskView;
	readonly agents: AgentView;
	readonly dashboard: Dashboard;
	readonly watches: WatchPanels;
	readonly worktrees: WorktreeView;
	/** Opens a folder that this window does not show. */
	readonly openFolder: (uri: Uri) => Promise<OpenWorkspace>;
	/** What the manifest says of the product, and where it lies. */
	readonly product: {
		readonly productVersion: string;
		readonly settingNames: readonly string[];
		readonly extensionPath: string;
	};
}

interface Contribution {
	/** Adds something to the editor; what it returns is disposed with the extension. */
	register(services: EditorServices): Disposable[];
}

const commands: Contribution = {
	register: (services) => {
		const { registry, session, performer, notifier, log, review, logs, reports, diagnostics, tasks, dashboard } =
			services;
		const conflicts = new MergeConflicts(performer, notifier);
		return [
			...registry.register(createTaskCommands(session, performer, notifier)),
			...registry.register(
				createAuthoringCommands({ session, performer, reveal: (taskId) => tasks.revealIfVisible(taskId) }),
			),
			...registry.register(createTaskInsight({ session, performer, notifier, reports })),
			...registry.register(createBoardCommands(session)),
			...registry.register(
				createListCommands({ session, performer, notifier, reports, selectedTasks: () => tasks.chosenTasks }),
			),
			...registry.register(tasks.commands),
			...registry.register(createBulkCommands({ session, performer, chosenTasks: () => tasks.chosenTasks })),
			...registry.register({
				'dreamos.task.search': searchTasksCommand({
					performer,
					reveal: (taskId) => tasks.revealTask(taskId),
					openInBoard: (taskId) => openTask(session, { taskId }),
				}),
			}),
			...registry.register(createRunCommands({ session, performer, review, logs })),
			...registry.register(createEvidenceCommands({ session, performer, notifier, review })),
			...registry.register(
				createReviewCommands({ session, performer, review, logs, comments: services.comments }),
			),
			...registry.register(
				createSwarmCommands({ session, performer, notifier, log, openDashboard: () => dashboard.open() }),
			),
			...registry.register(createIssueCommands({ session, log, notifier, ...services.product })),
			...registry.register(createBudgetCommands({ session, performer, reports })),
			...registry.register(createQuestionCommands({ session, performer, notifier })),
			...registry.register(
				createAgentCommands({ session, performer, notifier, reports, secrets: services.secrets }),
			),
			...registry.register(
				createWorktreeCommands({ performer, notifier, look: () => services.worktrees.look() }),
			),
			...registry.register(createCheckpointCommands({ session, performer, notifier })),
			...registry.register(createOlderCheckpointCommands({ session, performer, notifier, reports })),
			...registry.register(createSteeringCommands({ session, performer })),
			...registry.register(createPersonCommands({ session, performer, notifier, conflicts })),
			conflicts,
			...registry.register(createPullRequestCommands(session)),
			...registry.register(
				createWatchCommands({
					session,
					performer,
					review,
					logs,
					openWatch: (runId) => services.watches.open(runId),
				}),
			),
			...registry.register(createSampleCommands({ performer, openFolder: services.openFolder })),
			...registry.register(createImportCommands({ session, performer, notifier, reports })),
			...registry.register(
				createWorkspaceCommands({
					session,
					performer,
					notifier,
					reports,
					showProblems: (problems) => diagnostics.show(problems),
				}),
			),
		];
	},
};

const menus: Contribution = {
	register: ({ session, contextKeys, tasks }) => {
		const publish = () => {
			const { swarm } = session.snapshot;
			contextKeys.set('dreamos.workspace', workspaceKey(viewFacts(session)));
			contextKeys.set('dreamos.swarmMode', swarm.mode);
			contextKeys.set('dreamos.swarm', swarm.shouldRun && swarm.isHostAlive ? 'running' : 'stopped');
		};
		publish();
		return [
			session.onDidChange(publish),
			session.onDidChangeSnapshot(publish),
			tasks.onDidChangeFilter(() => contextKeys.set('dreamos.tasksFiltered', tasks.isFiltered)),
		];
	},
};

/** What this window does for a swarm. Loaded with the first workspace, not during activation. */
const attendance: Contribution = {
	register: ({ session, notifier, log }) => {
		const lifetime = new DisposableStore();
		const load = async () => {
			const { attend } = await import('./attendance.ts');
			lifetime.add(attend(session, notifier, log));
		};
		const subscription = session.onDidChange(({ kind }) => {
			if (kind === 'open') {
				subscription.dispose();
				load().catch((error: unknown) => log.error('This window cannot attend to the swarm.', error));
			}
		});
		return [lifetime, subscription];
	},
};

/** Completions, hovers, lenses and fixes in board files. Loaded with the first workspace, like the attendance. */
const boardLanguage: Contribution = {
	register: ({ session, diagnostics, log }) => {
		const lifetime = new DisposableStore();
		const load = async () => {
			const { registerBoardLanguage } = await import('./language/boardLanguage.ts');
			lifetime.add(registerBoardLanguage(session, diagnostics, log));
		};
		const subscription = session.onDidChange(({ kind }) => {
			if (kind === 'open') {
				subscription.dispose();
				load().catch((error: unknown) => log.error('Board files are plain JSON in this window.', error));
			}
		});
		return [lifetime, subscription];
	},
};

/** Making tasks of problems and comments. Loaded with the first workspace, like the language of boards. */
const swarmActions: Contribution = {
	register: ({ session, log }) => {
		const lifetime = new DisposableStore();
		const load = async () => {
			const { registerSwarmActions } = await import('./authoring/taskAuthoring.ts');
			lifetime.add(registerSwarmActions(session));
		};
		const subscription = session.onDidChange(({ kind }) => {
			if (kind === 'open') {
				subscription.dispose();
				load().catch((error: unknown) => log.error('The light bulb offers nothing to the swarm.', error));
			}
		});
		return [lifetime, subscription];
	},
};

/** The editor's chat, where it has one. */
const chat: Contribution = {
	register: ({ session, performer }) => [registerChatTools(session), registerChatParticipant({ session, performer })],
};

export const contributions: readonly Contribution[] = [
	commands,
	menus,
	chat,
	{ register: ({ session }) => [new SwarmStatus(session)] },
	{ register: ({ session, notifier, tasks, log }) => [new SwarmNews({ session, notifier, tasks, log })] },
	{ register: ({ session, performer, notifier }) => [new QuestionNews(session, performer, notifier)] },
	{ register: ({ session, log }) => [new FileMarks(session, log)] },
	{ register: ({ session, notifier, log }) => [new SettingsFollower(session, notifier, log)] },
	{ register: ({ session, log, product }) => [new AgentTools({ session, log, ...product })] },
	attendance,
	boardLanguage,
	swarmActions,
];
