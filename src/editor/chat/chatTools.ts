// Owns the tools the editor's own models may call: a few actions, under names of the manifest. What changes something is confirmed by
// the person first; what it is told is our data and never an instruction of ours.

import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Actor } from '../../core/actor.ts';
import { chatToolActions } from '../manifest.ts';
import { person } from '../person.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** A model reads no more of one answer with profit. */
const mostCharacters = 40_000;

/** Whoever asks a model is answered for what it does, but it is not the person who did it. */
const asker: Actor = { kind: 'mcp', id: person.id };

/** Offers the tools where the editor has such a thing; Cursor has none. */
export function registerChatTools(session: WorkspaceSession): vscode.Disposable {
	const store = new DisposableStore();
	// Older and other editors lack what the types promise.
	const models: Partial<typeof vscode.lm> | undefined = vscode.lm;
	if (typeof models?.registerTool === 'function') {
		for (const [name, actionId] of Object.entries(chatToolActions)) {
			store.add(models.registerTool(name, createChatTool(session, actionId)));
		}
	}
	return store;
}

function createChatTool(session: WorkspaceSession, actionId: string): vscode.LanguageModelTool<JsonObject> {
	return {
		prepareInvocation({ input }) {
			const { dream } = session.require();
			if (dream.effectOf(actionId) === 'read') {
				return {};
			}
			const name = typeof input['name'] === 'string' ? plainLabel(input['name'], 200) : '';
			const message = new vscode.MarkdownString();
			message.appendText(name);
			return { confirmationMessages: { title: vscode.l10n.t('Create this task in Dream.OS?'), message } };
		},
		async invoke({ input }) {
			const answer = await session.require().dream.perform(actionId, input, asker);
			const text = JSON.stringify(answer, undefined, 1);
			const rest = text.length - mostCharacters;
			const shown =
				rest > 0 ? `${text.slice(0, mostCharacters)}\n… ${rest} characters more; ask for less.` : text;
			return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(shown)]);
		},
	};
}
