// Owns what the light bulb offers in every file of the workspace: giving a problem or a TODO comment to the swarm.

import type { CodeActionContext, CodeActionProvider, Range, TextDocument } from 'vscode';
import { CodeAction, CodeActionKind, workspace, l10n } from 'vscode';
import type { CommandId } from '../manifest.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { fileIn, isForAgents, todoAt } from './filePlaces.ts';

/** More lines than this nobody selects to find one TODO. */
const mostLines = 200;

export class SwarmActions implements CodeActionProvider {
	static readonly kinds = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite];
	private readonly session: WorkspaceSession;

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	provideCodeActions(document: TextDocument, range: Range, { diagnostics }: CodeActionContext): CodeAction[] {
		const open = this.session.workspace;
		if (open?.state() !== 'ours' || !workspace.isTrusted || fileIn(open.folder, document) === undefined) {
			return [];
		}
		const problems = diagnostics.filter(isForAgents);
		const first = problems[0];
		const todo = range.end.line - range.start.line > mostLines ? undefined : todoAt(document, range);
		return [
			...(first === undefined
				? []
				: [
						action(
							l10n.t('Give this to the swarm'),
							CodeActionKind.QuickFix,
							'dreamos.task.createFromProblem',
							first.range,
						),
					]),
			...(todo === undefined
				? []
				: [
						action(
							l10n.t('Give this TODO to the swarm'),
							CodeActionKind.RefactorRewrite,
							'dreamos.task.createFromComment',
							document.lineAt(todo.line).range,
						),
					]),
		].map((each) => {
			each.diagnostics = each.kind === CodeActionKind.QuickFix ? problems : [];
			return each;
		});
	}
}

function action(title: string, kind: CodeActionKind, command: CommandId, range: Range): CodeAction {
	const made = new CodeAction(title, kind);
	made.command = { command, title, arguments: [range] };
	return made;
}
