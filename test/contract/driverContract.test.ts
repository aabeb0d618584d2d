// Owns running the contract over every driver there is.

import { strict as assert } from 'node:assert';
import { createAcpDriver } from '../../src/drivers/acp/acpDriver.ts';
import { createCommandDriver } from '../../src/drivers/command/commandDriver.ts';
import { createDrivers } from '../../src/drivers/drivers.ts';
import { createLmDriver } from '../../src/drivers/lm/lmDriver.ts';
import { DreamError } from '../../src/base/errors.ts';
import type { JobParts } from '../support/driverJobs.ts';
import { realDriverPorts, scripted } from '../support/driverJobs.ts';
import type { LanguageModelScript } from '../support/scriptedLanguageModel.ts';
import { ScriptedLanguageModel, inOrder, messageText } from '../support/scriptedLanguageModel.ts';
import { driverContract } from './driverContract.ts';

const node = JSON.stringify(process.execPath);
const variables = ['TASK_ID', 'RUN_ID', 'AGENT_ID', 'ATTEMPT', 'WORKTREE'].map((name) => `DREAMOS_${name}`);
/** A shell step that runs JavaScript; the shell's own quoting stays out of the way. */
const javascript = (text: string) => `${node} -e ${JSON.stringify(text)}`;

driverContract('The command driver', createCommandDriver, {
	write: (file, words): JobParts => ({
		run: [
			`echo ${words}`,
			javascript(
				`fs.mkdirSync(require('path').dirname('${file}'), { recursive: true }); fs.writeFileSync('${file}', '${words}')`,
			),
		],
	}),
	hang: () => ({
		run: [
			javascript(
				`process.on('SIGTERM', () => 0); require('child_process').spawn(process.execPath, ['-e', 'process.on(String.fromCharCode(83,73,71,84,69,82,77), () => 0); setTimeout(() => 0, 600000)']); console.log('ready'); setTimeout(() => 0, 600000)`,
			),
		],
	}),
	leaveChild: () => ({
		run: [
			javascript(
				`require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600000)'], { detached: true, stdio: 'ignore' }).unref()`,
			),
		],
	}),
	environment: () => ({ run: ['env'] }),
	flood: (megabytes) => ({
		run: [
			javascript(`for (let i = 0; i < ${megabytes * 16}; i++) fs.writeSync(1, 'flood '.repeat(10900) + '\\n')`),
		],
	}),
	fail: () => ({
		parts: { run: ['true', 'echo going wrong; exit 3', 'echo never'] },
		code: 'command.exit',
		reason: /^Step 2 of 3 \(echo going wrong; exit 3\) ended with exit code 3\. Its output ended with:\ngoing wrong$/u,
	}),
	missing: () => ({
		parts: { run: ['no-such-program --now'] },
		code: 'command.exit',
		reason: /^Step 1 of 1 \(no-such-program --now\) ended with exit code 127\. .*\n.*no-such-program/u,
	}),
	timeoutCode: 'command.timeout',
});

driverContract('The acp driver', (ports) => createAcpDriver(ports), {
	write: (file, words) => scripted({}, { prompt: `SAY ${words}\nWRITE ${file}: ${words}` }),
	hang: () =>
		scripted({
			turn: [{ do: 'child' }, { do: 'say', text: 'ready\n' }, { do: 'hang' }],
			cancel: 'ignore',
			ignoresTerm: true,
			ignoresEnd: true,
		}),
	leaveChild: () =>
		scripted({
			turn: [
				{ do: 'child', isDetached: true },
				{ do: 'say', text: 'done' },
			],
		}),
	environment: () => scripted({ turn: [{ do: 'environment', names: variables }] }),
	flood: (megabytes) => scripted({ turn: [{ do: 'flood', megabytes }] }),
	fail: () => ({
		parts: scripted({
			turn: [
				{ do: 'say', text: 'working\n' },
				{ do: 'exit', code: 7, words: 'out of luck' },
			],
		}),
		code: 'agent.exited',
		reason: /^Agent-1 \(.*\) ended with exit code 7 while working\. If it happens again, .* Its last words:\nout of luck$/u,
	}),
	missing: () => ({
		parts: { command: ['no-such-agent', 'acp'] },
		code: 'agent.notFound',
		reason: /no-such-agent.*"command" of Agent-1 in runtime\/agents\.json/u,
	}),
	timeoutCode: 'agent.timeout',
});

/** A job whose model answers by this script; the job carries its name in its prompt. */
const modelScripts: LanguageModelScript[] = [];
function withModel(script: LanguageModelScript, parts: JobParts = {}): JobParts {
	return { ...parts, prompt: `script ${modelScripts.push(script) - 1}.`, entry: { driver: 'lm' } };
}
const scriptedModels = () =>
	new ScriptedLanguageModel((messages, request) => {
		const [, number] = /^script (\d+)\./u.exec(messages[0] === undefined ? '' : messageText(messages[0])) ?? [];
		return modelScripts[Number(number)]?.(messages, request) ?? { say: 'Nothing to do.' };
	});
const command = (line: string) => ({ call: [['run_command', { command: line }] as const] });

driverContract('The lm driver', (ports) => createLmDriver({ ...ports, languageModels: scriptedModels() }), {
	write: (file, words) =>
		withModel(
			inOrder(
				{ say: words, call: [['write_file', { path: file, content: words }]] },
				command(javascript(`console.log(fs.statSync('${file}').size)`)),
				{ say: 'Written.' },
			),
		),
	hang: () =>
		withModel(
			inOrder(
				command(
					javascript(
						`process.on('SIGTERM', () => 0); require('child_process').spawn(process.execPath, ['-e', 'process.on(String.fromCharCode(83,73,71,84,69,82,77), () => 0); setTimeout(() => 0, 600000)']); console.log('ready'); setTimeout(() => 0, 600000)`,
					),
				),
			),
		),
	leaveChild: () =>
		withModel(
			inOrder(
				command(
					javascript(
						`require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600000)'], { detached: true, stdio: 'ignore' }).unref()`,
					),
				),
				{ say: 'done' },
			),
		),
	environment: () => withModel(inOrder(command('env'), { say: 'done' })),
	flood: (megabytes) =>
		withModel(
			inOrder(
				command(
					javascript(
						`for (let i = 0; i < ${megabytes * 16}; i++) fs.writeSync(1, 'flood '.repeat(10900) + '\\n')`,
					),
				),
				{ say: 'done' },
			),
		),
	fail: () => ({
		parts: withModel(
			inOrder(command('true'), {
				fail: new DreamError('model.refused', 'The model does not answer this.', {
					advice: 'Ask it in other words.',
				}),
			}),
		),
		code: 'model.refused',
		reason: /^The model does not answer this\. Ask it in other words\.$/u,
	}),
	missing: () => ({
		parts: withModel(
			inOrder({
				fail: new DreamError('model.notFound', 'There is no model test/none in this editor.', {
					advice: 'Correct "model" of Agent-1 in runtime/agents.json.',
				}),
			}),
		),
		code: 'model.notFound',
		reason: /test\/none.*"model" of Agent-1 in runtime\/agents\.json/u,
	}),
	timeoutCode: 'agent.timeout',
});

describe('The list of drivers', () => {
	it('has every driver that is not a person, under its id', () => {
		const drivers = createDrivers(realDriverPorts());
		assert.deepEqual([...drivers.keys()], ['command', 'acp', 'lm']);
		assert.ok([...drivers].every(([id, driver]) => driver.id === id && driver.title !== ''));
	});
});
