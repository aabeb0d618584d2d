// Owns a real swarm host at work on a seeded workspace, and tasks whose first step leaves a stamp: a file whose time says when the
// agent really began.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../src/core/agent/agent.ts';
import type { Ledger, LedgerTransaction } from '../../src/core/ledger.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import type { TaskStatus } from '../../src/core/task/taskStatus.ts';
import { benchActor } from './seededLedger.ts';

const lookMilliseconds = 5;

/** The agents of a swarm that works by itself: each runs its task's own steps, unless it is said to be another. */
export async function putAgents(
	transaction: LedgerTransaction,
	count: number,
	kind: Partial<Agent> = {},
): Promise<void> {
	for (const { id } of await transaction.agents()) {
		await transaction.removeAgent(id);
	}
	for (let number = 1; number <= count; number += 1) {
		await transaction.putAgent({
			id: `Agent-${number}`,
			name: '',
			role: '',
			capabilities: [],
			driver: 'command',
			limits: {},
			enabled: true,
			...kind,
		});
		await transaction.append({
			type: 'agent.changed',
			agent_id: `Agent-${number}`,
			message: 'registered for a benchmark',
		});
	}
}

/** Makes a ready task; resolves to the wall time at which that was durable. */
export async function makeReady(ledger: Ledger, id: string, steps: readonly string[]): Promise<number> {
	await ledger.write(benchActor, (transaction) =>
		createTask(transaction, {
			task_id: id,
			name: `Measured task ${id}`,
			priority: 'CRITICAL',
			params: { run: [...steps] },
		}),
	);
	return Date.now();
}

/** A step that leaves a stamp. */
export const stampStep = (path: string): string => `: > '${path}'`;

/** Resolves to the wall time of a stamp once it is there. */
export async function stampTime(path: string, patienceMilliseconds = 30_000): Promise<number> {
	return whenThere(
		`the stamp ${path}`,
		patienceMilliseconds,
		async () => (await stat(path).catch(() => undefined))?.mtimeMs,
	);
}

export async function whenStatus(ledger: Ledger, id: string, status: TaskStatus): Promise<void> {
	let last = '';
	await whenThere(`${id} to be ${status}`, 30_000, async () => {
		const stored = await ledger.read((reader) => reader.task(id));
		last = stored?.task.status ?? 'unknown';
		return last === status ? true : undefined;
	}).catch((error: unknown) => {
		throw new Error(`${id} is ${last}.`, { cause: error });
	});
}

/** Looks until there is a value; fails with what was waited for. */
export async function whenThere<Value>(
	what: string,
	patienceMilliseconds: number,
	look: () => Promise<Value | undefined>,
): Promise<Value> {
	const deadline = performance.now() + patienceMilliseconds;
	for (;;) {
		const value = await look();
		if (value !== undefined) {
			return value;
		}
		if (performance.now() > deadline) {
			throw new Error(`Waited ${patienceMilliseconds} ms in vain for ${what}.`);
		}
		await delay(lookMilliseconds);
	}
}

export const stampPath = (folder: string, id: string): string => join(folder, `${id}.stamp`);
