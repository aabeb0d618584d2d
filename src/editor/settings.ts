// Owns how the editor's settings reach the core: by their names without the prefix, not checked; core/settings.ts checks them.

import type { Disposable, Uri } from 'vscode';
import { workspace } from 'vscode';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { isJsonObject } from '../base/json.ts';
import { defaultSettings } from '../core/settings.ts';
import { settingsSection } from './manifest.ts';

const known: ReadonlySet<string> = new Set(Object.keys(defaultSettings));

/** `{ landing: { mode: 'review' } }` → `{ 'landing.mode': 'review' }`. A setting that is an object itself, such as a budget, stays one. */
function flatten(values: JsonObject, prefix = ''): [name: string, value: JsonValue][] {
	return Object.entries(values).flatMap(([key, value]): [string, JsonValue][] => {
		const name = `${prefix}${key}`;
		return isJsonObject(value) && !known.has(name) ? flatten(value, `${name}.`) : [[name, value]];
	});
}

/** All settings as the editor resolves them for a folder, without the `dreamos.` prefix. */
export function readEditorSettings(folder: Uri): JsonObject {
	const values = workspace.getConfiguration(undefined, folder).get<JsonObject>(settingsSection, {});
	return Object.fromEntries(flatten(values));
}

export function onDidChangeSettings(listener: () => void): Disposable {
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(settingsSection)) {
			listener();
		}
	});
}
