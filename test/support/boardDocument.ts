// Owns a board file as a person has it in the editor: open it, find a place, type, go back to what is on the disk.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Position, TextDocument } from 'vscode';
import { Range, Uri, WorkspaceEdit, commands, window, workspace } from 'vscode';
import { boardPath } from '../../src/core/paths.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import { eventually, workspaceFolder } from './extensionUnderTest.ts';

export const fileOf = (board: BoardName): string => path.join(workspaceFolder(), boardPath(board));
export const uriOf = (board: BoardName): Uri => Uri.file(fileOf(board));
export const textOf = (board: BoardName): string => readFileSync(fileOf(board), 'utf8');

/** The board as the editor has it, once it shows what is on the disk. */
export async function open(board: BoardName): Promise<TextDocument> {
	const document = await workspace.openTextDocument(uriOf(board));
	await window.showTextDocument(document, { preview: false });
	await eventually('the editor to show the file', () => document.isDirty || document.getText() === textOf(board));
	return document;
}

/** The place of a text, `into` characters after its start. */
export function placeOf(document: TextDocument, text: string, into = 1): Position {
	const offset = document.getText().indexOf(text);
	assert.ok(offset >= 0, `${text} is not in the document`);
	return document.positionAt(offset + into);
}

export async function type(document: TextDocument, before: string, after: string): Promise<void> {
	const start = placeOf(document, before, 0);
	const edit = new WorkspaceEdit();
	edit.replace(document.uri, new Range(start, document.positionAt(document.offsetAt(start) + before.length)), after);
	assert.ok(await workspace.applyEdit(edit));
}

export async function revert(document: TextDocument): Promise<void> {
	await window.showTextDocument(document);
	await commands.executeCommand('workbench.action.files.revert');
	await eventually('the document to be reverted', () => !document.isDirty);
}
