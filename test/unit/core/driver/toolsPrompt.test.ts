// Checks that an agent is told of its tools under the names it will see, as measured, and of commands where it takes no tools.

import assert from 'node:assert/strict';
import { takesNoServer } from '../../../../src/core/driver/agentTools.ts';
import type { JobTools } from '../../../../src/core/driver/jobTools.ts';
import { toolsPrompt } from '../../../../src/core/driver/toolsPrompt.ts';

const tools: JobTools = {
	name: 'dreamos',
	toolNames: ['run_finish'],
	http: { url: 'http://127.0.0.1:1/mcp', headers: { Authorization: 'Bearer secret' } },
	stdio: { command: 'node', arguments: [], environment: { TOKEN: 'secret' } },
	commandLine: 'node "/dist/cli.cjs"',
	environment: {},
	direct: { tools: [], call: () => Promise.resolve({ text: '', isError: false }) },
	connected: Promise.resolve(),
	redact: (text: string) => text,
	noteMissing: () => undefined,
};
const told = (name: string, command: readonly string[] = []) => toolsPrompt(tools, { name, command }, 'server');

describe('what an agent is told of its tools', () => {
	for (const [name, shown] of [
		['opencode', 'dreamos_run_finish'],
		['kilo', 'dreamos_run_finish'],
		['gemini-cli', 'mcp_dreamos_run_finish'],
		['@agentclientprotocol/claude-agent-acp', 'mcp__dreamos__run_finish'],
		['kimi-code', 'mcp__dreamos__run_finish'],
		['qwen-code', 'mcp__dreamos__run_finish'],
		['copilot', 'dreamos-run_finish'],
		['codex-acp', 'run_finish (namespace mcp__dreamos)'],
	] as const) {
		it(`${name} sees ${shown}`, () => {
			assert.ok(told(name).includes(`- ${shown}: `), told(name));
			assert.equal(told(name).includes('/dist/cli.cjs'), false);
		});
	}

	it('goes by the command where the agent does not say who it is, and by its name where it does', () => {
		assert.match(told('', ['npx', '@google/gemini-cli@0.61.0', '--acp']), /- mcp_dreamos_run_ask: /u);
		assert.match(told('opencode', ['/opt/claude/bin/agent']), /- dreamos_run_ask: /u);
	});

	it('says how tools are found where they are hidden at first', () => {
		assert.match(told('claude'), /look them up \(ToolSearch\)/u);
		assert.match(told('codex'), /look them up \(tool_search\)/u);
		assert.match(told('qwen'), /look them up \(tool_search, then tool_call\)/u);
		assert.doesNotMatch(told('kimi'), /look them up/u);
	});

	it('tells an agent nobody knows in neutral words, with the commands beside', () => {
		const text = told('acme', ['/usr/bin/acme-agent', 'acp']);
		assert.match(text, /^- run_finish: /mu);
		assert.match(text, /may put the server's name before theirs/u);
		assert.match(text, /node "\/dist\/cli\.cjs" task show/u);
	});

	it('tells agents that take no server the commands', () => {
		assert.deepEqual(
			['cline', 'pi-acp', 'pi', 'opencode', 'copilot', 'raspi', 'api-agent'].map((name) =>
				takesNoServer({ name, command: [] }),
			),
			[true, true, true, false, false, false, false],
		);
		assert.ok(takesNoServer({ name: '', command: ['npx', 'pi-acp@0.0.34'] }));
		const text = toolsPrompt(tools, { name: 'cline', command: [] }, 'command');
		assert.match(text, /^- node "\/dist\/cli\.cjs" run finish "SUMMARY": /mu);
	});

	it('never holds the secret', () => {
		assert.doesNotMatch(told('acme') + toolsPrompt(tools, { name: 'pi', command: [] }, 'command'), /secret/u);
	});
});
