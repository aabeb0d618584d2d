// Owns that the first process of a kind starts alone, for agents that break each other when several set themselves up at once.

export interface FirstStarts {
	/** Resolves when one may start; what it resolves to is called once that one is up, or is not. */
	enter(kind: string): Promise<(isUp: boolean) => void>;
}

export function createFirstStarts(): FirstStarts {
	const up = new Set<string>();
	const starting = new Map<string, Promise<void>>();
	return {
		async enter(kind) {
			for (let other = starting.get(kind); other !== undefined && !up.has(kind); other = starting.get(kind)) {
				await other;
			}
			if (up.has(kind)) {
				return () => undefined;
			}
			let done: () => void = () => undefined;
			starting.set(
				kind,
				new Promise((resolve) => {
					done = resolve;
				}),
			);
			return (isUp) => {
				if (isUp) {
					up.add(kind);
				}
				starting.delete(kind);
				done();
			};
		},
	};
}
