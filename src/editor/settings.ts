// Owns how the editor's settings reach the core: by their names without the prefix, not checked; core/settings.ts checks them.

import type { Disposable, Uri } from 'vscode';
import { workspace } from 'vscode';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { isJsonObject } from '../base/json.ts';
import { settingsSection } from './manifest.ts';

/** `{ landing: { mode: 'review' } }` → `{ 'landing.mode': 'review' }`. A setting that is an object itself, such as a budget, stays one. */
const flatten = (
	values: JsonObject,
	isSetting: (name: string) => boolean,
	prefix = '',
): [name: string, value: JsonValue][] =>
	Object.entries(values).flatMap(([key, value]): [string, JsonValue][] => {
		const name = `${prefix}${key}`;
		return isJsonObject(value) && !isSetting(name) ? flatten(value, isSetting, `${name}.`) : [[name, value]];
	});

/**
 * All settings as the editor resolves them for a folder, without the `dreamos.` prefix.
 * @param names Those of the manifest, with the prefix.
 */
export function readEditorSettings(folder: Uri, names: readonly string[]): JsonObject {
	const values = workspace.getConfiguration(undefined, folder).get<JsonObject>(settingsSection, {});
	const known = new Set(names);
	return Object.fromEntries(flatten(values, (name) => known.has(`${settingsSection}.${name}`)));
}

export function onDidChangeSettings(listener: () => void): Disposable {
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(settingsSection)) {
			listener();
		}
	});
}
