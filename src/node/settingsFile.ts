// Owns reading `dreamos.*` from a workspace's `.vscode/settings.json`, for programs that run without the editor. It writes
// nothing, and a file that cannot be read is a problem to show, never a crash.

import { join } from 'node:path';
import { describeError, isDreamError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { isJsonObject } from '../base/json.ts';
import { parseJsonc } from '../core/jsonc.ts';
import type { FileSystem } from '../core/ports.ts';
import type { SettingProblem } from '../core/settings.ts';

const prefix = 'dreamos.';

export interface SettingsFile {
	/** Settings by name without `dreamos.`, as written: `readSettings` checks them. */
	readonly values: JsonObject;
	readonly problems: readonly SettingProblem[];
}

/** Where the settings of a workspace are. */
export function settingsPath(workspaceFolder: string): string {
	return join(workspaceFolder, '.vscode', 'settings.json');
}

/** The layer of settings a workspace's file gives; empty when there is none. */
export async function readSettingsFile(files: FileSystem, workspaceFolder: string): Promise<SettingsFile> {
	const path = settingsPath(workspaceFolder);
	let text: string;
	try {
		text = await files.readText(path);
	} catch (error) {
		return isDreamError(error, 'file.notFound')
			? { values: {}, problems: [] }
			: unreadable(path, describeError(error));
	}
	const { value, problems } = parseJsonc(text);
	const faults = problems.map((problem) => ({
		setting: prefix,
		message: `${path}:${problem.line}:${problem.column}: ${problem.message}. Settings after it may be missing.`,
	}));
	if (value === undefined) {
		return { values: {}, problems: faults };
	}
	if (!isJsonObject(value)) {
		return unreadable(path, `${path} holds no object; its settings are ignored.`);
	}
	const values: JsonObject = {};
	for (const [name, entry] of Object.entries(value)) {
		if (name.startsWith(prefix)) {
			values[name.slice(prefix.length)] = entry;
		}
	}
	return { values, problems: faults };
}

function unreadable(path: string, message: string): SettingsFile {
	return {
		values: {},
		problems: [{ setting: prefix, message: message.includes(path) ? message : `${path}: ${message}` }],
	};
}
