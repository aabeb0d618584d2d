// Owns the effective settings of a folder. With an editor: the editor's own. Without one: what the last window published in the
// ledger, and over it the folder's `.vscode/settings.json`, which outranks a person's own settings in the editor too.

import type { JsonObject, JsonValue } from '../base/json.ts';
import { jsonEquals } from '../base/json.ts';
import type { Ledger } from '../core/ledger.ts';
import type { FileSystem } from '../core/ports.ts';
import type { SettingProblem, Settings } from '../core/settings.ts';
import { readSettings } from '../core/settings.ts';
import { factKeys } from '../core/swarmFacts.ts';
import { readSettingsFile } from '../node/settingsFile.ts';

interface EffectiveSettings {
	readonly settings: Settings;
	readonly problems: readonly SettingProblem[];
}

export class WorkspaceSettings {
	private readonly files: FileSystem;
	private readonly folder: string;
	private readonly editorSettings: (() => JsonObject) | undefined;
	private published: JsonValue | undefined;
	private fileValues: JsonObject = {};
	private fileProblems: readonly SettingProblem[] = [];
	/** What file and ledger say, checked: a host asks several times a second. */
	private checked: EffectiveSettings | undefined;

	constructor(files: FileSystem, folder: string, editorSettings: (() => JsonObject) | undefined) {
		this.files = files;
		this.folder = folder;
		this.editorSettings = editorSettings;
	}

	/** Reads file and ledger again; nothing to read where an editor answers. */
	async refresh(ledger: Ledger | undefined): Promise<void> {
		if (this.editorSettings !== undefined) {
			return;
		}
		const { values, problems } = await readSettingsFile(this.files, this.folder);
		this.fileValues = values;
		this.fileProblems = problems;
		this.published = await ledger?.read((reader) => reader.fact(factKeys.settings));
		this.checked = undefined;
	}

	get current(): EffectiveSettings {
		// The editor's may be others at any moment.
		return this.editorSettings === undefined
			? (this.checked ??= this.check([this.published, this.fileValues]))
			: this.check([this.editorSettings()]);
	}

	private check(layers: Parameters<typeof readSettings>[0]): EffectiveSettings {
		const { settings, problems } = readSettings(layers);
		return { settings, problems: [...this.fileProblems, ...problems] };
	}

	/** Writes the editor's settings to the ledger when they differ from what is there. */
	async publish(ledger: Ledger): Promise<void> {
		const { settings } = this.current;
		const before = await ledger.read((reader) => reader.fact(factKeys.settings));
		if (!jsonEquals(before, settings)) {
			await ledger.write({ kind: 'system', id: 'settings' }, (transaction) =>
				transaction.setFact(factKeys.settings, settings),
			);
		}
	}
}
