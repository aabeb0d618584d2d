// Owns how little memory a host takes: what its runtime is told when it starts, and what of that its children must not inherit.

/** A host mostly waits: a small young generation halves its memory at 10,000 tasks and costs nothing that can be measured. */
export const memoryFlags = ['--max-semi-space-size=2'];

/**
 * Bytes from which glibc takes a block from the system and gives it back at once. Left alone it raises both to the largest block that
 * was ever freed; a board of megabytes is one, and the host keeps the room of two of them for ever. Other systems ignore the names.
 */
const allocator: Readonly<Record<string, string>> = {
	MALLOC_MMAP_THRESHOLD_: '262144',
	MALLOC_TRIM_THRESHOLD_: '262144',
};

/** What is added to the environment of a host that is started; what the person has set stays. */
export function memoryEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
	return Object.fromEntries(Object.entries(allocator).filter(([name]) => own[name] === undefined));
}

/** Takes what was added out of the host's environment: the allocator has read it, and agents are not to be tuned by us. */
export function dropMemoryEnvironment(environment: NodeJS.ProcessEnv): void {
	for (const [name, value] of Object.entries(allocator)) {
		if (environment[name] === value) {
			delete environment[name];
		}
	}
}
