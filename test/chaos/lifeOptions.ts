// Owns what a process of a chaos run is told when it begins, and how it hears that it is to end.

/** Handed over as JSON in the first argument. */
export interface LifeOptions {
	/** Absolute path of the workspace. */
	readonly folder: string;
	/** Where its journal goes. */
	readonly journals: string;
	/** Role, number and how often it was begun: `writer-2.14`. */
	readonly name: string;
	readonly seed: number;
	/** How many tasks the run keeps alive. */
	readonly tasks: number;
}

export function readLifeOptions(): LifeOptions {
	return JSON.parse(process.argv[2] ?? '') as LifeOptions;
}

/** A signal of the end in order: asked for by the run, or because the run itself is gone. */
export function endOfLife(): AbortSignal {
	const ending = new AbortController();
	const end = () => ending.abort();
	process.once('message', end);
	process.once('disconnect', end);
	return ending.signal;
}

/** Tells the run how far it is; also that it lives. */
export function tellCount(count: number): void {
	if (process.connected) {
		process.send?.(count, () => undefined);
	}
}
