// Owns offering our tools to the editor's own agent, so that it can claim, report and complete tasks: in VS Code as a definition of
// an MCP server, in Cursor by Cursor's own door. The editor asks the person before it starts the program.

import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { ToolServer } from './cursorTools.ts';
import { CursorRegistration, findCursorTools } from './cursorTools.ts';
import type { EditorLog } from './log.ts';
import { toolProviderId } from './manifest.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

export interface AgentToolsParts {
	readonly session: WorkspaceSession;
	readonly log: EditorLog;
	readonly extensionPath: string;
	readonly productVersion: string;
}

export class AgentTools implements vscode.Disposable {
	private readonly store = new DisposableStore();
	private readonly parts: AgentToolsParts;

	constructor(parts: AgentToolsParts) {
		this.parts = parts;
		const { session, log } = parts;
		const cursor = findCursorTools(vscode);
		try {
			if (cursor === undefined) {
				this.offerToEditor();
			} else {
				const registration = this.store.add(new CursorRegistration(cursor));
				const update = () => registration.update(this.server());
				this.store.add(session.onDidChange(update));
				this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(update));
				update();
			}
		} catch (error) {
			// An editor without an agent, or one that has another idea of it: everything else works all the same.
			log.error('The tools are not offered to the agent of this editor.', error);
		}
	}

	dispose(): void {
		this.store.dispose();
	}

	private offerToEditor(): void {
		const changed = this.store.add(new vscode.EventEmitter<void>());
		this.store.add(this.parts.session.onDidChange(() => changed.fire()));
		this.store.add(
			vscode.lm.registerMcpServerDefinitionProvider(toolProviderId, {
				onDidChangeMcpServerDefinitions: changed.event,
				provideMcpServerDefinitions: () => {
					const server = this.server();
					return server === undefined
						? []
						: [
								new vscode.McpStdioServerDefinition(
									'Dream.OS',
									server.command,
									[...server.args],
									{ ...server.env },
									this.parts.productVersion,
								),
							];
				},
			}),
		);
	}

	/** The program that serves the boards of this window; undefined where there are none of ours, or none we may write to. */
	private server(): ToolServer | undefined {
		const { workspace } = this.parts.session;
		if (workspace?.state() !== 'ours' || !vscode.workspace.isTrusted) {
			return undefined;
		}
		return {
			command: process.execPath,
			args: [path.join(this.parts.extensionPath, 'dist', 'mcp.cjs'), '--workspace', workspace.folder],
			// The editor's own runtime becomes plain Node with this variable; a plain Node ignores it.
			env: { ELECTRON_RUN_AS_NODE: '1' },
		};
	}
}
