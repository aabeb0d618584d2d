// Owns the driver that needs no model: it runs the steps a task carries in `params.run`, one after the other, in the
// worktree. It refuses to guess: a task without steps is refused, the first step that fails ends the job.

import { displayLine, displayText, tailText } from '../../base/text.ts';
import type {
	Driver,
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
} from '../../core/driver/driver.ts';
import type { ProcessResult } from '../../core/ports.ts';
import type { Task } from '../../core/task/task.ts';
import { containProcesses } from '../containedProcesses.ts';
import { driverError, failedOutcome } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { createOutputBatch } from '../outputBatch.ts';
import { hideInOutcome, jobSecretFilter, withoutSecrets } from '../secretFilter.ts';
import type { UpdateSink } from '../updateSink.ts';
import { createUpdateSink } from '../updateSink.ts';

/** How much of a failing step's output its reason quotes, in characters. */
const quotedCharacters = 2_000;

export function createCommandDriver(ports: DriverPorts): Driver {
	return {
		id: 'command',
		title: 'Command',
		refusal: (_agent, task) => refusal(task),
		start: (job, listener) => startCommandJob(ports, job, listener),
	};
}

function refusal(task: Task): string | undefined {
	// A record that was edited by hand may hold anything, whatever its type says.
	const steps: unknown = task.params.run;
	if (steps === undefined) {
		return `${task.task_id} has no steps to run: give it "params": {"run": ["shell command", …]}, or an agent with a model.`;
	}
	const isUsable = Array.isArray(steps) && steps.every((step) => typeof step === 'string' && step.trim() !== '');
	if (!isUsable || steps.length === 0) {
		return `"params.run" of ${task.task_id} must be a list of shell commands, at least one, none of them empty.`;
	}
	return undefined;
}

function startCommandJob(ports: DriverPorts, job: DriverJob, listener: DriverListener): DriverSession {
	const controller = new AbortController();
	const hide = jobSecretFilter(job);
	const sink = createUpdateSink(withoutSecrets(listener, hide), ports.clock);
	const outcome = runSteps(ports, job, listener, sink, controller.signal)
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

async function runSteps(
	ports: DriverPorts,
	job: DriverJob,
	listener: DriverListener,
	sink: UpdateSink,
	signal: AbortSignal,
): Promise<DriverOutcome> {
	const why = refusal(job.task);
	if (why !== undefined) {
		throw driverError('command.refused', why);
	}
	await checkWorktree(ports, job);
	const environment = jobEnvironment(job);
	const { processes, text } = await containProcesses(ports, job, environment);
	if (ports.container !== undefined) {
		sink.push({ kind: 'note', text: `${job.agent.id} is ${text}.` });
	}
	const steps = job.task.params.run ?? [];
	const deadline = ports.clock.monotonic() + job.timeoutMilliseconds;
	for (const [index, command] of steps.entries()) {
		if (signal.aborted) {
			return { kind: 'cancelled' };
		}
		sink.push({
			kind: 'note',
			text: `Step ${index + 1} of ${steps.length}: ${displayLine(command)}`,
			data: { step: index + 1, steps: steps.length, command },
		});
		const batch = createOutputBatch((text) => sink.push({ kind: 'output', text, data: { step: index + 1 } }));
		let result: ProcessResult;
		try {
			result = await processes.run({
				command,
				folder: job.worktree,
				environment,
				timeoutMilliseconds: Math.max(1, deadline - ports.clock.monotonic()),
				signal,
				onOutput: (text) => batch.add(text),
				onStart: (process) => listener.onProcess(process),
			});
		} finally {
			batch.dispose();
		}
		if (result.ending === 'aborted' || signal.aborted) {
			return { kind: 'cancelled' };
		}
		if (result.exitCode !== 0 || result.ending !== 'exited') {
			throw stepError(result, { number: index + 1, total: steps.length, command, job });
		}
	}
	return { kind: 'finished', summary: steps.length === 1 ? 'Ran 1 step.' : `Ran ${steps.length} steps.` };
}

function stepError(
	result: ProcessResult,
	step: { readonly number: number; readonly total: number; readonly command: string; readonly job: DriverJob },
) {
	const name = `Step ${step.number} of ${step.total} (${displayLine(step.command)})`;
	const output = displayText(tailText(result.output.trimEnd(), quotedCharacters));
	const quoted = output === '' ? ' It printed nothing.' : ` Its output ended with:\n${output}`;
	switch (result.ending) {
		case 'timeout': {
			const seconds = Math.round(step.job.timeoutMilliseconds / 1_000);
			return driverError(
				'command.timeout',
				`${name} was not done when the time for the whole task, ${seconds} s, was over.${quoted}`,
			);
		}
		case 'notFound':
			return driverError('command.notFound', `${name} could not start. ${output}`);
		case 'signal':
			return driverError('command.exit', `${name} was ended by a signal.${quoted}`);
		default:
			return driverError(
				'command.exit',
				`${name} ended with exit code ${result.exitCode ?? 'unknown'}.${quoted}`,
			);
	}
}
