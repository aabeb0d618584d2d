// Owns how keys of agents get from the editor's secret storage to the host: in its environment, once. They are taken out of it at
// once, so that no gate, hook or step the host starts inherits them.

import { isJsonObject, parseJsonOrUndefined } from '../base/json.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';

const variable = 'DREAMOS_AGENT_KEYS';

/** What is added to the environment of a host that is started. */
export function handKeys(keys: AgentKeys): Record<string, string> {
	return Object.keys(keys).length === 0 ? {} : { [variable]: JSON.stringify(keys) };
}

/** Takes the keys out of an environment. */
export function takeKeys(environment: NodeJS.ProcessEnv): AgentKeys {
	const handed = parseJsonOrUndefined(environment[variable] ?? '');
	delete environment[variable];
	return Object.fromEntries(
		Object.entries(isJsonObject(handed) ? handed : {}).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string',
		),
	);
}
