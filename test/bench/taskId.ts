// Owns the ids of the tasks that are measured: here by itself, so that a program which needs no more starts soon.

export const taskId = (index: number): string => `task-${String(index).padStart(5, '0')}`;
