// Owns the text of runtime/agents.json: a list of agents in which unknown fields, key order and spelling belong to their author.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import { agentSchema } from '../agent/agent.ts';
import { isSecret } from '../agent/agentKeys.ts';
import type { BoardReading } from '../board/boardReading.ts';
import { readBoard } from '../board/boardFile.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { joinRecords, renderRecordText } from '../board/recordText.ts';
import { runtimePaths } from '../paths.ts';

export interface AgentsReading {
	readonly reading: BoardReading;
	/** Usable agents by id, in file order. */
	readonly agents: ReadonlyMap<string, Agent>;
	readonly problems: readonly BoardProblem[];
}

export function readAgents(content: string | Uint8Array): AgentsReading {
	const reading = readBoard(content, { file: runtimePaths.agents });
	const agents = new Map<string, Agent>();
	const problems = [...reading.problems];
	for (const entry of reading.entries) {
		const parsed = agentSchema.safeParse(entry.value);
		if (!parsed.success) {
			const [issue] = parsed.error.issues;
			problems.push(
				reading.place(entry, {
					code: 'agents.badAgent',
					severity: 'error',
					message: `This agent cannot be used: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
					path: (issue?.path ?? []).filter((step) => typeof step !== 'symbol'),
					advice: 'Correct it; until then the agent stays as it was.',
				}),
			);
		} else if (agents.has(parsed.data.id)) {
			problems.push(
				reading.place(entry, {
					code: 'agents.duplicateId',
					severity: 'error',
					message: `There are two agents ${parsed.data.id}; only the first counts.`,
					path: ['id'],
					advice: 'Give this one another id.',
				}),
			);
		} else {
			agents.set(parsed.data.id, parsed.data);
			for (const [name] of Object.entries(parsed.data.env ?? {}).filter((variable) => isSecret(...variable))) {
				problems.push(
					reading.place(entry, {
						code: 'agents.secret',
						severity: 'warning',
						message: `${name} looks like a key, and everybody who gets this file gets it.`,
						path: ['env', name],
						advice: 'Take it out here; set it in the environment, or with Dream.OS: Set Agent Key.',
					}),
				);
			}
		}
	}
	return { reading, agents, problems };
}

/** Text of the file for these agents. Entries that are no usable agent stay where they are; unchanged ones keep their characters. */
export function renderAgents(agents: readonly Agent[], previous: AgentsReading): string {
	const byId = new Map(agents.map((agent) => [agent.id, agent]));
	const texts: string[] = [];
	for (const entry of previous.reading.entries) {
		const parsed = agentSchema.safeParse(entry.value);
		const { id } = entry;
		const agent = id === undefined ? undefined : byId.get(id);
		if (agent === undefined || entry.record === undefined) {
			if (!parsed.success) {
				texts.push(entry.text);
			}
			continue;
		}
		byId.delete(agent.id);
		const record = parsed.success ? renderAgent(agent, entry.record, parsed.data) : entry.record;
		texts.push(renderRecordText(record, { record: entry.record, text: entry.text }, previous.reading.format));
	}
	for (const agent of byId.values()) {
		texts.push(renderRecordText(agent as JsonObject, undefined, previous.reading.format));
	}
	return joinRecords(texts, previous.reading.format);
}

/** Writes only what differs from what the record already means, defaults included. */
function renderAgent(agent: Agent, record: JsonObject, before: Agent): JsonObject {
	const next: JsonObject = { ...record };
	for (const [key, value] of Object.entries(agent)) {
		if (!jsonEquals(value as JsonValue, before[key] as JsonValue)) {
			next[key] = value as JsonValue;
		}
	}
	for (const key of Object.keys(record)) {
		if (!Object.hasOwn(agent, key)) {
			delete next[key];
		}
	}
	return next;
}

/** A file with no agents, to render the first ones into. */
export const noAgentsFile: AgentsReading = readAgents('[]');
