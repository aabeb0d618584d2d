// Owns the gates that need no program: that the work changed something, and nothing outside of what its task names. Pure.

import { matchesPath } from '../policy/policyPattern.ts';
import type { GateResult, Task } from '../task/task.ts';
import type { GatePlan } from './gatePlan.ts';

export interface ChangeFacts {
	readonly task: Pick<Task, 'touches'>;
	/** Paths from the top of the repository. */
	readonly files: readonly string[];
	/** Where the workspace lies in the repository; empty for its top. Globs may begin at either. */
	readonly workspacePath: string;
	/** Hidden commit of the work. */
	readonly commit: string;
}

export interface ChangeGates {
	readonly results: readonly GateResult[];
	/** Why the work is not done, as sentences. */
	readonly failure: string | undefined;
}

const mostNamed = 10;

/** Files that fit none of the task's globs; none where the task names no glob. */
export function outsideTouches({ task, files, workspacePath }: Omit<ChangeFacts, 'commit'>): string[] {
	const globs = task.touches.flatMap(spread);
	const prefix = workspacePath === '' ? '' : `${workspacePath}/`;
	const namesOf = (path: string) =>
		prefix !== '' && path.startsWith(prefix) ? [path, path.slice(prefix.length)] : [path];
	return globs.length === 0
		? []
		: files.filter((path) => !namesOf(path).some((name) => globs.some((glob) => matchesPath(glob, name, false))));
}

/** `a.{ts,js}` as two globs. */
function spread(glob: string): string[] {
	const braces = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/su.exec(glob);
	return braces === null
		? [glob]
		: (braces[2] ?? '').split(',').flatMap((part) => spread(`${braces[1] ?? ''}${part}${braces[3] ?? ''}`));
}

/** What the plan asks of the change itself. */
export function judgeChange(plan: Pick<GatePlan, 'wantsDiff' | 'wantsTouches'>, facts: ChangeFacts): ChangeGates {
	const results: GateResult[] = [];
	const failures: string[] = [];
	const judge = (kind: 'diff' | 'touches', command: string, failure: string | undefined) => {
		results.push({
			kind,
			commit: facts.commit,
			command,
			exit_code: failure === undefined ? 0 : 1,
			ending: 'checked',
			duration_ms: 0,
			output: failure ?? '',
		});
		failures.push(...(failure === undefined ? [] : [failure]));
	};
	if (plan.wantsDiff) {
		judge('diff', 'a file was changed', facts.files.length === 0 ? 'No file was changed.' : undefined);
	}
	if (plan.wantsTouches) {
		const outside = outsideTouches(facts);
		const named = outside.slice(0, mostNamed).join(', ');
		const more = outside.length > mostNamed ? ` and ${outside.length - mostNamed} more` : '';
		judge(
			'touches',
			'every changed file fits the touches of the task',
			outside.length === 0
				? undefined
				: `Changed outside of what the task names (${facts.task.touches.join(', ')}): ${named}${more}. Leave these files as they were, or ask for the task to name them.`,
		);
	}
	return { results, failure: failures.length === 0 ? undefined : failures.join('\n') };
}
