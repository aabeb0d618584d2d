// Checks until when an agent is left alone, and that it is then tried again by itself.

import assert from 'node:assert/strict';
import { HeldAgents } from '../../../../src/core/loop/heldAgents.ts';
import { failureRule } from '../../../../src/core/recovery/failureRule.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';
import { buildAgent } from '../../../support/swarmBuilders.ts';

const now = Date.parse('2026-11-27T13:00:00.000Z');
const three = Date.parse('2026-11-27T15:00:00.000Z');
const agent = buildAgent('Agent-1', { driver: 'acp' });
const failure = (reason: string, code = 'agent.rateLimited') => ({
	rule: failureRule({ code, isTransient: true }),
	code,
	reason,
});
const held = (agents: HeldAgents, at: number) => {
	agents.review([agent], defaultSettings, new Map(), at);
	return agents.reasons.get('Agent-1');
};

describe('agents that are left alone', () => {
	it('wait until their service said it answers again, say so, and are tried again then', () => {
		const agents = new HeldAgents(() => 0);
		agents.noteEnd(agent, failure('limit reached, resets at 3pm (UTC)'), defaultSettings, now);
		assert.match(
			held(agents, three - 1) ?? '',
			/^Agent-1 is left alone until 2026-11-27T15:00:00\.000Z, when its service said it answers again: its model/u,
		);
		assert.equal(held(agents, three), undefined);
	});

	it('do not all come back in the same moment, and none before it is time', () => {
		const agents = new HeldAgents(() => 0.9);
		agents.noteEnd(agent, failure('Retry-After: 7200'), defaultSettings, now);
		assert.ok(held(agents, three + 8_000) !== undefined);
		assert.equal(held(agents, three + 10_000), undefined);
	});

	it('wait as long as usual where no time is said, or the failure is of another kind', () => {
		for (const [told, least] of [
			[failure('Too many requests'), 30_000],
			[failure('it crashed; resets at 3pm (UTC)', 'agent.exited'), 1000],
		] as const) {
			const agents = new HeldAgents(() => 0);
			agents.noteEnd(agent, told, defaultSettings, now);
			assert.ok(held(agents, now + least - 1) !== undefined);
			assert.equal(held(agents, now + least), undefined);
		}
	});

	it('with all of their driver wait no longer when the clock is set back meanwhile', () => {
		const agents = new HeldAgents(() => 0);
		const all = ['Agent-1', 'Agent-2', 'Agent-3'].map((id) => buildAgent(id, { driver: 'acp' }));
		for (const each of all) {
			agents.noteEnd(each, failure('exited', 'agent.exited'), defaultSettings, now);
		}
		const waiting = (at: number) => {
			agents.review([...all, buildAgent('Agent-4', { driver: 'acp' })], defaultSettings, new Map(), at);
			return agents.reasons.has('Agent-4');
		};
		assert.deepEqual([waiting(now + 1), waiting(now - 3_600_000)], [true, false]);
	});

	it('wait until that time under the next host as well', () => {
		const agents = new HeldAgents(() => 0);
		const end = { agentId: 'Agent-1', at: now, failure: failure('try again in 2h') };
		agents.remember([end], [agent], defaultSettings, now + 60_000);
		assert.ok(held(agents, three - 1) !== undefined);
		assert.equal(held(agents, three), undefined);
	});
});
