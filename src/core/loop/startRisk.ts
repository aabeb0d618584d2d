// Owns whether the swarm asks a person before a task begins, and why. What counts as risky is what nobody would notice in time: work
// without a check, work that may go anywhere, and what somebody marked.

import type { GateSettings } from '../gate/gatePlan.ts';
import { planGates } from '../gate/gatePlan.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';

/** Why a person is asked before this task begins, as a phrase; undefined when nobody is. */
export function whyAsked(settings: GateSettings & Pick<Settings, 'autonomy'>, task: Task): string | undefined {
	switch (settings.autonomy) {
		case 'ask':
			return 'dreamos.autonomy is ask';
		case 'askForRisky': {
			const risk = startRisk(task, settings);
			return risk === undefined ? undefined : `risky: ${risk} (dreamos.autonomy)`;
		}
		case 'runWithinBudget':
			return undefined;
	}
}

/** What is risky about a task, as a phrase; undefined when nothing is. */
function startRisk(task: Task, settings: GateSettings): string | undefined {
	const { tags, touches } = task;
	const { commands, review } = planGates(task, settings);
	if (tags.some((tag) => tag.toLowerCase() === 'risky')) {
		return 'it is tagged risky';
	}
	if (commands.length === 0 && review === 'none') {
		return 'no check proves its work';
	}
	if (touches.length === 0) {
		return 'it does not say what it touches';
	}
	const far = touches.find((glob) => isFar(glob.trim().replaceAll('\\', '/')));
	return far === undefined ? undefined : `it touches ${far}`;
}

/** Everything, what lies outside of the folder, or what rules and automation live in. */
const isFar = (glob: string): boolean =>
	/^(?:\.\/)?\*\*?(?:\/\*\*?)*$/u.test(glob) ||
	/^(?:[/~!]|[a-z]:)/iu.test(glob) ||
	glob.split('/').includes('..') ||
	/^(?:\.\/)?\.(?:dreamos|github|git|vscode|cursor)(?:\/|$)/iu.test(glob);
