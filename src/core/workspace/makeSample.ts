// Owns making the sample workspace: a small project with boards and tasks, in a folder where nothing is yet.

import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import type { Git, ProcessRunner } from '../ports.ts';
import { createTask } from '../task/createTask.ts';
import type { InitializeTools } from './initializeWorkspace.ts';
import { initializeWorkspace } from './initializeWorkspace.ts';
import { sampleFiles, sampleTasks } from './sampleProject.ts';

export interface SampleTools extends InitializeTools {
	readonly git: Git;
	readonly processes: ProcessRunner;
}

/** Fails with `sample.notEmpty`, `sample.noNode`, `git.missing`. Returns the ids of the tasks. */
export async function makeSample(tools: SampleTools, actor: Actor): Promise<{ readonly tasks: readonly string[] }> {
	const { files, folder, git, processes } = tools;
	if ((await files.list(folder)).length > 0) {
		throw new DreamError('sample.notEmpty', `${folder} is not empty, and nothing in it is touched.`, {
			details: { folder },
			advice: 'Name an empty folder for the sample.',
		});
	}
	// What the tasks run. Without it each of them would fail, one after the other.
	if ((await processes.find('node')) === undefined) {
		throw new DreamError(
			'sample.noNode',
			'The tasks of the sample run with Node.js, and there is none on the PATH.',
			{
				advice: 'Install Node.js from https://nodejs.org, or begin with a project of your own.',
			},
		);
	}
	for (const [path, text] of Object.entries(sampleFiles)) {
		await files.makeFolder(files.join(folder, path, '..'));
		await files.writeAtomic(files.join(folder, path), text);
	}
	await git.initialize('A list of short notes');
	await initializeWorkspace(tools, actor);
	const ledger = await tools.openLedger();
	await ledger.write(actor, async (transaction) => {
		for (const task of sampleTasks) {
			await createTask(transaction, task);
		}
	});
	return { tasks: sampleTasks.map(({ task_id }) => task_id) };
}
