// Owns whether the swarm asks a person before a task begins, and why. What counts as risky is what nobody would notice in time: work
// without a check, work that may go anywhere, steps that a rule does not simply allow, and what somebody marked.

import { displayLine } from '../../base/text.ts';
import type { GateSettings } from '../gate/gatePlan.ts';
import { planGates } from '../gate/gatePlan.ts';
import { policyPath } from '../paths.ts';
import { decidePermission } from '../policy/decidePermission.ts';
import type { PolicyReading } from '../policy/readPolicy.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';

export interface RiskFacts {
	readonly settings: GateSettings & Pick<Settings, 'autonomy'>;
	/** What agents may do when they ask; steps of a task run without asking. */
	readonly policy?: PolicyReading | undefined;
}

/** Why a person is asked before this task begins, as a phrase; undefined when nobody is. */
export function whyAsked({ settings, policy }: RiskFacts, task: Task): string | undefined {
	switch (settings.autonomy) {
		case 'ask':
			return 'dreamos.autonomy is ask';
		case 'askForRisky': {
			const risk = startRisk(task, settings) ?? ruledStep(task, policy);
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

/** The first step that a rule forbids or asks about, as a phrase. */
function ruledStep({ params }: Task, policy: PolicyReading | undefined): string | undefined {
	const steps: unknown = params.run;
	if (policy === undefined || !Array.isArray(steps) || steps.length === 0) {
		return undefined;
	}
	if (policy.doubt !== undefined) {
		return `${policyPath} cannot be read, and it has steps`;
	}
	for (const step of steps.filter((each): each is string => typeof each === 'string')) {
		const { decision, rule } = decidePermission(
			{ reading: policy, setting: 'allowInWorktree' },
			{
				agent: '',
				title: step,
				kinds: ['execute'],
				paths: [],
				commands: [step],
				isComplete: true,
				offered: [],
				isServed: false,
			},
		);
		if (rule !== undefined && decision !== 'allow') {
			return `${policyPath}, line ${rule.line}, says ${decision} to its step ${displayLine(step, 80)}`;
		}
	}
	return undefined;
}

/** Everything, what lies outside of the folder, or what rules and automation live in. */
const isFar = (glob: string): boolean =>
	/^(?:\.\/)?\*\*?(?:\/\*\*?)*$/u.test(glob) ||
	/^(?:[/~!]|[a-z]:)/iu.test(glob) ||
	glob.split('/').includes('..') ||
	/^(?:\.\/)?\.(?:dreamos|github|git|vscode|cursor)(?:\/|$)/iu.test(glob);
