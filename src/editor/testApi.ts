// Owns what tests inside the editor may see. Only handed out while the extension is developed or tested.

import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import type { EditorServices } from './contributions.ts';
import { WorkspaceEditTarget } from './landing/workspaceEditTarget.ts';
import type { SessionState } from './workspaceSession.ts';
import { drawTree } from './views/drawTree.ts';

export interface TestApi {
	/** The Tasks view as text, every row open. */
	drawTasks(): string;
	drawAgents(): string;
	session(): SessionState;
	workspace(): OpenWorkspace | undefined;
	/** Messages the dashboard was sent so far. */
	messagesSent(): number;
	/** Resolves when the window's folder was looked at. */
	readonly opened: Promise<void>;
	/** The way changes land in this window, for any folder. */
	landingTarget(topFolder: string, saves?: boolean): WorkspaceEditTarget;
}

export function createTestApi(
	{ tasks, agents, session, dashboard, log }: EditorServices,
	opened: Promise<void>,
): TestApi {
	return {
		drawTasks: () => drawTree(tasks.tree),
		drawAgents: () => drawTree(agents.tree),
		session: () => session.current,
		workspace: () => session.workspace,
		messagesSent: () => dashboard.messagesSent,
		opened,
		landingTarget: (topFolder, saves = true) => new WorkspaceEditTarget(topFolder, log, () => saves),
	};
}
