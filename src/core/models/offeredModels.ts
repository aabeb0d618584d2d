// Owns which language models can be used at this moment: each open window says in its lease what it has. An agent whose model nobody
// offers gets no task, and this says why and what to do.

import { isJsonObject } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { LedgerReader, Lease } from '../ledger.ts';
import { isLeaseAlive, leaseNames } from '../swarmFacts.ts';
import type { OfferedModel } from './languageModel.ts';
import { matchingModels } from './modelSelector.ts';
import { describeWish } from './describeWish.ts';

/** Under this name they are in the data of a window's lease. */
export const offeredKey = 'models';

/** Models of all windows whose lease holds at `now` (wall milliseconds), each once. */
export async function readOfferedModels(reader: Pick<LedgerReader, 'leases'>, now: number): Promise<OfferedModel[]> {
	const leases = await reader.leases(leaseNames.editorPrefix);
	const models = leases.filter((lease) => isLeaseAlive(lease, now)).flatMap((lease) => modelsOf(lease));
	return [...new Map(models.map((model) => [`${model.vendor}/${model.id}`, model])).values()];
}

function modelsOf({ data }: Lease): OfferedModel[] {
	const listed = data[offeredKey];
	return (Array.isArray(listed) ? listed : []).flatMap((each) => {
		const text = (name: string) => (isJsonObject(each) && typeof each[name] === 'string' ? each[name] : '');
		const [vendor, id] = [text('vendor'), text('id')];
		const tokens = isJsonObject(each) ? each['max_input_tokens'] : undefined;
		return vendor === '' || id === ''
			? []
			: [
					{
						vendor,
						id,
						family: text('family'),
						version: text('version'),
						name: text('name') || id,
						max_input_tokens: typeof tokens === 'number' ? tokens : 0,
					},
				];
	});
}

/** What a person has to do where no window offers a model at all. */
export const openWithModels =
	'Open this workspace in an editor that has a language model, such as VS Code with GitHub Copilot.';

/** Why an agent that works with the editor's models cannot work now, as a phrase; undefined when it can, and for other agents. */
export function missingModel(
	agent: Pick<Agent, 'id' | 'driver' | 'model'>,
	offered: readonly OfferedModel[],
): string | undefined {
	if (agent.driver !== 'lm' || matchingModels(offered, agent.model).length > 0) {
		return undefined;
	}
	if (offered.length === 0) {
		return `no open window offers ${agent.id} a language model; ${uncapitalized(openWithModels)}`;
	}
	const names = offered.slice(0, 10).map(({ vendor, id }) => `${vendor}/${id}`);
	return `no open window offers ${describeWish(agent.model)}, which ${agent.id} wants; there are ${names.join(', ')}: correct "model" of ${agent.id}, or leave it out for any`;
}

const uncapitalized = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1).replace(/\.$/u, '')}`;
