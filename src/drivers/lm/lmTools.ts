// Owns which tools a language model gets for a run: ours for files and commands, and those of the run itself. What it calls is told
// in the run's log; what goes wrong is said to it, and the work goes on.

import { describeError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverJob, DriverListener, DriverPorts, DriverUpdate } from '../../core/driver/driver.ts';
import type { ModelTool, ToolCallPart } from '../../core/models/languageModel.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import type { SecretFilter } from '../secretFilter.ts';
import { createWorktreeFence } from '../worktreeFence.ts';
import type { FileUse } from '../worktreeFiles.ts';
import { createWorktreeFiles } from '../worktreeFiles.ts';
import { createCommandTool } from './lmCommandTool.ts';
import { createFileTools } from './lmFileTools.ts';
import { createLookTools } from './lmLookTools.ts';
import { createLmPermissions } from './lmPermissions.ts';
import type { LmTool, ToolReply } from './lmTool.ts';

export interface LmTools {
	readonly offered: readonly ModelTool[];
	/** Does what a model called. Never rejects but when `signal` aborts. */
	call(call: ToolCallPart, signal: AbortSignal): Promise<ToolReply>;
}

export interface LmToolsParts {
	readonly ports: DriverPorts;
	readonly job: DriverJob;
	readonly listener: Pick<DriverListener, 'onProcess'>;
	readonly hide: SecretFilter;
	readonly tell: (update: DriverUpdate) => void;
}

const useWords: Readonly<Record<FileUse, string>> = { read: 'Read', edit: 'Write', delete: 'Delete' };

export function createLmTools({ ports, job, listener, hide, tell }: LmToolsParts): LmTools {
	const fence = createWorktreeFence(job.worktree);
	const permissions = createLmPermissions({ door: job.permissions, fence, hide, tell });
	const files = (signal: AbortSignal) =>
		createWorktreeFiles({
			fence,
			refuse: (kind, path) =>
				permissions.refuse({ kind, title: `${useWords[kind]} ${fence.show(path)}`, paths: [path] }, signal),
		});
	const onProcess: DriverListener['onProcess'] = (process) => {
		try {
			listener.onProcess(process);
		} catch {
			// As with updates: a listener that fails is not the agent's fault.
		}
	};
	const environment = jobEnvironment(job, ports.keys);
	const tools: readonly LmTool[] = [
		...createFileTools({ fence, files, tell }),
		...createLookTools({ worktree: job.worktree, fence, permissions, tell }),
		// A command runs anything: where every one is to be denied there is no tool for them.
		...(job.permissions.mayRunCommands
			? [createCommandTool({ ports, job, environment, permissions, onProcess, tell })]
			: []),
		...runTools(job, tell),
	];
	const byName = new Map(tools.map((tool) => [tool.name, tool]));
	return {
		offered: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
		async call({ name, input }, signal) {
			const tool = byName.get(name);
			if (tool === undefined) {
				tell({ kind: 'tool', text: `Called ${displayLine(name, 80)}, which there is not` });
				return {
					text: `error: There is no tool ${displayLine(name, 80)}. There are: ${[...byName.keys()].join(', ')}.`,
				};
			}
			try {
				const reply = await tool.run(input, signal);
				return { ...reply, text: hide(reply.text) };
			} catch (error) {
				signal.throwIfAborted();
				const why = hide(describeError(error));
				tell({ kind: 'tool', text: `${displayLine(name, 80)} failed: ${displayLine(why, 500)}` });
				return { text: `error: ${why}` };
			}
		},
	};
}

/** The tools of the run, as every agent has them: report, ask, block, hand off, propose, finish. */
function runTools({ tools }: DriverJob, tell: LmToolsParts['tell']): LmTool[] {
	return (tools?.direct.tools ?? []).map(({ name, description, inputSchema, endsTurn }) => ({
		name,
		description,
		inputSchema,
		async run(input) {
			tell({ kind: 'tool', text: `Called ${name}`, data: { tool: name } });
			const { text, isError } = (await tools?.direct.call(name, input)) ?? { text: '', isError: true };
			return isError ? { text: `error: ${text}` } : { text, ends: endsTurn };
		},
	}));
}
