// Owns running the steps of a task in order, once, for a file or for none: what is told of them, their time, and the reason that
// the first one that fails leaves behind.

import { displayLine, displayText, tailText } from '../../base/text.ts';
import type { DriverJob, DriverListener, DriverPorts } from '../../core/driver/driver.ts';
import type { ProcessResult } from '../../core/ports.ts';
import { driverError } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import { createOutputBatch } from '../outputBatch.ts';
import type { UpdateSink } from '../updateSink.ts';
import type { CommandPlan } from './commandPlan.ts';
import { asArgument, bindFile, fileVariable } from './filePlaceholder.ts';

/** How much of a failing step's output its reason quotes, in characters. */
const quotedCharacters = 2_000;

export interface StepSurroundings {
	readonly ports: DriverPorts;
	readonly job: DriverJob;
	readonly listener: DriverListener;
	readonly sink: UpdateSink;
	readonly signal: AbortSignal;
	readonly plan: CommandPlan;
	/** When the time of the whole task is over, on the monotonic clock. */
	readonly deadline: number;
}

/** A file of a matrix, its place among the files and how many there are. */
export interface MatrixItem {
	readonly file: string;
	readonly number: number;
	readonly total: number;
}

/** Rejects with `command.exit`, `command.timeout` or `command.notFound` for the first step that fails, or as the system does. */
export async function runSteps(surroundings: StepSurroundings, item?: MatrixItem): Promise<'done' | 'cancelled'> {
	const { ports, job, listener, sink, signal, plan, deadline } = surroundings;
	const where = item === undefined ? '' : `${displayLine(item.file)} (${item.number} of ${item.total}): `;
	const isShared = (plan.matrix?.parallel ?? 1) > 1;
	for (const [index, step] of plan.run.entries()) {
		if (signal.aborted) {
			return 'cancelled';
		}
		const about = { step: index + 1, ...(item === undefined ? {} : { file: item.file }) };
		sink.push({
			kind: 'note',
			text: `${where}Step ${index + 1} of ${plan.run.length}: ${displayLine(step)}`,
			data: { ...about, steps: plan.run.length, command: step },
		});
		const prefix = item !== undefined && isShared ? `${displayLine(item.file)}:\n` : '';
		const batch = createOutputBatch((text) => sink.push({ kind: 'output', text: `${prefix}${text}`, data: about }));
		const left = deadline - ports.clock.monotonic();
		const ownTime = (plan.step_timeout_seconds ?? Infinity) * 1_000;
		let result: ProcessResult;
		try {
			result = await ports.processes.run({
				command: item === undefined ? step : boundStep(step),
				folder: job.worktree,
				environment: {
					...jobEnvironment(job),
					...(item === undefined ? {} : { [fileVariable]: asArgument(item.file) }),
				},
				timeoutMilliseconds: Math.max(1, Math.min(left, ownTime)),
				signal,
				onOutput: (text) => batch.add(text),
				onStart: (process) => listener.onProcess(process),
			});
		} finally {
			batch.dispose();
		}
		if (result.ending === 'aborted' || signal.aborted) {
			return 'cancelled';
		}
		if (result.exitCode !== 0 || result.ending !== 'exited') {
			const limit = ownTime < left ? `its own time, ${seconds(ownTime)} s,` : undefined;
			throw stepError(result, {
				name: `Step ${index + 1} of ${plan.run.length} (${displayLine(step)})`,
				limit: limit ?? `the time for the whole task, ${seconds(job.timeoutMilliseconds)} s,`,
			});
		}
	}
	return 'done';
}

/** A plan with a step that cannot be bound is refused before anything runs. */
function boundStep(step: string): string {
	const bound = bindFile(step, process.platform);
	if ('problem' in bound) {
		throw driverError('command.refused', bound.problem);
	}
	return bound.command;
}

/** Whole seconds, and a short time not as none. */
const seconds = (milliseconds: number): number =>
	milliseconds < 1_000 ? milliseconds / 1_000 : Math.round(milliseconds / 1_000);

function stepError(result: ProcessResult, step: { readonly name: string; readonly limit: string }) {
	const output = displayText(tailText(result.output.trimEnd(), quotedCharacters));
	const quoted = output === '' ? ' It printed nothing.' : ` Its output ended with:\n${output}`;
	switch (result.ending) {
		case 'timeout':
			return driverError('command.timeout', `${step.name} was not done when ${step.limit} was over.${quoted}`);
		case 'notFound':
			return driverError('command.notFound', `${step.name} could not start. ${output}`);
		case 'signal':
			return driverError('command.exit', `${step.name} was ended by a signal.${quoted}`);
		default:
			return driverError(
				'command.exit',
				`${step.name} ended with exit code ${result.exitCode ?? 'unknown'}.${quoted}`,
			);
	}
}
