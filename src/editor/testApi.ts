// Owns what tests inside the editor may see. Only handed out while the extension is developed or tested.

import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import type { ChatQuestion } from './chat/chatParticipant.ts';
import { answerChat } from './chat/chatParticipant.ts';
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
	/** What `@dreamos` answers. */
	answerChat(question: ChatQuestion, stream: Parameters<typeof answerChat>[2]): Promise<void>;
	/** The way changes land in this window, for any folder. */
	landingTarget(topFolder: string, saves?: boolean): WorkspaceEditTarget;
}

export function createTestApi(
	{ tasks, agents, session, dashboard, performer, log }: EditorServices,
	opened: Promise<void>,
): TestApi {
	return {
		drawTasks: () => drawTree(tasks.tree),
		drawAgents: () => drawTree(agents.tree),
		session: () => session.current,
		workspace: () => session.workspace,
		messagesSent: () => dashboard.messagesSent,
		opened,
		answerChat: (question, stream) => answerChat({ session, performer }, question, stream),
		landingTarget: (topFolder, saves = true) => new WorkspaceEditTarget(topFolder, log, () => saves),
	};
}
