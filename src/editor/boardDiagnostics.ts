// Owns the Problems panel's entries for board files: each on its line, with what to do and the other places that belong to it.

import path from 'node:path';
import type { DiagnosticCollection, Disposable } from 'vscode';
import {
	Diagnostic,
	DiagnosticRelatedInformation,
	DiagnosticSeverity,
	Location,
	Position,
	Range,
	Uri,
	languages,
} from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { displayLine } from '../base/text.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { throttle } from './throttle.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

const refreshMilliseconds = 100;
const source = 'Dream.OS';

const severities = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
} as const;

function toDiagnostic(folder: string, problem: BoardProblem): Diagnostic {
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
	if (problem.related !== undefined) {
		diagnostic.relatedInformation = problem.related.map(({ file, message, ...at }) => {
			const position = new Position(at.line - 1, at.column - 1);
			const location = new Location(Uri.file(path.join(folder, file)), position);
			return new DiagnosticRelatedInformation(location, displayLine(message, 200));
		});
	}
	return diagnostic;
}

export class BoardDiagnostics implements Disposable {
	private readonly collection: DiagnosticCollection = languages.createDiagnosticCollection('dreamos');
	private readonly subscriptions = new DisposableStore();
	private readonly session: WorkspaceSession;
	private shown: readonly BoardProblem[] = [];

	constructor(session: WorkspaceSession) {
		this.session = session;
		this.subscriptions.add(this.collection);
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
					this.problemsOf(file).map((problem) => toDiagnostic(workspace.folder, problem)),
				]),
			);
		}
	}

	/** What is shown of a file at this moment. */
	problemsOf(file: string): readonly BoardProblem[] {
		return this.shown.filter((problem) => problem.file === file);
	}

	dispose(): void {
		this.subscriptions.dispose();
	}
}
