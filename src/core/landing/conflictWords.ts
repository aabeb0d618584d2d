// Owns how a conflict is told: each a phrase that follows the path. What stands in the way of a change that lands stands in the way of
// one that is taken back, but it reads otherwise.

export interface ConflictWords {
	readonly deletedAndRenamedHere: (to: string) => string;
	readonly deletedAndChangedHere: string;
	readonly createdDifferentlyHere: string;
	readonly editedAndDeletedHere: string;
	readonly renamedAndDeletedHere: (to: string) => string;
	readonly renamedAndObstructed: (to: string, obstacle: string) => string;
	readonly renamedToExisting: (from: string) => string;
}

export const landingWords: ConflictWords = {
	deletedAndRenamedHere: (to) => `was deleted by the agent and renamed here to ${to}`,
	deletedAndChangedHere: 'was deleted by the agent and changed here',
	createdDifferentlyHere: 'was created by the agent and, differently, here',
	editedAndDeletedHere: 'was edited by the agent and deleted here',
	renamedAndDeletedHere: (to) => `was renamed by the agent to ${to} and deleted here`,
	renamedAndObstructed: (to, obstacle) => `was renamed by the agent to ${to} and ${obstacle}`,
	renamedToExisting: (from) => `exists here; the agent renamed ${from} to it`,
};

/** For taking back what landed: what the change created is to go, what it deleted is to come back. */
export const revertWords: ConflictWords = {
	deletedAndRenamedHere: (to) => `came with the change and was renamed since to ${to}`,
	deletedAndChangedHere: 'came with the change and was changed since',
	createdDifferentlyHere: 'was deleted by the change, and another file is there now',
	editedAndDeletedHere: 'was edited by the change and deleted since',
	renamedAndDeletedHere: (to) => `was renamed by the change from ${to} and deleted since`,
	renamedAndObstructed: (to, obstacle) => `was renamed by the change from ${to} and ${obstacle}`,
	renamedToExisting: (from) => `exists again; the change renamed it to ${from}`,
};
