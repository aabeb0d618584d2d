// Checks when a whole kind of agents is left alone, and when it is not.

import assert from 'node:assert/strict';
import { DriverBreakers } from '../../../../src/core/recovery/driverBreakers.ts';

describe('DriverBreakers', () => {
	const fail = (breakers: DriverBreakers, agents: string, code = 'agent.rateLimited', driver = 'acp') =>
		agents.split('').map((agent) => breakers.noteFailure(driver, agent, code));

	it('leave all agents of a driver alone once three of them failed in the same way, longer each time', () => {
		const breakers = new DriverBreakers(() => 0.5);
		const [first, second, third] = fail(breakers, 'abc');
		assert.deepEqual([first, second, third?.agents], [undefined, undefined, ['a', 'b', 'c']]);
		const later = fail(breakers, 'abababab').map((pause) => pause?.milliseconds ?? 0);
		assert.ok([third?.milliseconds ?? 0, ...later].every((pause) => pause >= 10_000 && pause <= 600_000));
		assert.ok(Math.max(...later) > 60_000, `${later.join()} grows`);
	});

	it('take one agent that fails again and again, or failures of different kinds, for no fault of the driver', () => {
		assert.ok(fail(new DriverBreakers(() => 0.5), 'aaabbb').every((pause) => pause === undefined));
		const mixed = new DriverBreakers(() => 0.5);
		const pauses = [fail(mixed, 'ab'), fail(mixed, 'c', 'agent.exited'), fail(mixed, 'd')].flat();
		assert.ok(pauses.every((pause) => pause === undefined));
	});

	it('forget what was before one of them worked, and know drivers apart', () => {
		const breakers = new DriverBreakers(() => 0.5);
		fail(breakers, 'ab');
		breakers.noteWork('acp');
		assert.ok(fail(breakers, 'cd').every((pause) => pause === undefined));
		assert.ok(fail(breakers, 'xyz', 'agent.rateLimited', 'lm').at(-1) !== undefined);
		assert.ok(fail(breakers, 'e').at(-1) !== undefined);
	});
});
