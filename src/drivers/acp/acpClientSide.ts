// Owns our side of one session: puts together what an agent may ask of us and what it tells us, around one worktree.

import { presetOf } from '../../core/agent/agentPresets.ts';
import type { DriverJob, DriverPorts, DriverUpdate } from '../../core/driver/driver.ts';
import { jobSecretFilter } from '../secretFilter.ts';
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
import type { NamedOutside } from './namedOutside.ts';
import type { WorktreeFence } from '../worktreeFence.ts';
import { createWorktreeFence } from '../worktreeFence.ts';

export interface ClientSide {
	readonly updates: Updates;
	readonly toolCalls: ToolCalls;
	readonly permissions: Permissions;
	readonly services: ClientServices;
	/** Whether the agent used a tool or asked for leave to: whoever did neither and said nothing has done nothing. */
	readonly hasActed: boolean;
	/** Whether it is in the middle of a tool call, during which it may well be silent. */
	readonly isUsingTool: boolean;
	/** Resolves when every file outside that the agent named is told. */
	settle(): Promise<void>;
	/** Takes the parameters of a `session/update`. */
	onUpdate(parameters: unknown): void;
}

export function createClientSide(
	ports: DriverPorts,
	job: DriverJob,
	state: AgentState,
	environment: Readonly<Record<string, string | undefined>>,
	tellOn: (update: DriverUpdate) => void,
	watchOutside?: (fence: WorktreeFence) => NamedOutside,
): ClientSide {
	let hasActed = false;
	const tell = (update: DriverUpdate) => {
		hasActed ||= update.kind === 'tool' || update.kind === 'permission';
		tellOn(update);
	};
	const fence = createWorktreeFence(job.worktree);
	const outside = watchOutside?.(fence);
	const toolCalls = createToolCalls(fence, tell, outside);
	const updates = createUpdates(toolCalls, tell);
	const permissions = createPermissions({
		door: job.permissions,
		fence,
		toolCall: (call) => toolCalls.seen(call),
		isOwnTool: (call) => isOwnTool(call, job.tools),
		hide: jobSecretFilter(job, ports.keys),
		tell,
	});
	// A terminal runs anything: where every command is to be denied there are none.
	const terminals = job.permissions.mayRunCommands
		? createTerminals({
				processes: ports.processes,
				fence,
				worktree: job.worktree,
				environment,
				refuse: (command) => permissions.refuseCommand(command),
				tell,
			})
		: undefined;
	const isMissingEmpty = () =>
		presetOf(job.agent, textAt(objectAt(state.initialized, 'agentInfo'), 'name'))?.quirks.readsMissingAsEmpty ===
		true;
	const files = createClientFiles({
		fence,
		isMissingEmpty,
		refuse: (kind, path) => permissions.refuseFile(kind, path),
	});
	return {
		updates,
		toolCalls,
		permissions,
		services: createServices({ files, permissions, terminals, fence, sessionId: () => state.sessionId, tell }),
		get hasActed() {
			return hasActed;
		},
		get isUsingTool() {
			return toolCalls.hasOpen;
		},
		settle: async () => outside?.idle(),
		onUpdate(parameters) {
			const update = objectAt(parameters, 'update');
			const sessionId = textAt(parameters, 'sessionId');
			// Until session/new is answered our id is not known; afterwards other sessions are not ours to log.
			if (update !== undefined && !state.isReplaying && (state.sessionId ?? sessionId) === sessionId) {
				updates.read(update);
			}
		},
	};
}
