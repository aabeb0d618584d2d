// Checks that agents may use our tools without asking anybody, and that nothing else passes for one.

import { strict as assert } from 'node:assert';
import type { JobTools } from '../../../../src/core/driver/jobTools.ts';
import { createPermissions } from '../../../../src/drivers/acp/acpPermissions.ts';
import { permissionDoor } from '../../../support/permissionDoors.ts';
import { isOwnTool } from '../../../../src/drivers/acp/ownTools.ts';
import { createWorktreeFence } from '../../../../src/drivers/worktreeFence.ts';

const tools: JobTools = {
	name: 'dreamos',
	toolNames: ['run_report', 'run_finish'],
	http: { url: '', headers: {} },
	stdio: { command: '', arguments: [], environment: {} },
	commandLine: '',
	environment: {},
	direct: { tools: [], call: () => Promise.resolve({ text: '', isError: false }) },
	connected: Promise.resolve(),
	redact: (text: string) => text,
	noteMissing: () => undefined,
};

describe('a tool of ours', () => {
	it('is known by every form in which agents name it', () => {
		for (const title of [
			'mcp__dreamos__run_report',
			'dreamos_run_finish',
			'dreamos-run_finish',
			'mcp_dreamos_run_report',
			'run_report (dreamos MCP Server)',
		]) {
			assert.ok(isOwnTool({ title, kind: 'other', rawInput: { text: 'see /etc/passwd' } }, tools), title);
			assert.ok(isOwnTool({ title }, tools), title);
		}
	});

	it('is not what only looks like one', () => {
		const title = 'mcp__dreamos__run_report';
		for (const call of [
			{ title: `${title}; rm -rf ~` },
			{ title: ` ${title}` },
			{ title: 'run_report' },
			{ title: 'mcp__other__run_report' },
			{ title: 'mcp__dreamos__task_cancel' },
			{ title, kind: 'execute' },
			{ title, kind: 'edit' },
			{ title, rawInput: { command: 'rm -rf ~' } },
			{ title, locations: [{ path: '/etc/passwd' }] },
			{ title, content: [{ type: 'diff', path: '/etc/passwd' }] },
			{},
		]) {
			assert.equal(isOwnTool(call, tools), false, JSON.stringify(call));
		}
		assert.equal(isOwnTool({ title }, undefined), false);
	});

	it('is allowed once, whatever the setting says, and that is told', async () => {
		const told: string[] = [];
		const permissions = createPermissions({
			hide: (text) => text,
			door: permissionDoor({ setting: 'deny' }),
			fence: createWorktreeFence('/w'),
			toolCall: (call) => call,
			isOwnTool: (call) => isOwnTool(call, tools),
			tell: ({ text }) => told.push(text),
		});
		const options = [
			{ optionId: 'always', name: 'a', kind: 'allow_always' },
			{ optionId: 'once', name: 'o', kind: 'allow_once' },
			{ optionId: 'no', name: 'n', kind: 'reject_once' },
		];
		const ask = (title: string) => permissions.answer({ toolCall: { toolCallId: '1', title }, options });
		assert.deepEqual(await ask('dreamos_run_finish'), { outcome: { outcome: 'selected', optionId: 'once' } });
		assert.deepEqual(await ask('write'), { outcome: { outcome: 'selected', optionId: 'no' } });
		assert.equal(told[0], 'Allowed: dreamos_run_finish (it is a tool of Dream.OS)');
	});
});
