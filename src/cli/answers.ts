// Owns how each answer reads for a person. An action without an entry is shown as indented JSON.

import { budgetEstimate, budgetShow } from './budgetAnswers.ts';
import { taskSplit } from './splitAnswer.ts';
import { displayLine } from '../base/text.ts';
import { countOf } from '../base/words.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { Finding } from '../core/actions/workspaceDoor.ts';
import { describeDrift } from '../core/drift/driftReading.ts';
import { gateVerdict } from '../core/gate/gateVerdict.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { LandingConflict } from '../core/landing/planLanding.ts';
import { describeConflicts } from '../core/landing/planLanding.ts';
import type { FileOfChange } from '../core/landing/narrowChange.ts';
import type { ReviewNote } from '../core/run/reviewNotes.ts';
import { describeResources } from '../core/run/runResources.ts';
import type { Usage } from '../core/budget/usage.ts';
import { describeLimits } from '../core/budget/budgetLimits.ts';
import { describeUsage } from '../core/budget/usage.ts';
import type { Run } from '../core/run/run.ts';
import { describeStrays } from '../core/run/runStrays.ts';
import type { SharedFile } from '../core/run/sharedFiles.ts';
import { describeShared } from '../core/run/sharedFiles.ts';
import type { SearchPage } from '../core/search/searchTasks.ts';
import type { Task } from '../core/task/task.ts';
import type { TaskFamily } from '../core/task/taskFamily.ts';
import { isFinished } from '../core/task/taskStatus.ts';
import type { TimelineEntry } from '../core/task/taskTimeline.ts';
import { timelineLines } from '../core/task/taskTimeline.ts';
import type { LeftByMove } from '../core/person/leftByMove.ts';
import { runEvidence } from './evidenceAnswers.ts';
import { addedAgent, agentCheck, agentList, agentPresets } from './agentAnswers.ts';
import type { Output } from './output.ts';
import { table } from './output.ts';
import { chosenSide, conflictWork, givenBackWork, sayLeftWork, submittedWork, workPlace } from './personAnswers.ts';
import { policyExplain, policyList, questionAnswer, questionList } from './permissionAnswers.ts';
import { sayTable } from './sayTable.ts';
import { pausedAgent, pausedRun, resumedAgent, resumedRun, sentMessage } from './steeringAnswers.ts';
import { swarmDraining, swarmPaused, swarmResumed, swarmStats, swarmStatus, swarmStopped } from './swarmAnswers.ts';
import {
	checkpointList,
	checkpointRestore,
	checkpointShow,
	checkpointUndo,
	checkpointImport,
	checkpointExport,
} from './checkpointAnswers.ts';
import { madeSample } from './workspaceAnswers.ts';
import { worktreeList, worktreeReclaim } from './worktreeAnswers.ts';

type Renderer = (answer: never, output: Output) => void;

function taskList(tasks: readonly Task[], output: Output): void {
	sayTable(
		output,
		['ID', 'STATUS', 'PRIORITY', 'AGENT', 'NAME'],
		tasks.map((task) => [
			task.task_id,
			task.status,
			task.priority,
			task.claimed_by ?? task.assigned_agent ?? '-',
			task.name,
		]),
		'No tasks.',
	);
}

function taskSearch({ total, hits, notes }: SearchPage, output: Output): void {
	notes.forEach(output.warn);
	sayTable(
		output,
		['ID', 'STATUS', 'NAME', 'WHERE', 'FOUND'],
		hits.map(({ task_id, status, name, where, snippet }) => [
			task_id,
			status,
			displayLine(name, 60),
			where,
			where === 'name' || where === 'id' ? '' : snippet,
		]),
		'Nothing was found.',
	);
	if (total > hits.length) {
		output.say(`${hits.length} of ${total} shown; --limit and --offset show others.`);
	}
}

