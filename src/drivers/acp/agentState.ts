// Owns what is known of a running agent and its one session. Everything that serves or drives it reads this one record.

import type { Foreign } from './acpRead.ts';

/** What the agent was doing, to be read after "while". */
export type AgentPhase = 'starting' | 'opening a session' | 'working';

export interface AgentState {
	phase: AgentPhase;
	/** The answer to `initialize`; empty before it came. */
	initialized: Foreign;
	/** undefined until the session is open. */
	sessionId: string | undefined;
	/** An earlier session is being loaded: what comes now was said before. */
	isReplaying: boolean;
	/** It has no turn because of us: silence means nothing. */
	isResting: boolean;
	/** To be called at its next sign of life. */
	onHeard: (() => void) | undefined;
}

export function newAgentState(): AgentState {
	return {
		phase: 'starting',
		initialized: {},
		sessionId: undefined,
		isReplaying: false,
		isResting: false,
		onHeard: undefined,
	};
}
