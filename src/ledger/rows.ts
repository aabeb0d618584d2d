// Owns the way between rows and what the core reads. A damaged row is reported and shown as far as it can be read; it never throws.

import type { Selectable } from 'kysely';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import { agentSchema } from '../core/agent/agent.ts';
import { parseDriftNote } from '../core/drift/driftReading.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { Command, Lease } from '../core/ledger.ts';
import type { ModelAnswer, ModelMessage, ModelTool } from '../core/models/languageModel.ts';
import type { ModelFailure, ModelRequest, ModelRequestHead } from '../core/models/modelRequest.ts';
import type { ModelWish } from '../core/models/modelSelector.ts';
import type { Question } from '../core/question/question.ts';
import type { Run, RunPause, RunSession } from '../core/run/run.ts';
import type { RunResources } from '../core/run/runResources.ts';
import type { RunStray } from '../core/run/runStrays.ts';
import type { GateResult } from '../core/task/task.ts';
import type {
	AgentsTable,
	CommandsTable,
	EventsTable,
	JsonText,
	LeasesTable,
	ModelRequestsTable,
	QuestionsTable,
	RunsTable,
} from './schema.ts';

/** Told of a row that cannot be read as it should be: `tasks TASK-1`, and what was wrong. */
export type ReportDamage = (row: string, what: string) => void;

export function toRun(row: Selectable<RunsTable>, report: ReportDamage): Run {
	const list = (name: 'files' | 'gates'): JsonValue[] => {
		const parsed = parseJsonOrUndefined(row[name]);
		if (!Array.isArray(parsed)) {
			report(`runs ${row.run_id}`, `its ${name} are not a readable list; shown as none`);
			return [];
		}
		return parsed;
	};
	return {
		...row,
		files: list('files').filter((file) => typeof file === 'string'),
		gates: list('gates').filter(isJsonObject) as unknown as GateResult[],
		session: toRunSession(row.session),
		pause: toRunPause(row.pause),
		resources: toRunResources(row.resources),
		strays: toRunStrays(row.strays),
		drift: row.drift === null ? null : (parseDriftNote(parseJsonOrUndefined(row.drift)) ?? null),
	};
}

/** Nothing hangs on a session that cannot be read: the next attempt begins anew. */
function toRunSession(text: JsonText | null): RunSession | null {
	const parsed = text === null ? undefined : parseJsonOrUndefined(text);
	return isJsonObject(parsed) && typeof parsed['session_id'] === 'string' && typeof parsed['cwd'] === 'string'
		? (parsed as unknown as RunSession)
		: null;
}

/** Nothing hangs on a measurement that cannot be read. */
function toRunResources(text: JsonText | null): RunResources | null {
	const parsed = text === null ? undefined : parseJsonOrUndefined(text);
	return isJsonObject(parsed) && typeof parsed['memory_bytes'] === 'number'
		? (parsed as unknown as RunResources)
		: null;
}

/** What cannot be read is not forgotten: the change is looked at by a person. */
function toRunStrays(text: JsonText | null): readonly RunStray[] {
	if (text === null) {
		return [];
	}
	const parsed = parseJsonOrUndefined(text);
	const isStray = (value: unknown) => isJsonObject(value) && typeof value['path'] === 'string';
	return Array.isArray(parsed) && parsed.every(isStray)
		? (parsed as unknown as RunStray[])
		: [{ path: 'files that cannot be told any more', evidence: 'named' }];
}

/** A pause that cannot be read is still one: somebody wanted the run to stand still. */
function toRunPause(text: JsonText | null): RunPause | null {
	if (text === null) {
		return null;
	}
	const parsed = parseJsonOrUndefined(text);
	const { by, at, is_over: isOver } = isJsonObject(parsed) ? parsed : {};
	return {
		by: typeof by === 'string' ? by : 'somebody',
		at: typeof at === 'string' ? at : '',
		is_over: isOver === true,
	};
}

type JsonField = 'files' | 'gates' | 'session' | 'pause' | 'resources' | 'strays' | 'drift';

/** Columns of the given fields of a run. */
export function toRunColumns<Fields extends Partial<Run>>(
	run: Fields,
): Omit<Fields, JsonField> & {
	files?: string;
	gates?: string;
	session?: string | null;
	pause?: string | null;
	resources?: string | null;
	strays?: string | null;
	drift?: string | null;
} {
	const { files, gates, session, pause, resources, strays, drift, ...rest } = run;
	return {
		...rest,
		...(files === undefined ? {} : { files: JSON.stringify(files) }),
		...(gates === undefined ? {} : { gates: JSON.stringify(gates) }),
		...(session === undefined ? {} : { session: session === null ? null : JSON.stringify(session) }),
		...(pause === undefined ? {} : { pause: pause === null ? null : JSON.stringify(pause) }),
		...(resources === undefined ? {} : { resources: resources === null ? null : JSON.stringify(resources) }),
		...(strays === undefined ? {} : { strays: strays.length === 0 ? null : JSON.stringify(strays) }),
		...(drift === undefined ? {} : { drift: drift === null ? null : JSON.stringify(drift) }),
	};
}

