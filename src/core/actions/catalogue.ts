// Owns the one list of everything that can be done. A new action is a line here and shows up at every door.

import type { DefinedAction } from './action.ts';
import { agentActions } from './agentActions.ts';
import { budgetActions } from './budgetActions.ts';
import { checkpointActions } from './checkpointActions.ts';
import { evidenceActions } from './evidenceActions.ts';
import { landingActions } from './landingActions.ts';
import { listActions } from './listActions.ts';
import { personActions } from './personActions.ts';
import { policyActions } from './policyActions.ts';
import { questionActions } from './questionActions.ts';
import { reviewActions } from './reviewActions.ts';
import { runActions } from './runActions.ts';
import { searchActions } from './searchActions.ts';
import { statsActions } from './statsActions.ts';
import { steeringActions } from './steeringActions.ts';
import { swarmModeActions } from './swarmModeActions.ts';
import { swarmActions } from './swarmActions.ts';
import { taskActions } from './taskActions.ts';
import { taskMoveActions } from './taskMoveActions.ts';
import { taskHistoryActions } from './taskHistoryActions.ts';
import { taskOrderActions } from './taskOrderActions.ts';
import { taskSplitActions } from './taskSplitActions.ts';
import { workActions } from './workActions.ts';
import { workspaceActions } from './workspaceActions.ts';
import { worktreeActions } from './worktreeActions.ts';

export const catalogue: readonly DefinedAction[] = [
	...workspaceActions,
	...taskActions,
	...taskMoveActions,
	...runActions,
	...swarmActions,
	...swarmModeActions,
	...statsActions,
	...taskOrderActions,
	...taskSplitActions,
	...taskHistoryActions,
	...listActions,
	...searchActions,
	...policyActions,
	...questionActions,
	...agentActions,
	...worktreeActions,
	...checkpointActions,
	...budgetActions,
	...workActions,
	...landingActions,
	...evidenceActions,
	...reviewActions,
	...steeringActions,
	...personActions,
];

const byId = new Map(catalogue.map((action) => [action.id, action]));

export function findAction(id: string): DefinedAction | undefined {
	return byId.get(id);
}
