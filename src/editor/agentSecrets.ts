// Owns the keys of agents in the editor's secret storage: one record of values by the names of variables. They are shown nowhere.

import type { SecretStorage } from 'vscode';
import { isJsonObject, parseJsonOrUndefined } from '../base/json.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';

const storageKey = 'dreamos.agentKeys';

export class AgentSecrets {
	private readonly storage: Pick<SecretStorage, 'get' | 'store'>;

	constructor(storage: Pick<SecretStorage, 'get' | 'store'>) {
		this.storage = storage;
	}

	/** Nothing where the storage cannot be read: an agent then says itself that its key is missing. */
	async read(): Promise<AgentKeys> {
		return this.readStored().catch(() => ({}));
	}

	/** Keeps a value, or forgets it when it is empty. Rejects where the others cannot be read: they must not be lost by it. */
	async keep(name: string, value: string): Promise<void> {
		const { [name]: _before, ...others } = await this.readStored();
		await this.storage.store(storageKey, JSON.stringify(value === '' ? others : { ...others, [name]: value }));
	}
	private async readStored(): Promise<AgentKeys> {
		const stored = parseJsonOrUndefined((await this.storage.get(storageKey)) ?? '');
		return Object.fromEntries(
			Object.entries(isJsonObject(stored) ? stored : {}).filter(
				(entry): entry is [string, string] => typeof entry[1] === 'string',
			),
		);
	}
}
