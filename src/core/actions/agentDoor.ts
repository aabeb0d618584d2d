// Owns what actions may ask of the machine about agents. Implemented in workspace/, where the drivers are.

import type { Agent } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
import type { FoundPreset } from '../agent/lookForPresets.ts';

export interface AgentDoor {
	/** Presets, all or one, with where the program is and which version; each one found is started once to be asked for it. */
	presets(only?: string): Promise<readonly FoundPreset[]>;
	/** Whether agents run in this way can be spoken to and stand still while they work. */
	isSteerable(driverId: string): boolean;
	/**
	 * Tries an agent in a folder that is thrown away. What fails is a step of the answer. Rejects with `agent.noCheck` for an agent
	 * whose driver has nothing to try.
	 */
	check(agent: Agent, choices: { readonly hasTurns: boolean }): Promise<AgentCheck>;
}