function taskShow(
	task: Task & {
		family: TaskFamily;
		runs: readonly Run[];
		history: readonly LedgerEvent[];
		waiting_because: string | null;
	},
	output: Output,
): void {
	output.say(`${task.task_id}  ${task.status}  ${task.priority}`);
	output.say(task.name);
	if (task.description !== '') {
		output.say(`\n${task.description}`);
	}
	const facts: readonly (readonly [string, string])[] = [
		['type', task.task_type],
		['category', task.category ?? ''],
		['part of', task.parent ?? ''],
		['pinned', task.pinned === null ? '' : 'by a person'],
		['due', task.due ?? ''],
		['estimate', task.estimate === null ? '' : `${task.estimate} minutes`],
		['budget', describeLimits(task.budget)],
		['touches', task.touches.join(', ')],
		['context', task.context.join(', ')],
		['claimed by', task.claimed_by ?? ''],
		['depends on', task.dependencies.join(', ')],
		['waits', task.waiting_because ?? ''],
		['blocked', task.block_reason === null ? '' : `${task.block_reason.kind}: ${task.block_reason.text}`],
		['result', task.result?.summary ?? ''],
	];
	output.say('');
	table(facts.filter(([, value]) => value !== '').map(([name, value]) => [`${name}:`, value])).forEach(output.say);
	const { children, parts, completed, total } = task.family;
	if (total > 0) {
		const counts = Object.entries(parts).map(([status, count]) => `${count} ${status}`);
		output.say(`\nParts: ${completed} of ${total} completed (${counts.join(', ')})`);
		table(
			children.map((child) => [
				child.task_id,
				child.status,
				child.parts === 0 ? '' : `+${child.parts}`,
				child.name,
			]),
		).forEach(output.say);
	}
	if (task.runs.length > 0) {
		output.say('\nRuns');
		runList(task.runs, output);
	}
	output.say('\nHistory');
	table(task.history.map((event) => [event.at, event.actor, event.message])).forEach(output.say);
}

function runList(runs: readonly (Run & { readonly shared?: readonly SharedFile[] })[], output: Output): void {
	sayTable(
		output,
		['RUN', 'STATE', 'TASK', 'WORKER', 'OPENED', 'REASON'],
		runs.map((run) => [run.run_id, run.state, run.task_id, run.worker, run.opened_at, run.reason ?? '']),
		'No runs.',
	);
	for (const { run_id, worker, strays, shared = [] } of runs) {
		if (shared.length > 0) {
			output.say(`${run_id}: two agents touch the same files: ${describeShared(shared)}`);
		}
		describeStrays({ worker, strays }).forEach((line) => output.say(`${run_id}: ${line}`));
	}
}

function runShow(run: Run & { history: readonly LedgerEvent[]; usage: Usage }, output: Output): void {
	runList([run], output);
	if (run.resources !== null) {
		output.say(`uses: ${describeResources(run.resources)}`);
	}
	if (run.drift !== null) {
		output.say(`drift: ${describeDrift(run.drift)}`);
	}
	if (run.usage.turns > 0) {
		output.say(`took: ${describeUsage(run.usage)}`);
	}
	for (const gate of run.gates) {
		output.say(
			`\ngate: ${gate.command}\n${gate.ending}, exit code ${gate.exit_code ?? '-'}, ${gate.duration_ms} ms\n${gate.output}`,
		);
	}
	if (run.files.length > 0) {
		output.say(`\nfiles: ${run.files.join(', ')}`);
	}
	output.say('\nHistory');
	table(run.history.map((event) => [event.at, event.actor, event.message])).forEach(output.say);
}

