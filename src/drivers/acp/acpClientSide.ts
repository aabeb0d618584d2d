// Owns our side of one session: puts together what an agent may ask of us and what it tells us, around one worktree.

import type { DriverJob, DriverPorts, DriverUpdate } from '../../core/driver/driver.ts';
import { createClientFiles } from './acpFiles.ts';
import type { Permissions } from './acpPermissions.ts';
import { createPermissions } from './acpPermissions.ts';
import { objectAt, textAt } from './acpRead.ts';
import type { ClientServices } from './acpServices.ts';
import { createServices } from './acpServices.ts';
import { isOwnTool } from './ownTools.ts';
import { createTerminals } from './acpTerminals.ts';
import type { ToolCalls } from './acpToolCalls.ts';
import { createToolCalls } from './acpToolCalls.ts';
import type { Updates } from './acpUpdates.ts';
import { createUpdates } from './acpUpdates.ts';
import type { AgentState } from './agentState.ts';
import { createWorktreeFence } from './worktreeFence.ts';

export interface ClientSide {
	readonly updates: Updates;
	readonly toolCalls: ToolCalls;
	readonly permissions: Permissions;
	readonly services: ClientServices;
	/** Takes the parameters of a `session/update`. */
	onUpdate(parameters: unknown): void;
}

export function createClientSide(
	ports: DriverPorts,
	job: DriverJob,
	state: AgentState,
	environment: Readonly<Record<string, string | undefined>>,
	tell: (update: DriverUpdate) => void,
): ClientSide {
	const fence = createWorktreeFence(job.worktree);
	const toolCalls = createToolCalls(fence, tell);
	const updates = createUpdates(toolCalls, tell);
	const permissions = createPermissions({
		policy: job.permissions,
		fence,
		toolCall: (call) => toolCalls.seen(call),
		isOwnTool: (call) => isOwnTool(call, job.tools),
		tell,
	});
	// A terminal runs anything, and nobody is asked: where everything is to be denied there are none.
	const terminals =
		job.permissions === 'deny'
			? undefined
			: createTerminals({
					processes: ports.processes,
					fence,
					worktree: job.worktree,
					environment,
					refuse: (command) => permissions.refuseCommand(command),
					tell,
				});
	// gemini cannot create a file when reading it beforehand fails; every other agent wants the error.
	const isGemini = () => {
		const name = textAt(objectAt(state.initialized, 'agentInfo'), 'name') ?? (job.agent.command ?? []).join(' ');
		return /gemini/iu.test(name);
	};
	const files = createClientFiles({ fence, isMissingEmpty: isGemini });
	return {
		updates,
		toolCalls,
		permissions,
		services: createServices({ files, permissions, terminals, fence, sessionId: () => state.sessionId, tell }),
		onUpdate(parameters) {
			const update = objectAt(parameters, 'update');
			const sessionId = textAt(parameters, 'sessionId');
			// Until session/new is answered our id is not known; afterwards other sessions are not ours to log.
			if (update !== undefined && (state.sessionId ?? sessionId) === sessionId) {
				updates.read(update);
			}
		},
	};
}
