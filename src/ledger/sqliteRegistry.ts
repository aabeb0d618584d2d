// Owns the writes of a transaction beside tasks and runs: agents, leases, commands, questions, facts.

import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Actor } from '../core/actor.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { Command, Lease, QuestionDecision } from '../core/ledger.ts';
import type { Question } from '../core/question/question.ts';
import { isLeaseAlive } from '../core/swarmFacts.ts';
import type { LedgerSource } from './sqliteReader.ts';
import { SqliteReader } from './sqliteReader.ts';

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

	async setFact(key: string, value: JsonValue): Promise<void> {
		const text = JSON.stringify(value);
		await this.database
			.insertInto('facts')
			.values({ key, value: text })
			.onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
			.execute();
	}
}
