// Owns the writes of a transaction beside tasks and runs: agents, leases, commands, questions, facts.

import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Actor } from '../core/actor.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { TurnUsage } from '../core/budget/usage.ts';
import type { Command, Lease, QuestionDecision } from '../core/ledger.ts';
import type { ModelRequest, ModelRequestEnd } from '../core/models/modelRequest.ts';
import type { Question } from '../core/question/question.ts';
import { isLeaseAlive } from '../core/swarmFacts.ts';
import type { LedgerSource } from './sqliteReader.ts';
import { SqliteReader } from './sqliteReader.ts';
import { insertUsage } from './usage.ts';

/** A conversation whose run was lost with its host is gone on with soon or not at all. */
const lostMilliseconds = 7 * 24 * 3_600_000;

export class SqliteRegistry extends SqliteReader {
	readonly actor: Actor;
	readonly at: string;
	/** Rows that were written only so that a lease goes on: nothing that anybody waits for. */
	private renewed = 0;

	constructor(source: LedgerSource, actor: Actor, at: string) {
		super(source);
		this.actor = actor;
		this.at = at;
	}

	get renewedRows(): number {
		return this.renewed;
	}

	async putAgent(agent: Agent): Promise<void> {
		const record = JSON.stringify(agent);
		await this.database
			.insertInto('agents')
			.values({ agent_id: agent.id, record })
			.onConflict((conflict) => conflict.column('agent_id').doUpdateSet({ record }))
			.execute();
	}

	async removeAgent(id: string): Promise<void> {
		await this.database.deleteFrom('agents').where('agent_id', '=', id).execute();
	}

	async acquireLease(
		name: string,
		holder: string,
		lifetimeMilliseconds: number,
		now: number,
		data?: JsonObject,
	): Promise<Lease | undefined> {
		const row = await this.database.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
		const current = row?.holder ?? null;
		const isRenewal = current === holder;
		if (current !== null && !isRenewal && isLeaseAlive(row, now)) {
			return undefined;
		}
		const lease = {
			holder,
			epoch: isRenewal ? (row?.epoch ?? 1) : (row?.epoch ?? 0) + 1,
			expires_at: now + lifetimeMilliseconds,
			data: data === undefined ? (isRenewal ? (row?.data ?? '{}') : '{}') : JSON.stringify(data),
		};
		await this.database
			.insertInto('leases')
			.values({ name, ...lease })
			.onConflict((conflict) => conflict.column('name').doUpdateSet(lease))
			.execute();
		this.renewed += isRenewal && row?.data === lease.data ? 1 : 0;
		return this.lease(name);
	}

	async releaseLease(name: string, holder: string): Promise<void> {
		await this.database
			.updateTable('leases')
			.set({ holder: null, expires_at: 0, data: '{}' })
			.where('name', '=', name)
			.where('holder', '=', holder)
			.execute();
	}

	async insertCommand(command: Pick<Command, 'command_id' | 'target' | 'kind' | 'data'>): Promise<void> {
		const { command_id, target, kind, data } = command;
		await this.database
			.insertInto('commands')
			.values({ command_id, target, kind, data: JSON.stringify(data), state: 'pending', created_at: this.at })
			.execute();
	}

	async takeCommand(id: string, taker: string): Promise<boolean> {
		const { numUpdatedRows } = await this.database
			.updateTable('commands')
			.set({ state: 'taken', taken_by: taker })
			.where('command_id', '=', id)
			.where('state', '=', 'pending')
			.executeTakeFirst();
		return numUpdatedRows === 1n;
	}

	async returnCommand(id: string): Promise<void> {
		await this.database
			.updateTable('commands')
			.set({ state: 'pending', taken_by: null })
			.where('command_id', '=', id)
			.where('state', '=', 'taken')
			.execute();
	}

	async finishCommand(id: string, state: 'done' | 'failed', answer: JsonObject): Promise<void> {
		await this.database
			.updateTable('commands')
			.set({ state, answer: JSON.stringify(answer) })
			.where('command_id', '=', id)
			.where('state', 'in', ['pending', 'taken'])
			.execute();
	}

