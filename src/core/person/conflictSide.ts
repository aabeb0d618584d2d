// Owns the names of the sides of a conflict that a person can take as a whole.

/** `agent`: what the agent made. `yours`: what was open when the work on the conflict began. */
export const conflictSides = ['agent', 'yours'] as const;
export type ConflictSide = (typeof conflictSides)[number];
