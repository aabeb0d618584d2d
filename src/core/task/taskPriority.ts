// Owns the words for how soon a task is wanted, the most urgent first.

export const taskPriorities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
export type TaskPriority = (typeof taskPriorities)[number];