	async insertQuestion(question: Question): Promise<void> {
		const { request, is_remembered, ...columns } = question;
		await this.database
			.insertInto('questions')
			.values({ ...columns, request: JSON.stringify(request), is_remembered: is_remembered ? 1 : 0 })
			.execute();
	}

	async decideQuestion(id: string, decision: QuestionDecision): Promise<boolean> {
		const { is_remembered, ...columns } = decision;
		const { numUpdatedRows } = await this.database
			.updateTable('questions')
			.set({ ...columns, is_remembered: is_remembered ? 1 : 0, decided_at: this.at })
			.where('question_id', '=', id)
			.where('state', '=', 'open')
			.executeTakeFirst();
		return numUpdatedRows === 1n;
	}

	async insertModelRequest(
		request: Omit<ModelRequest, 'state' | 'taken_by' | 'partial' | 'answer' | 'failure' | 'asked_at' | 'ended_at'>,
	): Promise<void> {
		const { model, messages, tools, ...columns } = request;
		await this.database
			.insertInto('model_requests')
			.values({
				...columns,
				model: model === null ? null : JSON.stringify(model),
				messages: JSON.stringify(messages),
				tools: tools === null ? null : JSON.stringify(tools),
				state: 'asked',
				partial: '',
				asked_at: this.at,
			})
			.execute();
	}

	async takeModelRequest(id: string, taker: string): Promise<boolean> {
		const { numUpdatedRows } = await this.database
			.updateTable('model_requests')
			.set({ state: 'taken', taken_by: taker, partial: '' })
			.where('request_id', '=', id)
			.where('state', '=', 'asked')
			.executeTakeFirst();
		return numUpdatedRows === 1n;
	}

	async returnModelRequest(id: string, taker: string): Promise<void> {
		await this.database
			.updateTable('model_requests')
			.set({ state: 'asked', taken_by: null, partial: '' })
			.where('request_id', '=', id)
			.where('state', '=', 'taken')
			.where('taken_by', '=', taker)
			.execute();
	}

	async tellModelText(id: string, taker: string, partial: string): Promise<boolean> {
		const { numUpdatedRows } = await this.database
			.updateTable('model_requests')
			.set({ partial })
			.where('request_id', '=', id)
			.where('state', '=', 'taken')
			.where('taken_by', '=', taker)
			.executeTakeFirst();
		return numUpdatedRows === 1n;
	}

	async endModelRequest(id: string, end: ModelRequestEnd, taker?: string): Promise<boolean> {
		const ended = this.database
			.updateTable('model_requests')
			.set({
				state: end.state,
				partial: '',
				answer: end.state === 'answered' ? JSON.stringify(end.answer) : null,
				failure: end.state === 'failed' ? JSON.stringify(end.failure) : null,
				ended_at: this.at,
			})
			.where('request_id', '=', id)
			.where('state', 'in', ['asked', 'taken']);
		const { numUpdatedRows } = await (
			taker === undefined ? ended : ended.where('taken_by', '=', taker)
		).executeTakeFirst();
		return numUpdatedRows === 1n;
	}

	async forgetConversations(kept: string): Promise<void> {
		const recent = new Date(Date.parse(this.at) - lostMilliseconds).toISOString();
		await this.database
			.deleteFrom('model_requests')
			.where('conversation_id', 'not in', (from) =>
				from
					.selectFrom('model_requests as kept')
					.innerJoin('runs', 'runs.run_id', 'kept.run_id')
					.select('kept.conversation_id')
					.where((where) =>
						where.or([
							where('runs.closed_at', 'is', null),
							where.and([where('runs.state', '=', 'lost'), where('runs.closed_at', '>', recent)]),
						]),
					),
			)
			.where('state', 'not in', ['asked', 'taken'])
			.where('conversation_id', '<>', kept)
			.execute();
	}

	async insertUsage(turn: Omit<TurnUsage, 'at'>): Promise<void> {
		await insertUsage(this.database, { ...turn, at: this.at });
	}

	async setFact(key: string, value: JsonValue): Promise<void> {
		const text = JSON.stringify(value);
		await this.database
			.insertInto('facts')
			.values({ key, value: text })
			.onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
			.execute();
	}
}
