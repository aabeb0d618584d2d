// Owns a person who steers an agent in tests of drivers.

import type { NextTurn, SteeringDoor } from '../../src/core/driver/driver.ts';

/** A person who says these things, one for each time the agent can be told something, and may cut its turn short. */
export function steeredBy(said: (NextTurn | undefined)[]): {
	readonly steering: SteeringDoor;
	readonly cut: () => void;
} {
	let cut: () => void = () => undefined;
	const steering: SteeringDoor = {
		onCut(listener) {
			cut = listener;
			return { dispose: () => undefined };
		},
		next: () => Promise.resolve(said.shift()),
	};
	return { steering, cut: () => cut() };
}
