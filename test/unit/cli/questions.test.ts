// Checks permission rules and questions in a terminal: the program itself, with its words, exit codes and JSON.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { Finding } from '../../../src/core/actions/workspaceDoor.ts';
import type { BoardProblem } from '../../../src/core/board/boardProblem.ts';
import { policyPath } from '../../../src/core/paths.ts';
import { askQuestion } from '../../../src/core/question/decideQuestion.ts';
import { claimTask } from '../../../src/core/task/advanceTask.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'human', id: 'ann' };
const rules = `rules:
  - decision: deny
    command: git push *
    reason: People push.
  - decision: ask
    kind: execute
`;

describe('permission in a terminal', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();
	let folder: string;
	let workspace: OpenWorkspace;
	beforeEach(async () => {
		folder = folders.make();
		workspace = await openTerminalWorkspace(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		mkdirSync(join(folder, '.dreamos'));
		writeFileSync(join(folder, policyPath), rules);
	});
	afterEach(() => workspace.close());

	const run = (words: readonly string[], environment: Record<string, string> = {}) =>
		spawnSync(
			process.execPath,
			[join(import.meta.dirname, '../../../src/cli.ts'), ...words, '--workspace', folder],
			{
				encoding: 'utf8',
				env: { ...process.env, NODE_OPTIONS: undefined, ...environment },
			},
		);
	const explain = async (input: object) =>
		(await workspace.dream.perform('policy.explain', input, ann)) as {
			decision: string;
			why: string;
			rule: { line: number } | null;
		};

	/** A run of Agent-1 that asks to run a command. */
	const ask = async (questionId: string, command: string) => {
		const ledger = workspace.ledger();
		assert.ok(ledger !== undefined);
		await ledger.write(ann, async (transaction) => {
			const claimed = await claimTask(transaction, {
				taskId: 'A',
				worker: 'Agent-1',
				driver: 'acp',
				hostId: 'host-1',
				now: Date.now(),
			});
			await askQuestion(transaction, claimed.run, {
				questionId,
				why: `${policyPath}, line 5`,
				request: {
					agent: 'Agent-1',
					title: command,
					kinds: ['execute'],
					paths: [],
					commands: [command],
					isComplete: true,
					offered: ['allow_always', 'allow_once', 'reject_once'],
					isServed: false,
				},
			});
		});
	};

	it('explains what would be answered, with the rule and its line', () => {
		const denied = run(['policy', 'explain', '--command', 'npm test && git push origin']);
		assert.equal(denied.status, exitCodes.done, denied.stderr);
		assert.equal(
			denied.stdout,
			'deny: .dreamos/policies.yaml, line 2: People push.\n.dreamos/policies.yaml, line 2: deny command git push * (People push.)\n',
		);
		const asked = run(['policy', 'explain', '--command', 'npm test', '--json']);
		const answer = JSON.parse(asked.stdout) as { decision: string; rule: { line: number } };
		assert.deepEqual([answer.decision, answer.rule.line], ['ask', 5]);
		const listed = run(['policy', 'list']);
		assert.match(listed.stdout, /^line 2: deny command git push \* \(People push\.\)\nline 5: ask kind execute\n/u);
	});

	it('explains paths as they would be judged: links followed, and those a command names', async () => {
		symlinkSync('/etc', join(folder, 'out'));
		assert.equal((await explain({ path: ['src/a.ts'] })).decision, 'allow');
		assert.equal((await explain({ path: ['out/hosts'] })).decision, 'deny');
		assert.equal((await explain({ path: ['../a'] })).decision, 'deny');
		assert.equal((await explain({ path: ['.git/config'] })).decision, 'deny');
		assert.equal((await explain({ path: [policyPath] })).decision, 'deny');
		assert.equal((await explain({ command: 'cat /etc/hosts' })).decision, 'deny');
	});

	it('lists questions, and takes the first answer only', async () => {
		await workspace.dream.perform('task.create', { task_id: 'A', name: 'do A' }, ann);
		await ask('question-1', 'npm test');
		assert.match(run(['question', 'list']).stdout, /question-1 +Agent-1 +A +\S+ +open +npm test/u);
		const byAgent = run(['question', 'answer', 'question-1', 'allow'], { DREAMOS_AGENT_ID: 'Agent-1' });
		assert.equal(byAgent.status, exitCodes.refused);
		assert.match(byAgent.stderr, /for people, not for agent:Agent-1/u);
		const answered = run(['question', 'answer', 'question-1', 'allow', '--remember']);
		assert.equal(answered.status, exitCodes.done, answered.stderr);
		assert.match(answered.stdout, /Allowed: Agent-1 goes on with A\.\nRemembered in \.dreamos\/policies\.yaml\./u);
		assert.equal((await explain({ command: 'npm test' })).decision, 'allow');
		assert.equal((await explain({ command: 'npm test2' })).decision, 'ask');
		assert.match(readFileSync(join(folder, policyPath), 'utf8'), /# cli:\S+ said allow on \d{4}-/u);
		const again = run(['question', 'answer', 'question-1', 'deny', '--json']);
		assert.equal(again.status, exitCodes.refused);
		assert.match(again.stdout + again.stderr, /question\.answered/u);
		assert.match(run(['question', 'list', '--state', 'answered']).stdout, /allow by cli:/u);
		assert.equal(run(['question', 'answer', 'nothing', 'allow']).status, exitCodes.refused);
	});

	it('tells a file that cannot be read in the doctor, in Check Boards and in every explanation', async () => {
		writeFileSync(join(folder, policyPath), 'rules:\n  - decision: deny\n    comand: rm\n');
		const { findings } = (await workspace.dream.perform('workspace.examine', {}, ann)) as { findings: Finding[] };
		assert.match(findings.find(({ subject }) => subject === 'permissions')?.message ?? '', /line 3: .*comand/u);
		const { problems } = (await workspace.dream.perform('boards.check', {}, ann)) as { problems: BoardProblem[] };
		assert.deepEqual(
			problems.map(({ code, file, line }) => [code, file, line]),
			[['policy.badRule', policyPath, 3]],
		);
		const explained = run(['policy', 'explain', '--path', 'a.txt']);
		assert.match(explained.stdout, /^ask: \.dreamos\/policies\.yaml cannot be relied on \(line 3/u);
		assert.match(explained.stdout, /policies\.yaml:3:\d+: error: /u);
	});
});