function runChanges(
	answer: {
		readonly run: Run;
		readonly files: readonly FileOfChange[];
		readonly notes: readonly ReviewNote[];
		readonly conflicts: readonly LandingConflict[];
	},
	output: Output,
): void {
	runList([answer.run], output);
	for (const { path, previousPath, kind, hunks, isBinary } of answer.files) {
		const from = previousPath === undefined ? '' : ` from ${previousPath}`;
		output.say(`\n${path} (${kind}${from}${isBinary ? ', binary' : ''})`);
		for (const { number, after, removed, added } of hunks) {
			output.say(`  ${number}. line ${after.line}`);
			const lines = [
				...linesOf(removed).map((line) => `- ${line}`),
				...linesOf(added).map((line) => `+ ${line}`),
			];
			lines.slice(0, 20).forEach((line) => output.say(`     ${displayLine(line, 200)}`));
			if (lines.length > 20) {
				output.say(`     … ${lines.length - 20} more`);
			}
		}
		for (const { note_id, path: on, line, text } of answer.notes) {
			if (on === path) {
				output.say(`  comment ${note_id} on line ${line}: ${text}`);
			}
		}
	}
	const gates = answer.run.gates.map((gate) => [
		gateVerdict(gate) === 'failed' ? 'FAILED' : gateVerdict(gate),
		gate.command,
	]);
	if (answer.conflicts.length > 0) {
		output.say(`\nIt would conflict with what is there now: ${describeConflicts(answer.conflicts)}`);
	}
	if (gates.length > 0) {
		output.say('\nChecks');
		table(gates).forEach(output.say);
	}
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/u, '').split('\n'));

function describeProblem(problem: BoardProblem): string {
	const advice = problem.advice === undefined ? '' : ` ${problem.advice}`;
	return `${problem.file}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}${advice}`;
}

function boardsCheck({ problems }: { problems: readonly BoardProblem[] }, output: Output): void {
	problems.map(describeProblem).forEach(output.say);
	output.say(problems.length === 0 ? 'The boards are in order.' : `${countOf(problems.length, 'problem')}.`);
}

function doctor({ findings }: { findings: readonly Finding[] }, output: Output): void {
	for (const { subject, ok, message, advice } of findings) {
		output.say(
			`${ok ? 'ok   ' : 'FAULT'}  ${subject}: ${message}${advice === undefined || ok ? '' : ` ${advice}`}`,
		);
	}
}

function movedTask(
	answer: {
		task: Task;
		made_ready?: readonly string[];
		stranded?: readonly string[];
		put_back?: readonly string[];
		left?: LeftByMove;
	},
	output: Output,
): void {
	const { task } = answer;
	output.say(
		`${task.task_id} is ${task.status}${task.claimed_by === null || isFinished(task.status) ? '' : `, held by ${task.claimed_by}`}.`,
	);
	if (answer.left !== undefined) {
		sayLeftWork(answer.left, output);
	}
	if ((answer.made_ready ?? []).length > 0) {
		output.say(`Ready now: ${(answer.made_ready ?? []).join(', ')}.`);
	}
	if ((answer.stranded ?? []).length > 0) {
		output.say(`Waiting in vain: ${(answer.stranded ?? []).join(', ')}.`);
	}
	if ((answer.put_back ?? []).length > 0) {
		output.say(`Waiting again: ${(answer.put_back ?? []).join(', ')}.`);
	}
}

function taskHistory(entries: readonly TimelineEntry[], output: Output): void {
	timelineLines(entries).forEach(output.say);
}

function taskWhy({ why }: { readonly why: string }, output: Output): void {
	output.say(why);
}

function undoneTask(
	answer: Parameters<typeof movedTask>[0] & { readonly undone: { readonly what: string; readonly who: string } },
	output: Output,
): void {
	output.say(`Taken back: ${answer.undone.what} (${answer.undone.who}).`);
	movedTask(answer, output);
}

function acceptedRun({ run, task }: { readonly run: Run; readonly task: Task | null }, output: Output): void {
	output.say(`${run.run_id} is ${run.state}${run.reason === null ? '' : `: ${run.reason}`}.`);
	output.say(`${run.task_id} is ${task?.status ?? 'gone'}.`);
}

function rejectedRun({ task }: { readonly task: Task }, output: Output): void {
	output.say(`Rejected. ${task.task_id} is ${task.status}.`);
}

