// Owns what the views say about the workspace, read from the session and the editor. It decides nothing.

import { workspace as editorWorkspace } from 'vscode';
import type { SessionState, WorkspaceSession } from '../workspaceSession.ts';
import type { ViewFacts } from './viewState.ts';

/** What messages and welcome texts depend on. */
export function viewFacts(session: WorkspaceSession): ViewFacts {
	const state: SessionState = session.current;
	return {
		kind: state.kind,
		workspace: session.workspace?.state(),
		isTrusted: editorWorkspace.isTrusted,
		isWritable: state.kind !== 'open' || state.isWritable,
		error: state.kind === 'failed' ? state.error : undefined,
		snapshot: session.snapshot,
	};
}
