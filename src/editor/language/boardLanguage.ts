// Owns the registration of everything the editor knows of board files as a language. A bundle of its own: loaded with the first
// workspace that is opened, never during activation.

import type { Disposable } from 'vscode';
import { CodeActionKind, languages } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { BoardDiagnostics } from '../boardDiagnostics.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { EditorLog } from '../log.ts';
import { BoardDocuments, boardSelector } from './boardDocuments.ts';
import { BoardFollower } from './boardFollower.ts';
import { FixProvider } from './fixProvider.ts';
import { LensProvider } from './lensProvider.ts';
import { ReadingProviders } from './readingProviders.ts';
import { RepairedDocuments } from './repairedDocuments.ts';

export function registerBoardLanguage(
	session: WorkspaceSession,
	diagnostics: BoardDiagnostics,
	log: EditorLog,
): Disposable {
	const store = new DisposableStore();
	const documents = new BoardDocuments(session);
	const reading = new ReadingProviders(session, documents);
	const lenses = store.add(new LensProvider(session, documents));
	store.add(new BoardFollower(session, documents, log));
	const fixes = new FixProvider(session, documents, diagnostics);
	const registered = [
		languages.registerCompletionItemProvider(boardSelector, reading, '"'),
		languages.registerHoverProvider(boardSelector, reading),
		languages.registerDefinitionProvider(boardSelector, reading),
		languages.registerReferenceProvider(boardSelector, reading),
		languages.registerCodeLensProvider(boardSelector, lenses),
		languages.registerCodeActionsProvider(boardSelector, fixes, {
			providedCodeActionKinds: [CodeActionKind.QuickFix],
		}),
		new RepairedDocuments().register(),
	];
	for (const disposable of registered) {
		store.add(disposable);
	}
	return store;
}
