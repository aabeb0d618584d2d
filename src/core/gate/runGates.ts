// Owns the gate commands of a task: each recomputed by us, in the worktree, in order, until one fails. A command that never ends
// is ended with everything it started. What an agent says about its own checks is not looked at.

import { displayText, tailText } from '../../base/text.ts';
import type { ProcessIdentity, ProcessResult, ProcessRunner } from '../ports.ts';
import type { GateResult } from '../task/task.ts';
import { describeCommandFailure } from './commandFailure.ts';
import type { GateFailureCode } from './gateFailure.ts';
import { gateAdvice, gateFailureCode, mostGateOutput } from './gateFailure.ts';
import type { PlannedCommand } from './gatePlan.ts';

export interface GateRequest {
	readonly commands: readonly PlannedCommand[];
	/** Hidden commit of the work that lies in the folder. */
	readonly commit: string;
	/** The worktree, or the workspace's place in it. */
	readonly folder: string;
	/** Whether that folder is still there: a command may delete it. */
	readonly isFolderThere: () => Promise<boolean>;
	/** For each command. */
	readonly timeoutMilliseconds: number;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
	/** Told of each command as soon as it ended. */
	readonly onGate: (result: GateResult) => Promise<void>;
	/** What a failed command's output ended with is looked at once more: not every problem it names is one of the work. */
	readonly pardon?: (planned: PlannedCommand, result: ProcessResult) => Promise<string | undefined>;
	/** Characters after which a command is ended. */
	readonly mostOutput?: number;
}

export interface GateReport {
	readonly results: readonly GateResult[];
	/** Why the task is not done, as a sentence that quotes the output; undefined when every gate passed. */
	readonly failure: string | undefined;
	readonly code: GateFailureCode | undefined;
	/** The gates were stopped from outside; nothing was decided. */
	readonly isAborted: boolean;
}

/** What is kept of a gate's output, in characters. */
const keptCharacters = 8000;
/** Of a compiler's or linter's: it is compared line by line with what it prints for the base. */
export const keptDiagnostics = 400_000;

/** Runs the gates in order and stops at the first that fails. Never rejects for what a command does. */
export async function runGates(processes: Pick<ProcessRunner, 'run'>, request: GateRequest): Promise<GateReport> {
	const results: GateResult[] = [];
	for (const planned of request.commands) {
		if (request.signal.aborted) {
			return { results, failure: undefined, code: undefined, isAborted: true };
		}
		const { kind, command, point } = planned;
		const { finished, isFlooded } = await runOne(processes, planned, request);
		if (finished.ending === 'aborted' && !isFlooded) {
			return { results, failure: undefined, code: undefined, isAborted: true };
		}
		const found = gateFailureCode(finished, { isFlooded, isFolderThere: await request.isFolderThere() });
		const pardon = found === 'gate.failed' ? await request.pardon?.(planned, finished) : undefined;
		const code = pardon === undefined ? found : undefined;
		const result: GateResult = {
			kind,
			...(point === undefined ? {} : { point }),
			commit: request.commit,
			command,
			exit_code: code === undefined ? 0 : code === 'gate.deletedWorktree' ? null : (finished.exitCode ?? null),
			ending: code === 'gate.deletedWorktree' ? 'deletedWorktree' : isFlooded ? 'flooded' : finished.ending,
			duration_ms: Math.round(finished.durationMilliseconds),
			output: tailText(
				displayText(`${finished.output}${pardon === undefined ? '' : `\n${pardon}`}`),
				keptCharacters,
			),
		};
		results.push(result);
		await request.onGate(result);
		if (code !== undefined) {
			return {
				results,
				failure: `${describe(request, command, finished)}${gateAdvice(code)}`,
				code,
				isAborted: false,
			};
		}
	}
	return { results, failure: undefined, code: undefined, isAborted: false };
}

async function runOne(processes: Pick<ProcessRunner, 'run'>, { kind, command }: PlannedCommand, request: GateRequest) {
	const flood = new AbortController();
	const most = request.mostOutput ?? mostGateOutput;
	let printed = 0;
	const finished = await processes.run({
		command,
		folder: request.folder,
		environment: request.environment,
		timeoutMilliseconds: request.timeoutMilliseconds,
		signal: AbortSignal.any([request.signal, flood.signal]),
		outputLimit: kind === 'diagnostics' ? keptDiagnostics : keptCharacters,
		onStart: request.onProcess,
		onOutput: (text) => {
			printed += text.length;
			if (printed > most) {
				flood.abort();
			}
		},
	});
	return { finished, isFlooded: flood.signal.aborted && !request.signal.aborted };
}

const describe = ({ timeoutMilliseconds }: GateRequest, command: string, result: ProcessResult): string =>
	describeCommandFailure({
		title: 'Gate',
		command,
		result,
		timeoutMilliseconds,
		timeoutSetting: 'dreamos.gates.timeoutSeconds',
	});
