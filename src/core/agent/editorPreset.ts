// Owns the one known agent that is no program: a language model of the editor, worked with by our own loop and tools. It is there where
// an open window has such models.

import type { OfferedModel } from '../models/languageModel.ts';
import { openWithModels } from '../models/offeredModels.ts';
import type { FoundPreset } from './lookForPresets.ts';

export const editorPresetId = 'editor';
export const editorPresetName = "Editor's Language Model";

/** It as it is offered beside the others; its models are named as `model` of an agent names them. */
export function foundEditorPreset(offered: readonly OfferedModel[]): FoundPreset {
	const models = offered.map(({ vendor, id, name }) => ({ model: `${vendor}/${id}`, name }));
	return {
		id: editorPresetId,
		name: editorPresetName,
		command: [],
		install: openWithModels,
		path: models.length === 0 ? null : 'models of an open window',
		version: null,
		problem: models.length === 0 ? `No open window offers a language model. ${openWithModels}` : null,
		models,
	};
}
