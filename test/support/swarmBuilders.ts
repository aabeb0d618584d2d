// Builds tasks, agents and runs for tests that look at decisions and need no ledger.

import type { Agent } from '../../src/core/agent/agent.ts';
import { agentSchema } from '../../src/core/agent/agent.ts';
import type { Question } from '../../src/core/question/question.ts';
import type { Run } from '../../src/core/run/run.ts';
import type { StoredTask, Task } from '../../src/core/task/task.ts';
import { newTask } from '../../src/core/task/task.ts';
import { boardOfStatus } from '../../src/core/task/taskStatus.ts';

export function buildTask(task_id: string, fields: Partial<Task> = {}, position = 0): StoredTask {
	const task = newTask({ task_id, name: `do ${task_id}`, status: 'READY', ...fields });
	return {
		task,
		record: {},
		board: boardOfStatus[task.status],
		position,
		epoch: 0,
		run_id: null,
		sequence: position,
	};
}

export function buildAgent(id: string, fields: Partial<Agent> = {}): Agent {
	return agentSchema.parse({ id, ...fields });
}

export function buildRun(run_id: string, fields: Partial<Run> = {}): Run {
	return {
		run_id,
		task_id: 'A',
		attempt: 1,
		epoch: 1,
		worker: 'Agent-1',
		driver: 'command',
		state: 'working',
		reason: null,
		host_id: 'host-1',
		worktree: null,
		base_commit: null,
		result_commit: null,
		files: [],
		gates: [],
		pid: null,
		pid_started: null,
		log_file: null,
		session: null,
		pause: null,
		resources: null,
		strays: [],
		drift: null,
		opened_at: '2026-01-01T00:00:00.000Z',
		active_at: '2026-01-01T00:00:00.000Z',
		closed_at: null,
		...fields,
	};
}

export function buildQuestion(question_id: string, fields: Partial<Question> = {}): Question {
	return {
		question_id,
		run_id: 'run-1',
		task_id: 'A',
		agent_id: 'Agent-1',
		kind: 'permission',
		title: 'A tool',
		why: '.dreamos/policies.yaml, line 2',
		request: {},
		state: 'open',
		answer: null,
		is_remembered: false,
		option_kind: null,
		decided_by: null,
		note: null,
		asked_at: '2026-01-01T00:00:00.000Z',
		decided_at: null,
		...fields,
	};
}
