// Owns the Problems panel's entries for board files: each on its line, with what to do, and a quick fix where there is one.

import path from 'node:path';
import type { CodeActionProvider, DiagnosticCollection, Disposable, TextDocument } from 'vscode';
import { CodeAction, CodeActionKind, Diagnostic, DiagnosticSeverity, Range, Uri, languages } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { displayLine } from '../base/text.ts';
import type { BoardProblem, BoardProblemCode } from '../core/board/boardProblem.ts';
import { boardOfPath, runtimePaths } from '../core/paths.ts';
import type { CommandId } from './manifest.ts';
import { throttle } from './throttle.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

const refreshMilliseconds = 100;
const source = 'Dream.OS';
const acceptLedger: CommandId = 'dreamos.boards.accept';

const severities = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
} as const;

/** Problems of a whole file: the ledger's version is a way out of them. */
const fileCodes: readonly BoardProblemCode[] = [
	'board.empty',
	'board.unreadable',
	'board.encoding',
	'board.notAList',
	'board.tooDeep',
	'board.massRemoval',
];

function toDiagnostic(problem: BoardProblem): Diagnostic {
	const line = Math.max(0, problem.line - 1);
	const column = Math.max(0, problem.column - 1);
	const range = new Range(line, column, (problem.endLine ?? problem.line) - 1, (problem.endColumn ?? column + 2) - 1);
	const diagnostic = new Diagnostic(
		range,
		displayLine(`${problem.message} ${problem.advice}`, 1000),
		severities[problem.severity],
	);
	diagnostic.source = source;
	diagnostic.code = problem.code;
	return diagnostic;
}

export class BoardDiagnostics implements Disposable, CodeActionProvider {
	private readonly collection: DiagnosticCollection = languages.createDiagnosticCollection('dreamos');
	private readonly subscriptions = new DisposableStore();
	private readonly session: WorkspaceSession;
	private shown: readonly BoardProblem[] = [];

	constructor(session: WorkspaceSession) {
		this.session = session;
		this.subscriptions.add(this.collection);
		this.subscriptions.add(
			languages.registerCodeActionsProvider({ scheme: 'file', pattern: `**/${runtimePaths.boards}/**` }, this, {
				providedCodeActionKinds: [CodeActionKind.QuickFix],
			}),
		);
		const refresh = this.subscriptions.add(
			throttle(refreshMilliseconds, () => this.show(session.snapshot.problems)),
		);
		this.subscriptions.add(session.onDidChangeSnapshot(() => refresh.trigger()));
	}

	/** Shows these problems until the next picture brings others. */
	show(problems: readonly BoardProblem[]): void {
		if (problems === this.shown) {
			return;
		}
		this.shown = problems;
		const { workspace } = this.session;
		this.collection.clear();
		if (workspace !== undefined) {
			const files = [...new Set(problems.map(({ file }) => file))];
			this.collection.set(
				files.map((file) => [
					Uri.file(path.join(workspace.folder, file)),
					problems.filter((problem) => problem.file === file).map(toDiagnostic),
				]),
			);
		}
	}

	provideCodeActions(
		document: TextDocument,
		_range: Range,
		context: { readonly diagnostics: readonly Diagnostic[] },
	): CodeAction[] {
		const board = boardOfPath(document.uri.path);
		const isOurs = this.session.workspace?.state() === 'ours';
		const broken = context.diagnostics.filter(
			(diagnostic) => diagnostic.source === source && fileCodes.some((code) => code === diagnostic.code),
		);
		if (board === undefined || !isOurs || broken.length === 0) {
			return [];
		}
		const action = new CodeAction("Use the ledger's version of this board", CodeActionKind.QuickFix);
		action.command = { command: acceptLedger, title: action.title, arguments: [{ board }] };
		action.diagnostics = broken;
		return [action];
	}

	dispose(): void {
		this.subscriptions.dispose();
	}
}
