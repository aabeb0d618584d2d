// Owns the command line: commands from the action catalogue plus `init`, `boards import` and `up`, exit codes, help. No rule about tasks lives here.

import { productVersion } from '../base/productVersion.ts';
import { Command, CommanderError, Option } from 'commander';
import { join } from 'node:path';
import { DreamError, isDreamError } from '../base/errors.ts';
import { mapTexts } from '../base/json.ts';
import type { DefinedAction } from '../core/actions/action.ts';
import { catalogue, findAction } from '../core/actions/catalogue.ts';
import type { Actor } from '../core/actor.ts';
import { exportFormats, listFormats } from '../core/list/taskList.ts';
import { boardNames, taskStatuses } from '../core/task/taskStatus.ts';
import { createSecretFilter } from '../drivers/secretFilter.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { renderAnswer } from './answers.ts';
import { needsAttention } from './needsAttention.ts';
import type { Caller } from '../workspace/caller.ts';
import { findCaller, withRun } from '../workspace/caller.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import { importCommand } from './importCommand.ts';
import { initCommand } from './initCommand.ts';
import { inputOptions } from './inputOptions.ts';
import type { ExportChoices, ImportChoices } from './listCommands.ts';
import { exportListCommand, importListCommand } from './listCommands.ts';
import { mirrorBoards } from './mirrorBoards.ts';
import type { Output } from './output.ts';
import { terminalOutput } from './output.ts';
import { stderrLog } from './stderrLog.ts';
import type { RunLogChoices } from './runLogCommand.ts';
import { runLogCommand } from './runLogCommand.ts';
import { upCommand } from './upCommand.ts';

export interface CliSurroundings {
	/** Folder of the running bundle; `host.cjs` lies beside it. */
	readonly distFolder: string;
}

/** What every command gets once its workspace is open. */
export interface CommandContext {
	readonly workspace: OpenWorkspace;
	readonly actor: Actor;
	/** The run an agent speaks for. */
	readonly run?: Caller['run'];
	readonly output: Output;
}

interface GlobalOptions {
	readonly json?: boolean;
	readonly workspace?: string;
	readonly verbose?: boolean;
}

/** Runs one command line and resolves to its exit code. Never rejects. */
export async function runCli(words: readonly string[], surroundings: CliSurroundings): Promise<ExitCode> {
	let code: ExitCode = exitCodes.done;
	const program = shared(new Command('dreamos'))
		.description('Runs a swarm of coding agents on a repository.')
		.version(productVersion)
		.exitOverride()
		.enablePositionalOptions()
		.showHelpAfterError('(add --help for what can be given)');

	const perform: Perform = async (command, work, makesFolder = false) => {
		const options = command.optsWithGlobals<GlobalOptions>();
		const output = terminalOutput(options.json === true);
		try {
			code = await withWorkspace({ ...options, makesFolder }, surroundings, output, work);
		} catch (error) {
			output.fail(error);
			code = isDreamError(error, 'action.badInput') ? exitCodes.usage : exitCodes.refused;
		}
	};

	for (const action of catalogue.filter(({ terminal }) => terminal.isHidden !== true)) {
		addAction(program, action, perform);
	}
	shared(
		program
			.command('init')
			.description('Sets a workspace up; boards that are already there are adopted after showing what changes.'),
	)
		.option('--yes', 'Adopt without asking')
		.option('--git', 'Make the folder a git repository first if it is none')
		.action((options: { yes?: boolean; git?: boolean }, command: Command) =>
			perform(command, (context) =>
				initCommand(context, { isAgreed: options.yes === true, git: options.git === true }),
			),
		);
	shared(
		groupCommand(program, 'boards')
			.command('import')
			.description(
				'Brings tasks of older boards in, of every older layout and vocabulary; tells first what it would do.',
			),
	)
		.argument('<path>', 'Folder with boards, or one board file')
		.option('--dry-run', 'Only show what would be imported; write nothing')
		.option('--yes', 'Import without asking')
		.action((path: string, options: { dryRun?: boolean; yes?: boolean }, command: Command) =>
			perform(command, (context) =>
				importCommand(context, {
					path,
					isDryRun: options.dryRun === true,
					isAgreed: options.yes === true,
				}),
			),
		);
	shared(program.command('up').description('Lets the swarm work and shows what happens, until Ctrl-C.'))
		.option('--until-idle', 'End when nothing is left that an agent could do')
		.action((options: { untilIdle?: boolean }, command: Command) =>
			perform(command, (context) => upCommand(context, { untilIdle: options.untilIdle === true })),
		);
	shared(
		groupCommand(program, 'run')
			.command('log <run_id>')
			.description('Prints the log of a run, as a person reads it, or the recorded messages of its protocol.'),
	)
		.option('--follow', 'Go on while the run does, until Ctrl-C')
		.option('--raw', 'Print the messages of the agent’s protocol as they were sent')
		.action((runId: string, options: RunLogChoices, command: Command) =>
			perform(command, (context) => runLogCommand(context, runId, options)),
		);
	addListCommands(program, perform);
	try {
		await program.parseAsync(words, { from: 'user' });
	} catch (error) {
		if (!(error instanceof CommanderError)) {
			throw error;
		}
		return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
	}
	return code;
}

