// Owns the driver that needs no model: it runs the steps a task carries in `params.run`, one after the other, in the
// worktree; with `params.matrix` once per file. It refuses to guess: a task without steps is refused, the first step that fails
// ends the job.

import { displayLine } from '../../base/text.ts';
import type {
	Driver,
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
} from '../../core/driver/driver.ts';
import type { Task } from '../../core/task/task.ts';
import { driverError, failedOutcome } from '../driverFailure.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { hideInOutcome, jobSecretFilter, withoutSecrets } from '../secretFilter.ts';
import { createUpdateSink } from '../updateSink.ts';
import { readPlan } from './commandPlan.ts';
import { matrixFiles } from './matrixFiles.ts';
import { runMatrix } from './runMatrix.ts';
import type { StepSurroundings } from './runSteps.ts';
import { runSteps } from './runSteps.ts';

export function createCommandDriver(ports: DriverPorts): Driver {
	return {
		id: 'command',
		title: 'Command',
		refusal: (_agent, task) => refusal(task),
		start: (job, listener) => startCommandJob(ports, job, listener),
	};
}

function refusal(task: Task): string | undefined {
	const read = readPlan(task);
	return 'refusal' in read ? read.refusal : undefined;
}

function startCommandJob(ports: DriverPorts, job: DriverJob, listener: DriverListener): DriverSession {
	const controller = new AbortController();
	const read = readPlan(job.task);
	const own = 'plan' in read ? withEnvironment(job, read.plan.env) : job;
	const hide = jobSecretFilter(own);
	const sink = createUpdateSink(withoutSecrets(listener, hide), ports.clock);
	const outcome = runJob({ ports, job: own, listener, sink, signal: controller.signal }, read)
		.catch((error: unknown): DriverOutcome => failedOutcome(error, 'command.notStarted'))
		.then((result) => {
			sink.close();
			return hideInOutcome(result, hide);
		});
	return {
		outcome,
		async cancel() {
			controller.abort();
			await outcome;
		},
	};
}

/** What a task says of its variables is nearer to the work than what its agent says. */
const withEnvironment = (job: DriverJob, env: Readonly<Record<string, string>>): DriverJob => ({
	...job,
	agent: { ...job.agent, env: { ...job.agent.env, ...env } },
});

async function runJob(
	surroundings: Omit<StepSurroundings, 'plan' | 'deadline'>,
	read: ReturnType<typeof readPlan>,
): Promise<DriverOutcome> {
	const { ports, job, sink, signal } = surroundings;
	if ('refusal' in read) {
		throw driverError('command.refused', read.refusal);
	}
	await checkWorktree(ports, job);
	const { plan } = read;
	const deadline = ports.clock.monotonic() + job.timeoutMilliseconds;
	const all: StepSurroundings = { ...surroundings, plan, deadline };
	const steps = plan.run.length === 1 ? '1 step' : `${plan.run.length} steps`;
	if (plan.matrix === undefined) {
		const ending = await runSteps(all);
		return ending === 'cancelled' ? { kind: 'cancelled' } : { kind: 'finished', summary: `Ran ${steps}.` };
	}
	const files = await matrixFiles(ports.files, job.worktree, plan.matrix);
	sink.push({
		kind: 'note',
		text: `${steps} for each of ${files.length} files, ${plan.matrix.parallel} at a time: ${displayLine(files.join(', '), 500)}`,
		data: { files: files.length, parallel: plan.matrix.parallel },
	});
	const ending = signal.aborted ? 'cancelled' : await runMatrix(all, files, plan.matrix);
	return ending === 'cancelled'
		? { kind: 'cancelled' }
		: { kind: 'finished', summary: `Ran ${steps} for each of ${files.length} files.` };
}
