// Owns where in a file a person is: the selection, the problem and the TODO comment a task can be made from.

import path from 'node:path';
import type { Diagnostic, TextDocument, TextEditor } from 'vscode';
import { DiagnosticSeverity, Range, languages, window, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { FilePlace } from './taskDraft.ts';
import { readTodo } from './taskDraft.ts';

/** The active editor on a file of the folder. Fails with `editor.none` elsewhere. */
export function editorIn(folder: string): TextEditor {
	const editor = window.activeTextEditor;
	if (editor === undefined || fileIn(folder, editor.document) === undefined) {
		throw new DreamError('editor.none', l10n.t('No file of this workspace is open in the editor.'), {
			advice: l10n.t('Open the file the task is about, and put the cursor where it is to be done.'),
		});
	}
	return editor;
}

/** Path of a document inside of the folder, with `/`; undefined for anything else. */
export function fileIn(folder: string, document: TextDocument): string | undefined {
	const relative = document.uri.scheme === 'file' ? path.relative(folder, document.uri.fsPath) : '..';
	const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
	return isInside ? relative.split(path.sep).join('/') : undefined;
}

/** A range of whole lines as a place. An end at the beginning of a line does not count that line. */
export function placeOf(folder: string, document: TextDocument, range: Range): FilePlace {
	const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
	return {
		file: fileIn(folder, document) ?? document.uri.fsPath,
		startLine: range.start.line + 1,
		endLine: last + 1,
		text: document.getText(new Range(range.start.line, 0, last, document.lineAt(last).text.length)),
		languageId: document.languageId,
	};
}

/** The gravest problem on the lines of a range; undefined when there is none but ours about boards. */
export function problemAt(document: TextDocument, { start, end }: Range): Diagnostic | undefined {
	const lines = new Range(start.line, 0, end.line, document.lineAt(end.line).text.length);
	return languages
		.getDiagnostics(document.uri)
		.filter((each) => isForAgents(each) && each.range.intersection(lines) !== undefined)
		.sort((left, right) => left.severity - right.severity)[0];
}

/** Whether somebody can be asked to put it right: boards have fixes of their own, and hints are no problems. */
export const isForAgents = ({ source, severity }: Diagnostic): boolean =>
	source !== 'Dream.OS' && severity !== DiagnosticSeverity.Hint;

/** The line of a TODO in a range and what it asks; undefined when there is none. */
export function todoAt(
	document: TextDocument,
	range: Range,
): { readonly line: number; readonly asked: string } | undefined {
	for (let line = range.start.line; line <= range.end.line; line += 1) {
		const asked = readTodo(document.lineAt(line).text);
		if (asked !== undefined) {
			return { line, asked };
		}
	}
	return undefined;
}