/** Options that every command takes. */
function shared(command: Command): Command {
	return command
		.option('--json', 'Print one JSON value instead of text')
		.option('--workspace <folder>', 'Folder of the workspace; the current one when left out')
		.option('--verbose', 'Log what happens on stderr')
		.exitOverride();
}

/** @param makesFolder the workspace's folder is made where there is none. */
type Perform = (
	command: Command,
	work: (context: CommandContext) => Promise<ExitCode>,
	makesFolder?: boolean,
) => Promise<void>;

function addAction(program: Command, action: DefinedAction, perform: Perform): void {
	const words = (action.terminal.words ?? action.id.replace('.', ' ')).split(' ');
	const [first = '', second] = words;
	const parent = second === undefined ? program : groupCommand(program, first);
	const command = shared(parent.command(second ?? first).description(action.description));
	const { positionals, options, collect } = inputOptions(action);
	for (const positional of positionals) {
		command.addArgument(positional);
	}
	for (const option of options) {
		command.addOption(option);
	}
	command.action((...given: unknown[]) =>
		perform(
			command,
			async ({ workspace, actor, run, output }) => {
				const input = withRun(action, collect(given.slice(0, positionals.length), command.opts()), { run });
				// An agent has its keys in its environment, and may say anything.
				const said = actor.kind === 'agent' ? mapTexts(input, createSecretFilter([process.env])) : input;
				const result = await workspace.dream.perform(action.id, said, actor);
				const isShown = await mirrorBoards(workspace, output);
				renderAnswer(action.id, result, output);
				output.answer(result);
				return needsAttention(action.id, result) || !isShown ? exitCodes.attention : exitCodes.done;
			},
			action.terminal.makesFolder,
		),
	);
}

/** Lists are files in a terminal, and texts for everybody else. */
function addListCommands(program: Command, perform: Perform): void {
	const describe = (id: string) => findAction(id)?.description ?? '';
	shared(groupCommand(program, 'task').command('import <file>').description(describe('task.import')))
		.addOption(new Option('--format <word>', 'What it is written in').choices([...listFormats]))
		.option('--dry-run', 'Only say what would be created and what is wrong')
		.option('--skip-existing', 'Pass over ids that are there already with another content')
		.option('--as-is', 'Take over unusable values, unknown dependencies and circles as they stand')
		.action((file: string, options: ImportChoices, command: Command) =>
			perform(command, (context) => importListCommand(context, file, options)),
		);
	const add = (text: string, before: string[] | undefined) => [...(before ?? []), text];
	shared(groupCommand(program, 'boards').command('export').description(describe('boards.export')))
		.addOption(new Option('--board <word>', 'Only tasks on this board').choices([...boardNames]))
		.addOption(new Option('--status <word>', 'Only tasks with this status').choices([...taskStatuses]))
		.addOption(new Option('--task <id>', 'Only this task (repeatable)').argParser(add))
		.addOption(new Option('--format <word>', 'What to write').choices([...exportFormats]).default('json'))
		.option('--output <file>', 'File to write; stdout when left out')
		.option('--force', 'Overwrite the file')
		.action((options: ExportChoices, command: Command) =>
			perform(command, (context) => exportListCommand(context, options)),
		);
}

const groupTitles: Readonly<Record<string, string>> = {
	task: 'Look at tasks and move them',
	run: 'Look at attempts, accept or reject their changes; for agents: report, ask, hand off, finish',
	boards: 'Check, repair and import board files',
	agent: 'Look at the agents, add one, try one',
	swarm: 'Look at the swarm',
	policy: 'Look at the permission rules, and ask what they say',
	checkpoint: 'Look at the checkpoints of runs, let a task begin from one',
	budget: 'Look at what agents used, what is left, and what a task may take',
	question: 'Look at what agents ask, and answer',
	worktree: 'Look at the worktrees of agents, get back what nobody needs',
};

function groupCommand(program: Command, name: string): Command {
	return (
		program.commands.find((each) => each.name() === name) ??
		shared(program.command(name).description(groupTitles[name] ?? name))
	);
}

async function withWorkspace(
	options: GlobalOptions & { readonly makesFolder: boolean },
	surroundings: CliSurroundings,
	output: Output,
	work: (context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
	if (options.workspace === '') {
		throw new DreamError('action.badInput', '--workspace names no folder.', {
			advice: 'Leave it out for the current folder.',
		});
	}
	const { folder, actor, run } = findCaller(options.workspace, process.env, process.cwd());
	if (options.makesFolder) {
		const { nodeFileSystem } = await import('../node/nodeFileSystem.ts');
		await nodeFileSystem.makeFolder(folder);
	}
	// The bundle of the window is used once more: it need not ship twice, and help comes without it.
	const { openWorkspace } = await import('../workspace/openWorkspace.ts');
	const workspace = await openWorkspace({
		folder,
		log: stderrLog(options.verbose === true),
		startedFrom: 'terminal',
		hostScript: join(surroundings.distFolder, 'host.cjs'),
		follows: 'nothing',
	});
	try {
		// A board that was edited a moment ago counts, also where no other program is there to take the edit over.
		await mirrorBoards(workspace, output);
		return await work({ workspace, actor, run, output });
	} finally {
		await workspace.close();
	}
}
