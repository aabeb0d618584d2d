// Owns what a command gets when it is chosen on a row: a task, a run, an agent or a worktree. Anything else means "ask".

/** The part of a tree row (or of a message of the dashboard) that commands look at. */
export interface RowArgument {
	readonly taskId?: string;
	/** Several tasks at once. */
	readonly taskIds?: readonly string[];
	readonly runId?: string;
	readonly agentId?: string;
	readonly worktreeId?: string;
}

function field(argument: unknown, name: Exclude<keyof RowArgument, 'taskIds'>): string | undefined {
	const value: unknown = typeof argument === 'object' && argument !== null ? Reflect.get(argument, name) : undefined;
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The task a command was chosen on; undefined when it came from the palette or a key. */
export function taskOf(argument: unknown): string | undefined {
	return field(argument, 'taskId');
}

/** The tasks a command was chosen on; empty when it came from the palette or a key. */
export function tasksOf(argument: unknown): readonly string[] {
	const value: unknown =
		typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'taskIds') : undefined;
	const one = taskOf(argument);
	return Array.isArray(value)
		? value.filter((each): each is string => typeof each === 'string' && each !== '')
		: one === undefined
			? []
			: [one];
}

/** The run a command was chosen on. */
export function runOf(argument: unknown): string | undefined {
	return field(argument, 'runId');
}

/** The agent a command was chosen on. */
export function agentOf(argument: unknown): string | undefined {
	return field(argument, 'agentId');
}

/** The worktree a command was chosen on. */
export function worktreeOf(argument: unknown): string | undefined {
	return field(argument, 'worktreeId');
}
