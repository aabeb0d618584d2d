// Checks the data about known agents: complete, unambiguous, and right about whom it is.

import assert from 'node:assert/strict';
import { agentPresets, findPreset, presetOf } from '../../../../src/core/agent/agentPresets.ts';
import { compareVersions } from '../../../../src/core/agent/lookForPresets.ts';

describe('The known agents', () => {
	it('have an id of their own, a command and a way to get them', () => {
		const ids = agentPresets.map(({ id }) => id);
		assert.deepEqual(ids, [...new Set(ids)]);
		for (const { id, command, install, node } of agentPresets) {
			assert.match(id, /^[a-z]+$/u);
			assert.ok(command[0] !== '' && install !== '', id);
			assert.ok(node === undefined || compareVersions(node, '18.0.0') > 0, id);
		}
		for (const wanted of [
			'claude',
			'codex',
			'gemini',
			'opencode',
			'cursor',
			'copilot',
			'qwen',
			'cline',
			'goose',
			'kimi',
		]) {
			assert.ok(findPreset(wanted) !== undefined, wanted);
		}
	});

	it('are recognised by what the entry says, what the agent calls itself, and its program, in this order', () => {
		assert.equal(presetOf({ command: ['/usr/bin/gemini', '--acp'] })?.id, 'gemini');
		assert.equal(presetOf({ command: ['wrapper'] }, 'Kimi Code CLI')?.id, 'kimi');
		assert.equal(presetOf({ command: ['gemini'] }, 'opencode')?.id, 'opencode');
		assert.equal(presetOf({ preset: 'cline', command: ['gemini'] }, 'opencode')?.id, 'cline');
		assert.equal(presetOf({ preset: 'unheard-of', command: ['gemini'] }), undefined);
		assert.equal(presetOf({ command: ['/home/gemini/bin/mine'] }, 'mine'), undefined);
		// Short names are no words of others.
		assert.equal(presetOf({ command: ['pi-acp'] })?.id, 'pi');
		assert.equal(presetOf({ command: ['pilot'] }), undefined);
		for (const { id, command } of agentPresets.filter(({ id: each }) => each !== 'cursor')) {
			assert.equal(presetOf({ command: [...command] })?.id, id);
		}
	});

	it('compare versions by their figures', () => {
		assert.ok(compareVersions('v20.20.2', '22.19.0') < 0);
		assert.ok(compareVersions('22.19.0', '22.9.1') > 0);
		assert.equal(compareVersions('22.19.0-rc.1', '22.19.0'), 0);
	});
});
