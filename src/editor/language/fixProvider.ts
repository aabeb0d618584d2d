// Owns the quick fixes of board files: the problems that are where the person is, and the edits or commands that put them right.
// The text as it is now decides, not the one a problem was found in.

import type { CodeActionProvider, Diagnostic, Range, TextDocument } from 'vscode';
import { CodeAction, CodeActionKind, WorkspaceEdit } from 'vscode';
import type { JsonObject } from '../../base/json.ts';
import type { BoardProblem } from '../../core/board/boardProblem.ts';
import { fixAll, fixesFor } from '../../core/boardLanguage/boardFixes.ts';
import type { BoardSyntax } from '../../core/boardLanguage/boardSyntax.ts';
import type { BoardFix, FixFacts, TextFix } from '../../core/boardLanguage/fix.ts';
import { isTextFix } from '../../core/boardLanguage/fix.ts';
import { timeFromLedger } from '../../core/boardLanguage/ledgerTimes.ts';
import { problemsAt } from '../../core/boardLanguage/problemsAt.ts';
import type { LedgerEvent } from '../../core/events.ts';
import { newTaskId } from '../../core/task/taskId.ts';
import type { OpenWorkspace } from '../../workspace/workspaceOptions.ts';
import type { BoardDiagnostics } from '../boardDiagnostics.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { BoardDocuments } from './boardDocuments.ts';
import { toRange } from './boardDocuments.ts';
import type { FixPlace } from './fixCommands.ts';
import { commandOf } from './fixCommands.ts';

/** A fix for all problems of a kind is worked out when it is chosen. */
class LazyAction extends CodeAction {
	readonly make: () => WorkspaceEdit;

	constructor(title: string, make: () => WorkspaceEdit) {
		super(title, CodeActionKind.QuickFix);
		this.make = make;
	}
}

export class FixProvider implements CodeActionProvider {
	private readonly session: WorkspaceSession;
	private readonly documents: BoardDocuments;
	private readonly diagnostics: BoardDiagnostics;

	constructor(session: WorkspaceSession, documents: BoardDocuments, diagnostics: BoardDiagnostics) {
		this.session = session;
		this.documents = documents;
		this.diagnostics = diagnostics;
	}

	async provideCodeActions(
		document: TextDocument,
		range: Range,
		{ diagnostics }: { readonly diagnostics: readonly Diagnostic[] },
	): Promise<CodeAction[]> {
		const file = this.documents.fileOf(document.uri);
		const { workspace } = this.session;
		if (file === undefined || workspace === undefined) {
			return [];
		}
		const syntax = this.documents.syntaxOf(document);
		const ofFile = this.diagnostics.problemsOf(file);
		const offsets = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
		const here = problemsAt(ofFile, syntax, offsets);
		if (here.length === 0) {
			return [];
		}
		const facts = await this.facts(workspace, here);
		const actions: CodeAction[] = [];
		for (const problem of here) {
			for (const fix of fixesFor(problem, syntax, facts)) {
				const action = await toAction(fix, problem, syntax, { workspace, document, file });
				if (action !== undefined) {
					action.diagnostics = diagnostics.filter((each) => isOf(each, problem));
					actions.push(action);
				}
			}
		}
		return [...actions, ...this.common(here, ofFile, document, facts)];
	}

	resolveCodeAction(action: CodeAction): CodeAction {
		if (action instanceof LazyAction) {
			action.edit = action.make();
		}
		return action;
	}

	/** One action for every problem of a kind, where none of them needs a choice. */
	private common(
		here: readonly BoardProblem[],
		ofFile: readonly BoardProblem[],
		document: TextDocument,
		facts: FixFacts,
	): CodeAction[] {
		return [...new Set(here.map(({ code }) => code))].flatMap((code) => {
			const common = fixAll(code, ofFile, facts);
			if (common === undefined) {
				return [];
			}
			const make = () => {
				const syntax = this.documents.syntaxOf(document);
				const fix = common.fix(syntax);
				return fix === undefined ? new WorkspaceEdit() : toEdit(document, syntax, fix);
			};
			return [new LazyAction(common.title, make)];
		});
	}

	private async facts(workspace: OpenWorkspace, problems: readonly BoardProblem[]): Promise<FixFacts> {
		const { tasks, agents } = this.session.snapshot;
		const stamped = problems.filter(({ code }) => code === 'task.placeholderTime');
		const events = await eventsOf(workspace, new Set(stamped.flatMap(({ task_id }) => task_id ?? [])));
		return {
			tasks,
			records: await recordsOf(workspace, new Set(problems.flatMap(({ task_id }) => task_id ?? []))),
			agents: agents.map(({ agent }) => agent),
			newId: (name) => newTaskId(workspace.settings()['tasks.idPattern'], name, new Date().toISOString()),
			timeOf: (id, key) => timeFromLedger(key, tasks.get(id)?.task, events.get(id) ?? []),
		};
	}
}

async function recordsOf(workspace: OpenWorkspace, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, JsonObject>> {
	const ledger = workspace.ledger();
	const tasks =
		ids.size === 0 || ledger === undefined ? [] : await ledger.read((reader) => reader.tasks({ ids: [...ids] }));
	return new Map(tasks.map(({ task, record }) => [task.task_id, record]));
}

async function eventsOf(
	workspace: OpenWorkspace,
	ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly LedgerEvent[]>> {
	const events = new Map<string, readonly LedgerEvent[]>();
	const ledger = workspace.ledger();
	if (ids.size > 0 && ledger !== undefined) {
		await ledger.read(async (reader) => {
			for (const task_id of ids) {
				events.set(task_id, await reader.events({ task_id }));
			}
		});
	}
	return events;
}

const isOf = ({ code, message }: Diagnostic, problem: BoardProblem): boolean =>
	code === problem.code && message.startsWith(problem.message.slice(0, 80));

async function toAction(
	fix: BoardFix,
	problem: BoardProblem,
	syntax: BoardSyntax,
	place: FixPlace,
): Promise<CodeAction | undefined> {
	const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
	if (isTextFix(fix)) {
		action.edit = toEdit(place.document, syntax, fix);
		action.isPreferred = fix.isPreferred === true;
		return action;
	}
	const command = await commandOf(fix, problem, place);
	if (command === undefined) {
		return undefined;
	}
	action.command = command;
	return action;
}

/** The editor refuses it when the document has changed meanwhile. */
function toEdit({ uri }: TextDocument, syntax: BoardSyntax, { changes }: TextFix): WorkspaceEdit {
	const edit = new WorkspaceEdit();
	for (const change of changes) {
		edit.replace(uri, toRange(syntax, change), change.text);
	}
	return edit;
}
