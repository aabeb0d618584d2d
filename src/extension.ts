// The editor's door: builds the container, registers everything at once, and opens the workspace afterwards.

import type { ExtensionContext } from 'vscode';
import { ExtensionMode } from 'vscode';
import type { Container } from './editor/container.ts';
import { createContainer } from './editor/container.ts';
import type { TestApi } from './editor/testApi.ts';
import { createTestApi } from './editor/testApi.ts';

let container: Container | undefined;

/** Awaits nothing: what takes time begins when the editor has its answer. */
export function activate(context: ExtensionContext): TestApi | undefined {
	const start = performance.now();
	container = createContainer(context);
	const { services } = container;
	const opened = services.session.reopen();
	services.log.info(`activated in ${(performance.now() - start).toFixed(1)} ms`);
	return context.extensionMode === ExtensionMode.Production ? undefined : createTestApi(services, opened);
}

/** Resolves when the ledger is closed and this window's lease is given up. */
export async function deactivate(): Promise<void> {
	await container?.close();
	container = undefined;
}
