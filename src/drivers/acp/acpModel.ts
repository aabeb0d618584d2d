// Owns choosing the model a person wrote beside an agent: by the options the agent offers, the older way where it has only
// that, and never silently not.

import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';

export interface ModelRequest {
	readonly method: string;
	readonly parameters: Readonly<Record<string, string>>;
}

/** The request that selects `model` in a session; undefined when the agent offers no such choice. */
export function modelRequest(model: string, session: Foreign, sessionId: string): ModelRequest | undefined {
	for (const option of objectsAt(session, 'configOptions')) {
		const configId = textAt(option, 'id');
		const value = option['category'] === 'model' ? valueOf(option, model) : undefined;
		if (configId !== undefined && value !== undefined) {
			return { method: 'session/set_config_option', parameters: { sessionId, configId, value } };
		}
	}
	const legacy = objectsAt(objectAt(session, 'models'), 'availableModels').find(
		(offered) => textAt(offered, 'modelId') === model || textAt(offered, 'name') === model,
	);
	const modelId = textAt(legacy, 'modelId');
	return modelId === undefined ? undefined : { method: 'session/set_model', parameters: { sessionId, modelId } };
}

/** The value of a select option, which may be grouped, by its value or its name. */
function valueOf(option: Foreign, model: string): string | undefined {
	const choices = objectsAt(option, 'options').flatMap((choice) =>
		choice['value'] === undefined ? objectsAt(choice, 'options') : [choice],
	);
	return textAt(
		choices.find((choice) => choice['value'] === model || choice['name'] === model),
		'value',
	);
}
