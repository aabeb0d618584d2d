// Owns how tests inside the editor reach the extension, and how they wait for what it shows.

import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { extensions, workspace } from 'vscode';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';

const patienceMilliseconds = 10_000;

/** The activated extension, with its workspace looked at. */
export async function activateExtension(): Promise<TestApi> {
	const extension = extensions.getExtension<TestApi | undefined>('dreamos.dreamos');
	const api = await extension?.activate();
	assert.ok(api !== undefined, 'the extension gave no test API');
	await api.opened;
	return api;
}

/** The folder the tests run in. */
export function workspaceFolder(): string {
	const [folder] = workspace.workspaceFolders ?? [];
	assert.ok(folder !== undefined, 'no folder is open');
	return folder.uri.fsPath;
}

/** The workspace, with boards of ours; made when it has none yet. */
export async function readyWorkspace(api: TestApi): Promise<OpenWorkspace> {
	const opened = api.workspace();
	assert.ok(opened !== undefined, `the session is ${api.session().kind}`);
	if (opened.state() === 'none') {
		await opened.dream.perform('workspace.initialize', {}, { kind: 'human', id: 'tester' });
	}
	await eventually('boards of ours', () => opened.state() === 'ours');
	return opened;
}

/** Asks again until it holds. */
export async function eventually(
	what: string,
	probe: () => boolean,
	seen: () => string = () => '',
	patience = patienceMilliseconds,
): Promise<void> {
	const deadline = Date.now() + patience;
	while (!probe()) {
		if (Date.now() > deadline) {
			throw new Error(`Waited in vain for ${what}. ${seen()}`);
		}
		await delay(20);
	}
}
