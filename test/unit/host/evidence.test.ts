// Checks the evidence of a run through the action a person has: what is in it, how it is written out, and what an agent said that is
// not true.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { Driver } from '../../../src/core/driver/driver.ts';
import { trustOf } from '../../../src/core/figures/trust.ts';
import type { Evidence } from '../../../src/core/gate/evidence.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

/** An agent that writes one file and says what it is told to say. */
const saying = (summary: string): Driver => ({
	id: 'command',
	title: 'says it',
	refusal: () => undefined,
	start: ({ worktree }) => {
		writeFileSync(join(worktree, 'b.txt'), 'b\n');
		return { outcome: Promise.resolve({ kind: 'finished', summary }), cancel: async () => undefined };
	},
});

describe('evidence', function () {
	this.timeout(300_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
	});
	afterEach(() => swarm.dispose());

	/** An agent that writes one file, and says by its tool what it vouches for. */
	const claiming = (): Driver => ({
		id: 'command',
		title: 'claims it',
		refusal: () => undefined,
		start: ({ worktree, run_id, agent }) => {
			writeFileSync(join(worktree, 'b.txt'), 'b\n');
			const claims = {
				tests_pass: true,
				commands: [
					{ command: 'test -s b.txt', exit_code: 0 },
					{ command: 'make all', exit_code: 0 },
				],
				files: ['b.txt', 'c.txt'],
				acceptance: ['c is there'],
			};
			const said = perform('run.finish', { run_id, summary: 'Done.', claims }, { kind: 'agent', id: agent.id });
			return {
				outcome: said.then(() => ({ kind: 'finished' as const, summary: 'Done.' })),
				cancel: async () => undefined,
			};
		},
	});

	async function work(summary: string, fields: Partial<Task>): Promise<void> {
		await swarm.add('A', ['true'], { max_attempts: 1, ...fields });
		await swarm.tell(true);
		await swarm.lead({ drivers: new Map([['command', saying(summary)]]) });
		await swarm.until(
			async () => ['COMPLETED', 'FAILED', 'REVIEW'].includes((await swarm.task('A')).status),
			'A is decided',
		);
	}

	async function evidence(): Promise<{ readonly evidence: Evidence; readonly markdown: string }> {
		const [run] = await swarm.runs('A');
		return perform('run.evidence', { run_id: run?.run_id ?? '', markdown: true });
	}

	async function perform<Answer>(id: string, input: object, actor: Actor = person): Promise<Answer> {
		const workspace = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		try {
			return (await workspace.dream.perform(id, input, actor)) as Answer;
		} finally {
			await workspace.close();
		}
	}

	it('holds gates with their output and commit, acceptance, files and what was said, as JSON and Markdown', async () => {
		await work('I created b.txt and all tests pass.', {
			validation: {
				tests: ['echo tested; test -s b.txt'],
				acceptance: [{ text: 'b is there', command: 'grep -c b b.txt' }],
			},
		});
		const { evidence: found, markdown } = await evidence();
		assert.equal(found.state, 'completed');
		assert.deepEqual(
			found.gates.map(({ kind, passed, commit }) => [kind, passed, commit === found.result_commit]),
			[
				['tests', true, true],
				['acceptance', true, true],
			],
		);
		assert.deepEqual(found.acceptance, [{ text: 'b is there', state: 'shown', by: 'grep -c b b.txt' }]);
		assert.deepEqual([found.files, found.contradicted], [['b.txt'], []]);
		assert.match(found.gates[0]?.output ?? '', /tested/u);
		for (const part of [
			'# Evidence for `A`',
			'| passed | exit code 0 |',
			'- [x] `b is there`',
			'tested',
			'`b.txt`',
		]) {
			assert.ok(markdown.includes(part), `${part} in\n${markdown}`);
		}
	});

	it('tells what an agent said that is not true, and trusts it less', async () => {
		await work('I created b.txt and c.txt. All tests pass.', { validation: { tests: ['echo broken; exit 3'] } });
		const { evidence: found, markdown } = await evidence();
		assert.equal((await swarm.task('A')).status, 'FAILED');
		assert.deepEqual(
			found.contradicted.map(({ evidence: shown }) => shown),
			['The gate echo broken; exit 3 ended with exit code 3.', 'c.txt is not among the files that were changed.'],
		);
		assert.match(markdown, /## Contradicted claims/u);
		const told = (await swarm.events('A')).filter(({ type }) => type === 'claim.contradicted');
		assert.deepEqual([...new Set(told.map(({ agent_id: id }) => id))], ['Agent-1']);
		assert.deepEqual(trustOf(await swarm.runs('A')), { checked: 1, contradicted: 1, share: 0 });
	});

	it('compares what an agent claims in fields, and holds what is not true against it', async () => {
		await swarm.add('A', ['true'], {
			max_attempts: 1,
			validation: {
				tests: ['test -s b.txt'],
				acceptance: [{ text: 'c is there', command: 'test -s c.txt' }],
			},
		});
		await swarm.tell(true);
		await swarm.lead({ drivers: new Map([['command', claiming()]]) });
		await swarm.statusIs('A', 'FAILED');
		const { evidence: found, markdown } = await evidence();
		assert.deepEqual(
			found.claims.map(({ claim, verdict }) => [claim, verdict]),
			[
				['the tests pass', 'shown'],
				['test -s b.txt ended with exit code 0', 'shown'],
				['make all ended with exit code 0', 'not checked'],
				['changed b.txt', 'shown'],
				['changed c.txt', 'contradicted'],
				['c is there: done', 'contradicted'],
			],
		);
		assert.deepEqual(
			found.contradicted.map(({ claim }) => claim),
			['changed c.txt', 'c is there: done'],
		);
		assert.match(
			markdown,
			/## Claims\n\n- shown: `the tests pass`\. `The gate test -s b\.txt ended with exit code 0\.`/u,
		);
		assert.deepEqual(trustOf(await swarm.runs('A')), { checked: 1, contradicted: 1, share: 0 });
	});

	it('keeps who accepted a change, and which points that confirmed', async () => {
		await work('Done.', { validation: { acceptance: ['it reads well'] } });
		const before = (await evidence()).evidence;
		assert.deepEqual(before.acceptance, [{ text: 'it reads well', state: 'open', by: null }]);
		await perform('run.accept', { run_id: before.run_id });
		await swarm.statusIs('A', 'COMPLETED');
		const { evidence: after, markdown } = await evidence();
		assert.deepEqual(after.acceptance, [{ text: 'it reads well', state: 'confirmed', by: 'human:ann' }]);
		assert.deepEqual(
			after.reviews.map(({ by, verdict }) => [by, verdict]),
			[['human:ann', 'accepted']],
		);
		assert.match(markdown, /confirmed by `human:ann`/u);
	});

	it('shows foreign text as text', async () => {
		await work('Done. ```\n# not a heading', {
			name: '`code` | <b>bold</b>',
			validation: { commands: ["printf '```\\n# no heading\\n'"] },
		});
		const { markdown } = await evidence();
		assert.match(markdown, /````text\n```\n# no heading\n````/u);
		assert.ok(markdown.includes('`` `code` ¦ <b>bold</b> ``'));
	});
});
