// Checks the way of an agent's keys from where an editor keeps secrets to the one agent they are for.

import assert from 'node:assert/strict';
import { keyNames, keysFor } from '../../../src/core/agent/agentKeys.ts';
import { AgentSecrets } from '../../../src/editor/agentSecrets.ts';
import { handKeys, takeKeys } from '../../../src/workspace/handedKeys.ts';

describe('keys of agents', () => {
	it('are kept as one secret, changed and forgotten by name, and a damaged one counts as none', async () => {
		const stored = new Map<string, string>();
		const secrets = new AgentSecrets({
			get: async (key) => stored.get(key),
			store: async (key, value) => void stored.set(key, value),
		});
		assert.deepEqual(await secrets.read(), {});
		await secrets.keep('A_KEY', 'one');
		await secrets.keep('B_KEY', 'two');
		await secrets.keep('A_KEY', 'three');
		assert.deepEqual(await secrets.read(), { A_KEY: 'three', B_KEY: 'two' });
		await secrets.keep('A_KEY', '');
		assert.deepEqual(await secrets.read(), { B_KEY: 'two' });
		stored.set('dreamos.agentKeys', '{"B_KEY": 7');
		assert.deepEqual(await secrets.read(), {});
	});

	it('are not lost where they cannot be read just now', async () => {
		let stored = JSON.stringify({ A_KEY: 'one' });
		let isLocked = true;
		const secrets = new AgentSecrets({
			get: async () => (isLocked ? Promise.reject(new Error('locked')) : stored),
			store: async (_key, value) => void (stored = value),
		});
		assert.deepEqual(await secrets.read(), {});
		await assert.rejects(secrets.keep('B_KEY', 'two'), /locked/u);
		isLocked = false;
		await secrets.keep('B_KEY', 'two');
		assert.deepEqual(await secrets.read(), { A_KEY: 'one', B_KEY: 'two' });
	});

	it('are taken out of the environment they were handed over in', () => {
		const environment: NodeJS.ProcessEnv = { PATH: '/bin', ...handKeys({ A_KEY: 'one' }) };
		assert.deepEqual(takeKeys(environment), { A_KEY: 'one' });
		assert.deepEqual(environment, { PATH: '/bin' });
		assert.deepEqual(takeKeys(environment), {});
		assert.deepEqual(handKeys({}), {});
		assert.deepEqual(takeKeys({ DREAMOS_AGENT_KEYS: 'not JSON' }), {});
	});

	it('are for the agent whose preset or entry names them, and for no other', () => {
		const keys = { GEMINI_API_KEY: 'g', MINE: 'm', OTHER: 'o' };
		assert.deepEqual(keysFor({ preset: 'gemini' }, keys), { GEMINI_API_KEY: 'g' });
		assert.deepEqual(keysFor({ command: ['mine'], keys: ['MINE', 'toString'] }, keys), { MINE: 'm' });
		assert.deepEqual(keysFor({ command: ['mine'] }, keys), {});
		assert.deepEqual(keyNames({ preset: 'cursor', keys: ['X', 'CURSOR_API_KEY'] }), ['X', 'CURSOR_API_KEY']);
	});
});
