// Checks finding, adding and trying agents through the door everybody uses, on programs that are really started.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { Agent } from '../../../src/core/agent/agent.ts';
import type { AgentCheck } from '../../../src/core/agent/agentCheck.ts';
import type { FoundPreset } from '../../../src/core/agent/lookForPresets.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { scripted } from '../../support/driverJobs.ts';
import { ModelWindow } from '../../support/modelWindow.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };

describe('agents', () => {
	const folders = useTemporaryFolders();
	const path = process.env['PATH'];
	let folder: string;
	let programs: string;
	let workspace: OpenWorkspace;
	beforeEach(async () => {
		folder = folders.make();
		programs = join(folders.make(), 'bin');
		mkdirSync(programs);
		workspace = await openTerminalWorkspace(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
	});
	afterEach(async () => {
		process.env['PATH'] = path;
		await workspace.close();
	});

	const perform = async <Answer>(id: string, input: object = {}) =>
		(await workspace.dream.perform(id, input, ann)) as Answer;
	const refused = (code: string, words: RegExp) => (error: unknown) => {
		assert.ok(isDreamError(error, code as `${string}.${string}`), String(error));
		assert.match(error.fullMessage, words);
		return true;
	};
	/** A program of that name that prints this and ends. */
	const program = (name: string, prints: string) => {
		const file = join(programs, name);
		writeFileSync(file, `#!/bin/sh\necho '${prints}'\n`);
		chmodSync(file, 0o755);
		// Nothing of this machine is found beside it.
		process.env['PATH'] = `${programs}:/bin:/usr/bin`;
	};
	const fileOfAgents = () => readFileSync(join(folder, 'runtime/agents.json'), 'utf8');

	describe('that are known', () => {
		it('are found with their version, or with the command that brings them', async () => {
			program('opencode', 'opencode v1.18.33 (linux)');
			program('kimi', '2.1.0');
			program('node', 'v20.20.2');
			program('goose', 'no number here');
			const found = new Map((await perform<FoundPreset[]>('agent.presets')).map((preset) => [preset.id, preset]));
			assert.deepEqual(
				[found.get('opencode')?.version, found.get('opencode')?.path, found.get('opencode')?.problem],
				['1.18.33', join(programs, 'opencode'), null],
			);
			assert.deepEqual([found.get('goose')?.version, found.get('goose')?.problem], [null, null]);
			assert.match(found.get('kimi')?.problem ?? '', /needs Node 22\.19\.0 or newer; .* is 20\.20\.2/u);
			assert.equal(
				found.get('cline')?.problem,
				'cline is not on the PATH. Install it with: npm install --global cline',
			);
		});

		it('are not found where a file of that name is no program', async () => {
			program('opencode', '1');
			chmodSync(join(programs, 'opencode'), 0o644);
			mkdirSync(join(programs, 'kimi'));
			const found = await perform<FoundPreset[]>('agent.presets');
			assert.deepEqual(
				found.filter(({ id }) => id === 'opencode' || id === 'kimi').map((preset) => preset.path),
				[null, null],
			);
		});

		it('are added to agents.json by their name, each with an id of its own', async () => {
			const first = await perform<{ agent: Agent; problem: string | null }>('agent.add', { preset: 'gemini' });
			const second = await perform<{ agent: Agent }>('agent.add', {
				preset: 'gemini',
				mode: 'plan',
				model: 'pro',
			});
			assert.deepEqual([first.agent.id, second.agent.id], ['gemini', 'gemini-2']);
			await workspace.flushBoards();
			const written = JSON.parse(fileOfAgents()) as Agent[];
			const entry = written.find(({ id }) => id === 'gemini-2');
			assert.deepEqual(
				[entry?.driver, entry?.command, entry?.preset, entry?.mode, entry?.model],
				['acp', ['gemini', '--acp'], 'gemini', 'plan', 'pro'],
			);
		});
	});

	describe('that are added', () => {
		it('may be any program, as one text or word by word', async () => {
			const one = await perform<{ agent: Agent }>('agent.add', {
				command: ['"/opt/my agent/run.js" --acp \'a b\''],
			});
			assert.deepEqual([one.agent.id, one.agent.command], ['run', ['/opt/my agent/run.js', '--acp', 'a b']]);
			const two = await perform<{ agent: Agent }>('agent.add', { command: ['a b', '--x y'], id: 'Mine' });
			assert.deepEqual([two.agent.id, two.agent.command], ['Mine', ['a b', '--x y']]);
		});

		it('are refused with what is wrong, and nothing is written', async () => {
			const before = fileOfAgents();
			await assert.rejects(
				perform('agent.add', { preset: 'clippy' }),
				refused('agent.unknownPreset', /no known agent "clippy"\. Known are: claude, codex, gemini/u),
			);
			await assert.rejects(perform('agent.add'), refused('action.badInput', /needs a preset or a command/u));
			await assert.rejects(
				perform('agent.add', { command: [' '] }),
				refused('action.badInput', /needs a preset/u),
			);
			await assert.rejects(
				perform('agent.add', { preset: 'codex', id: 'Agent-1' }),
				refused('agent.exists', /There is an agent Agent-1 already/u),
			);
			await assert.rejects(
				perform('agent.add', { preset: 'codex', id: '../x' }),
				refused('agent.badEntry', /id must start with a letter/u),
			);
			await workspace.flushBoards();
			assert.equal(fileOfAgents(), before);
		});

		it('by an agent are refused: it would start programs', async () => {
			await assert.rejects(
				workspace.dream.perform('agent.add', { preset: 'codex' }, { kind: 'agent', id: 'Agent-1' }),
				refused('action.forbidden', /is for people/u),
			);
		});
	});

	describe('that are checked', () => {
		const add = async (script: Script) => {
			const { command, env } = scripted(script);
			await workspace.ledger()?.write(ann, async (transaction) => {
				const [seed] = await transaction.agents();
				assert.ok(seed !== undefined);
				await transaction.putAgent({
					...seed,
					id: 'tried',
					driver: 'acp',
					command: [...(command ?? [])],
					env: { ...env },
				});
			});
		};
		/** Whether it is contained depends on the machine. */
		const verdicts = ({ steps }: AgentCheck) =>
			steps.filter(({ step }) => step !== 'containment').map(({ step, verdict }) => `${step} ${verdict}`);
		const check = (input: object = {}) => perform<AgentCheck>('agent.check', { agent_id: 'tried', ...input });
		const asking = {
			do: 'ask',
			title: 'write',
			paths: ['dreamos-check.txt'],
			allowed: [{ do: 'write', path: 'dreamos-check.txt', content: 'ok' }],
		} as const;

		it('tell what works, leave nothing behind, and the result stays on their row', async () => {
			await add({
				resume: 'load',
				initialize: {
					answer: { agentCapabilities: { loadSession: true, mcpCapabilities: { http: true, sse: true } } },
				},
				turn: [asking, { do: 'usage', used: 10, size: 100 }, { do: 'wait', milliseconds: 2_500 }],
			});
			const result = await check();
			assert.deepEqual(verdicts(result), [
				'start passed',
				'initialize passed',
				'session passed',
				'permission passed',
				'cancel passed',
				'resume passed',
				'usage passed',
				'mcp passed',
			]);
			assert.deepEqual([result.is_usable, result.agent], [true, 'Scripted Agent 1']);
			const listed = await perform<{ id: string; check: AgentCheck | null }[]>('agent.list');
			assert.deepEqual(listed.find(({ id }) => id === 'tried')?.check?.steps, result.steps);
			const [containment] = result.steps;
			assert.equal(containment?.step, 'containment');
			assert.match(containment.text, containment.verdict === 'passed' ? /^contained by/u : /^not contained: /u);
			assert.equal(fileOfAgents().includes('is_usable'), false);
			assert.deepEqual(
				readdirSync(tmpdir()).filter((name) => name.startsWith('dreamos-check-')),
				[],
			);
		});

		it('count a file that is written through us, and refused, as asked for, and no reading', async () => {
			const read = { do: 'clientRead', path: 'dreamos-check.txt' } as const;
			const write = { do: 'clientWrite', path: 'dreamos-check.txt', content: 'ok' } as const;
			for (const [turn, text] of [
				[[read, write], 'asks before it writes, and keeps to a refusal'],
				[[read], 'wrote nothing and asked for nothing'],
			] as const) {
				await add({ turn });
				const { steps } = await check();
				assert.equal(steps.find(({ step }) => step === 'permission')?.text, text);
			}
		});

		it('tell what is odd about one that never asks and cannot go on', async () => {
			await add({
				turn: [
					{ do: 'write', path: 'dreamos-check.txt', content: 'ok' },
					{ do: 'wait', milliseconds: 2_500 },
				],
			});
			const result = await check();
			assert.deepEqual(
				result.steps
					.filter(({ step, verdict }) => verdict === 'odd' && step !== 'containment')
					.map(({ step }) => step),
				['permission', 'resume', 'usage', 'mcp'],
			);
			assert.equal(result.is_usable, true);
		});

		it('tell how to log in, and try nothing that needs it', async () => {
			await add({
				initialize: {
					answer: {
						authMethods: [
							{ id: 'key', name: 'API key' },
							{ id: 'login', name: 'Log in', type: 'terminal', args: ['login'] },
						],
					},
				},
				session: { error: { code: -32000, message: 'Authentication required' } },
			});
			const result = await check();
			assert.deepEqual(
				[result.is_usable, result.login.map(({ name, command }) => [name, command?.at(-1) ?? null])],
				[
					false,
					[
						['API key', null],
						['Log in', 'login'],
					],
				],
			);
			assert.deepEqual(verdicts(result).slice(2), [
				'session failed',
				'permission skipped',
				'cancel skipped',
				'resume skipped',
				'usage skipped',
				'mcp skipped',
			]);
		});

		it('ask no model anything when that is not wanted', async () => {
			await add({ turn: [{ do: 'exit', code: 9 }] });
			const result = await check({ without_turns: true });
			assert.equal(result.is_usable, true);
			assert.deepEqual(
				result.steps.filter(({ verdict }) => verdict === 'skipped').map(({ step }) => step),
				['permission', 'cancel', 'usage'],
			);
		});

		it('are refused where there is nothing to try', async () => {
			await assert.rejects(
				perform('agent.check', { agent_id: 'nobody' }),
				refused('agent.unknown', /Agents here: Agent-1/u),
			);
			await assert.rejects(
				perform('agent.check', { agent_id: 'Agent-1' }),
				refused('agent.noCheck', /nothing to try|no steps/u),
			);
		});
	});

	describe('a model of the editor', () => {
		it('is offered where a window has one, added without a command, and says what is missing where none has', async () => {
			const editorOf = async () =>
				(await perform<FoundPreset[]>('agent.presets')).find(({ id }) => id === 'editor');
			assert.match(
				(await editorOf())?.problem ?? '',
				/No open window offers a language model\. Open this workspace/u,
			);
			const { agent, problem } = await perform<{ agent: Agent; problem: string | null }>('agent.add', {
				preset: 'editor',
				model: 'test/scripted',
			});
			assert.deepEqual(
				[agent.id, agent.driver, agent.model, agent.command],
				['editor', 'lm', 'test/scripted', undefined],
			);
			assert.match(problem ?? '', /No open window offers/u);
			const missing = async () =>
				(await perform<{ id: string; missing_model: string | null }[]>('agent.list')).find(
					({ id }) => id === 'editor',
				);
			assert.match((await missing())?.missing_model ?? '', /^no open window offers editor a language model/u);
			const unusable = await perform<AgentCheck>('agent.check', { agent_id: 'editor' });
			const start = unusable.steps.find(({ step }) => step === 'start');
			assert.match(start?.text ?? '', /^No open window offers editor a language model; open this/u);
			await assert.rejects(perform('agent.add', { preset: 'editor', command: ['x'] }), {
				code: 'action.badInput',
			});
		});

		it('is checked through the window that has it', async () => {
			const ledger = workspace.ledger();
			assert.ok(ledger !== undefined);
			await perform('agent.add', { preset: 'editor' });
			const window = await ModelWindow.open(ledger, () => ({
				call: [['write_file', { path: 'dreamos-check.txt', content: 'ok' }]],
			}));
			try {
				const models = (await perform<FoundPreset[]>('agent.presets')).find(
					({ id }) => id === 'editor',
				)?.models;
				assert.deepEqual(models, [{ model: 'test/scripted-1', name: 'Scripted' }]);
				const found = await perform<AgentCheck>('agent.check', { agent_id: 'editor' });
				assert.equal(found.is_usable, true, JSON.stringify(found));
			} finally {
				await window.close();
			}
		});
	});
});