function sentBackRun({ task }: { readonly task: Task }, output: Output): void {
	output.say(`Sent back. ${task.task_id} is ${task.status}; its next attempt goes on from this change.`);
}

function commentedRun({ note_id }: { readonly note_id: string }, output: Output): void {
	output.say(`Noted as ${note_id}; dreamos run send-back gives it to the agent.`);
}

function uncommentedRun({ note_id }: { readonly note_id: string }, output: Output): void {
	output.say(`${note_id} is taken back.`);
}

function acceptedBoard({ board }: { readonly board: string }, output: Output): void {
	output.say(`${board}.json shows the ledger's version now; what stood in it is in runtime/quarantine.`);
}

function revertedTask(
	answer: Parameters<typeof movedTask>[0] & { readonly reverted: boolean; readonly files: readonly string[] },
	output: Output,
): void {
	output.say(
		answer.reverted
			? `Taken back: ${answer.files.length === 0 ? 'nothing was left to take back' : answer.files.join(', ')}.`
			: 'It is taken back as soon as whoever lands gets to it.',
	);
	movedTask(answer, output);
}

const renderers: Readonly<Record<string, Renderer>> = {
	'task.list': taskList,
	'task.search': taskSearch,
	'task.show': taskShow,
	'task.history': taskHistory,
	'task.undo': undoneTask,
	'task.why': taskWhy,
	'task.split': taskSplit,
	'task.revert': revertedTask,
	'run.list': runList,
	'run.show': runShow,
	'run.ask': movedTask,
	'run.handoff': movedTask,
	'run.changes': runChanges,
	'agent.list': agentList,
	'budget.show': budgetShow,
	'budget.estimate': budgetEstimate,
	'policy.explain': policyExplain,
	'policy.list': policyList,
	'question.list': questionList,
	'question.answer': questionAnswer,
	'run.evidence': runEvidence,
	'run.accept': acceptedRun,
	'run.reject': rejectedRun,
	'run.sendBack': sentBackRun,
	'run.comment': commentedRun,
	'run.uncomment': uncommentedRun,
	'run.message': sentMessage,
	'run.pause': pausedRun,
	'run.resume': resumedRun,
	'run.restart': movedTask,
	'agent.pause': pausedAgent,
	'agent.resume': resumedAgent,
	'swarm.status': swarmStatus,
	'swarm.stats': swarmStats,
	'swarm.stop': swarmStopped,
	'swarm.stopNow': swarmStopped,
	'swarm.pause': swarmPaused,
	'swarm.resume': swarmResumed,
	'swarm.drain': swarmDraining,
	'boards.accept': acceptedBoard,
	'agent.presets': agentPresets,
	'agent.add': addedAgent,
	'agent.check': agentCheck,
	'boards.check': boardsCheck,
	'workspace.examine': doctor,
	'workspace.sample': madeSample,
	'worktree.list': worktreeList,
	'worktree.reclaim': worktreeReclaim,
	'checkpoint.list': checkpointList,
	'checkpoint.show': checkpointShow,
	'checkpoint.restore': checkpointRestore,
	'checkpoint.undo': checkpointUndo,
	'checkpoint.import': checkpointImport,
	'checkpoint.export': checkpointExport,
	'task.work': workPlace,
	'task.resolve': conflictWork,
	'run.submit': submittedWork,
	'run.takeOver': workPlace,
	'run.giveBack': givenBackWork,
	'run.choose': chosenSide,
};

/** Says an answer to a person. */
export function renderAnswer(actionId: string, answer: unknown, output: Output): void {
	if (output.isJson) {
		return;
	}
	const renderer = renderers[actionId];
	if (renderer !== undefined) {
		renderer(answer as never, output);
	} else if (actionId.startsWith('task.')) {
		movedTask(answer as Parameters<typeof movedTask>[0], output);
	} else {
		output.say(JSON.stringify(answer, null, 2));
	}
}
