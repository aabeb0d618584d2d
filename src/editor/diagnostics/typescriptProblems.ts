// Owns asking the editor's TypeScript service outright: of itself it speaks of files in tabs only, but it answers whoever asks about a
// file that is open for extensions.

import { setTimeout as delay } from 'node:timers/promises';
import type { TextDocument, Uri } from 'vscode';
import { commands } from 'vscode';
import { isJsonObject } from '../../base/json.ts';
import type { EditorProblem } from '../../core/diagnostics/problemReading.ts';
import { readTypescriptAnswer } from './typescriptAnswer.ts';

const ids: readonly string[] = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];

/** It begins with the first file, and opens files in its own time. */
const patienceMilliseconds = 15_000;
const retryMilliseconds = 300;

export const isTypescript = ({ languageId }: Pick<TextDocument, 'languageId'>): boolean => ids.includes(languageId);

/** Undefined where it does not answer. Rejects when the signal aborts. */
export async function typescriptProblems(
	document: TextDocument,
	path: string,
	signal: AbortSignal,
): Promise<EditorProblem[] | undefined> {
	const deadline = Date.now() + patienceMilliseconds;
	do {
		const grammar = await ask('syntacticDiagnosticsSync', document.uri);
		const types = grammar === undefined ? undefined : await ask('semanticDiagnosticsSync', document.uri);
		if (grammar !== undefined && types !== undefined) {
			return readTypescriptAnswer([...grammar, ...types], path);
		}
		await delay(retryMilliseconds, undefined, { signal });
	} while (Date.now() < deadline);
	return undefined;
}

async function ask(request: string, file: Uri): Promise<readonly unknown[] | undefined> {
	try {
		const answer: unknown = await commands.executeCommand('typescript.tsserverRequest', request, { file });
		const body: unknown = isJsonObject(answer) && answer['type'] === 'response' ? answer['body'] : undefined;
		return Array.isArray(body) ? body : undefined;
	} catch {
		// Switched off, of another version, or it does not know the file yet.
		return undefined;
	}
}
