// Owns recognising that an agent asks whether it may use one of our own tools. It may: the tool's action decides for itself what the
// agent may do, and a person is not to be asked about each report. Judged by the exact name; what looks like anything else is not ours.

import { shownForms } from '../../core/driver/agentTools.ts';
import type { JobTools } from '../../core/driver/jobTools.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, objectsAt, textAt } from './acpRead.ts';

/** Kinds of a tool call that does something to files, processes or the network. */
const foreignKinds: readonly string[] = ['edit', 'delete', 'move', 'execute', 'fetch'];

/** True for a call of a tool in `tools` and of nothing besides. */
export function isOwnTool(toolCall: Foreign, tools: JobTools | undefined): boolean {
	const title = textAt(toolCall, 'title');
	if (tools === undefined || title === undefined || foreignKinds.includes(textAt(toolCall, 'kind') ?? '')) {
		return false;
	}
	const touches =
		objectsAt(toolCall, 'locations').length > 0 ||
		objectsAt(toolCall, 'content').some(({ type }) => type === 'diff') ||
		objectAt(toolCall, 'rawInput')?.['command'] !== undefined;
	return !touches && tools.toolNames.some((tool) => shownForms(tools.name, tool).includes(title));
}
