// Owns running the contract of a worker over agents and a person.

import type { WorkPlace } from '../../src/core/person/workOnTask.ts';
import { scriptedAgent } from '../support/driverJobs.ts';
import type { PersonDesk } from '../support/personDesk.ts';
import { write } from '../support/personDesk.ts';
import { buildAgent } from '../support/swarmBuilders.ts';
import type { Worker } from './workerContract.ts';
import { workerContract } from './workerContract.ts';

/** What agents need: a host that leads, and nothing more. */
const led: Pick<Worker, 'begin' | 'finish'> = {
	async begin({ swarm }: PersonDesk, taskId) {
		await swarm.tell(true);
		await swarm.lead();
		await swarm.until(async () => (await swarm.runs(taskId)).length > 0, `${taskId} has a run`);
	},
	finish: async () => undefined,
};

workerContract({
	...led,
	name: 'An agent that runs commands',
	driver: 'command',
	agents: [],
	task: ({ path, text }, stays) => ({ params: { run: [`echo ${text} > ${path}`, ...(stays ? ['sleep 600'] : [])] } }),
});

workerContract({
	...led,
	name: 'An agent of the Agent Client Protocol',
	driver: 'acp',
	agents: [buildAgent('Scripted', { driver: 'acp', command: [...scriptedAgent] })],
	task: ({ path, text }, stays) => ({
		assigned_agent: 'Scripted',
		description: [`WRITE ${path}: ${text}`, ...(stays ? ['DO {"do":"hang"}'] : [])].join('\n'),
	}),
});

workerContract({
	name: 'A person',
	driver: 'human',
	agents: [],
	task: () => ({}),
	async begin(desk, taskId, { path, text }) {
		const { folder } = await desk.perform<WorkPlace>('task.work', { task_id: taskId });
		write(folder, path, `${text}\n`);
	},
	async finish(desk, { run_id: id }) {
		await desk.perform('run.submit', { run_id: id, summary: 'wrote it' });
	},
});
