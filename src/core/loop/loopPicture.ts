// Owns what the loop decides on: tasks, agents, open runs, questions, messages, checks, as of one moment. Read anew only where an event
// says that something changed.

import type { Agent } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
import { readAgentChecks } from '../agent/agentCheck.ts';
import { isNeedOfBudget } from '../budget/budget.ts';
import type { WorkRecords } from '../figures/workRecord.ts';
import { noRecords } from '../figures/workRecord.ts';
import type { LedgerReader } from '../ledger.ts';
import type { OfferedModel } from '../models/languageModel.ts';
import { readOfferedModels } from '../models/offeredModels.ts';
import type { Clock } from '../ports.ts';
import type { Question } from '../question/question.ts';
import { readAsking } from '../question/readAsking.ts';
import { readApprovedStarts, readStartQuestions } from '../question/startConsent.ts';
import type { Run, RunState } from '../run/run.ts';
import type { RunMessage } from '../run/runMessages.ts';
import { waitingMessages } from '../run/runMessages.ts';
import type { SwarmMode } from '../swarmFacts.ts';
import { readSwarmFact } from '../swarmFacts.ts';
import { LiveTasks, wholeTasks } from '../task/liveTasks.ts';
import type { StoredTask, Task } from '../task/task.ts';
import { readWorkRecords } from './readWorkRecords.ts';
import { readDrifted, readOwners } from './readOwners.ts';

export interface LoopPicture {
	readonly sequence: number;
	readonly shouldRun: boolean;
	readonly mode: SwarmMode;
	readonly agents: readonly Agent[];
	readonly openRuns: readonly Run[];
	/** Whether a task waits to begin. */
	readonly isReady: boolean;
	/** Tasks that wait for more budget. */
	readonly unfunded: readonly Task[];
	readonly asking: ReadonlyMap<string, string>;
	readonly messages: readonly RunMessage[];
	readonly checks: ReadonlyMap<string, AgentCheck>;
	/** Who had a task last that went back to its queue. */
	readonly owners: ReadonlyMap<string, string>;
	/** From whom a task was taken because they drifted. */
	readonly drifted: ReadonlyMap<string, string>;
	/** How agents did lately. */
	readonly records: WorkRecords;
	/** By task, the attempt a person said yes to. */
	readonly approved: ReadonlyMap<string, number>;
	/** Open questions whether a task may begin. */
	readonly openStarts: readonly Question[];
	/** What open windows offer; no event tells of it. */
	readonly models: readonly OfferedModel[];
}

const openStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'review', 'landing'];

const isUnfunded = ({ status, block_reason: block }: Task): boolean =>
	status === 'BLOCKED' && block?.kind === 'budget' && isNeedOfBudget(block.text);

export class LoopPictures {
	private readonly clock: Pick<Clock, 'now'>;
	private readonly live = new LiveTasks(wholeTasks);
	private picture: LoopPicture | undefined;
	/** Records are another only once a run is over or there are other agents. */
	private recorded = { of: '', records: noRecords };

	constructor(clock: Pick<Clock, 'now'>) {
		this.clock = clock;
	}

	/** The tasks of the last picture: those on boards, and those that such a task waits for. */
	get tasks(): readonly StoredTask[] {
		return this.live.all;
	}

	/** A task of the last picture. */
	task(id: string): Task | undefined {
		return this.live.find(id)?.task;
	}

	/** An agent of the last picture. */
	agent(id: string): Agent | undefined {
		return this.picture?.agents.find((agent) => agent.id === id);
	}

	async read(reader: LedgerReader): Promise<LoopPicture> {
		await this.live.refresh(reader);
		const { should_run: shouldRun = false, mode = 'work' } = (await readSwarmFact(reader)) ?? {};
		const models = await readOfferedModels(reader, this.clock.now());
		const { sequence } = this.live;
		if (this.picture?.sequence === sequence) {
			// Whatever changes agents and runs writes an event; between events there is nothing to read again.
			return { ...this.picture, shouldRun, mode, models };
		}
		const agents = await reader.agents();
		const openRuns = await reader.runs({ state: openStates });
		this.picture = {
			sequence,
			shouldRun,
			mode,
			agents,
			openRuns,
			isReady: this.live.all.some(({ task }) => task.status === 'READY'),
			unfunded: this.live.all.flatMap(({ task }) => (isUnfunded(task) ? [task] : [])),
			asking: await readAsking(reader),
			messages: await waitingMessages(reader),
			checks: await readAgentChecks(reader),
			owners: await readOwners(reader, this.live.all),
			drifted: await readDrifted(reader, this.live.all),
			records: await this.readRecords(reader, agents, openRuns),
			approved: await readApprovedStarts(reader),
			openStarts: await readStartQuestions(reader),
			models,
		};
		return this.picture;
	}

	private async readRecords(
		reader: LedgerReader,
		agents: readonly Agent[],
		openRuns: readonly Run[],
	): Promise<WorkRecords> {
		const of = JSON.stringify([agents.map(({ id }) => id), openRuns.map(({ run_id }) => run_id)]);
		if (this.recorded.of !== of) {
			this.recorded = { of, records: await readWorkRecords(reader, agents) };
		}
		return this.recorded.records;
	}
}