export function toEvent(row: Selectable<EventsTable>, report: ReportDamage): LedgerEvent {
	return {
		sequence: row.sequence,
		at: row.at,
		type: row.type,
		actor: row.actor,
		...(row.task_id === null ? {} : { task_id: row.task_id }),
		...(row.run_id === null ? {} : { run_id: row.run_id }),
		...(row.agent_id === null ? {} : { agent_id: row.agent_id }),
		message: row.message,
		...(row.data === null ? {} : { data: readObject(row.data, `events ${row.sequence}`, report) }),
	};
}

/** undefined for an agent that cannot be shown at all: without a readable record there is nothing to run. */
export function toAgent(row: Selectable<AgentsTable>, report: ReportDamage): Agent | undefined {
	const parsed = agentSchema.safeParse(parseJsonOrUndefined(row.record));
	if (!parsed.success) {
		report(`agents ${row.agent_id}`, parsed.error.issues[0]?.message ?? 'not readable');
		return undefined;
	}
	return parsed.data;
}

export function toLease(row: Selectable<LeasesTable>, report: ReportDamage): Lease | undefined {
	const { holder, ...rest } = row;
	return holder === null ? undefined : { ...rest, holder, data: readObject(row.data, `leases ${row.name}`, report) };
}

export function toCommand(row: Selectable<CommandsTable>, report: ReportDamage): Command {
	const { ordinal: _ordinal, ...rest } = row;
	return {
		...rest,
		data: readObject(row.data, `commands ${row.command_id}`, report),
		answer: row.answer === null ? null : readObject(row.answer, `commands ${row.command_id}`, report),
	};
}

export function toQuestion(row: Selectable<QuestionsTable>, report: ReportDamage): Question {
	const { ordinal: _ordinal, is_remembered, request, ...rest } = row;
	return {
		...rest,
		is_remembered: is_remembered === 1,
		request: readObject(request, `questions ${row.question_id}`, report),
	};
}

/** The columns of a question to a model without its text. */
export const modelRequestHeadColumns = [
	'request_id',
	'conversation_id',
	'run_id',
	'agent_id',
	'sequence',
	'asked_by',
	'model',
	'state',
	'taken_by',
	'asked_at',
	'ended_at',
] as const satisfies readonly (keyof ModelRequestsTable)[];

export function toModelRequestHead(
	row: Pick<Selectable<ModelRequestsTable>, (typeof modelRequestHeadColumns)[number]>,
): ModelRequestHead {
	return {
		...row,
		model: row.model === null ? null : ((parseJsonOrUndefined(row.model) ?? null) as ModelWish | null),
	};
}

/** Written by us alone; where a text is damaged the question is as if nobody had said anything, which the model says plainly. */
export function toModelRequest(row: Selectable<ModelRequestsTable>, report: ReportDamage): ModelRequest {
	const { ordinal: _ordinal, messages, tools, answer, failure, ...rest } = row;
	const list = (text: JsonText | null, what: string): JsonValue[] | null => {
		const parsed = text === null ? null : parseJsonOrUndefined(text);
		if (parsed !== null && !Array.isArray(parsed)) {
			report(`model_requests ${row.request_id}`, `its ${what} are not a readable list; shown as none`);
			return [];
		}
		return parsed;
	};
	const object = (text: JsonText | null): JsonObject | null =>
		text === null ? null : readObject(text, `model_requests ${row.request_id}`, report);
	return {
		...rest,
		model: toModelRequestHead(row).model,
		messages: (list(messages, 'messages') ?? []) as unknown as ModelMessage[],
		tools: list(tools, 'tools') as unknown as ModelTool[] | null,
		answer: object(answer) as unknown as ModelAnswer | null,
		failure: object(failure) as unknown as ModelFailure | null,
	};
}

function readObject(text: string, row: string, report: ReportDamage): JsonObject {
	const parsed = parseJsonOrUndefined(text);
	if (isJsonObject(parsed)) {
		return parsed;
	}
	report(row, 'its data is not a readable object; shown as empty');
	return {};
}
