// Runs the soak for a short while, as part of every test run, and breaks every promise of its checker once in a copy of what the run
// left. The long one is `npm run soak`, and its figures are in the README.

import assert from 'node:assert/strict';
import { closeSync, cpSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Finding, Rule } from '../../soak/checkSoak.ts';
import { checkSoak } from '../../soak/checkSoak.ts';
import { describeSoak } from '../../soak/describeSoak.ts';
import type { Observations } from '../../soak/runSoak.ts';
import { runSoak } from '../../soak/runSoak.ts';
import type { SoakPlace } from '../../soak/soakPlace.ts';
import { placeOf } from '../../soak/soakPlace.ts';
import { ledgerFile } from '../../soak/soakRecord.ts';
import type { SoakTask } from '../../soak/soakTasks.ts';
import { runGit } from '../../support/temporaryRepository.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const wishes = { minutes: 0.5, seed: 27, tasks: 10 };

describe('a short soak run', function () {
	this.timeout(600_000);
	const folders = useTemporaryFolders();
	let place: SoakPlace;
	let observations: Observations;
	let completed: SoakTask;

	/** What the checker finds in a copy of the run that somebody broke. */
	function find(
		breakIt: (copy: SoakPlace, ledger: DatabaseSync) => void = () => undefined,
		seen: Partial<Observations> = {},
	): readonly Finding[] {
		const root = folders.make();
		cpSync(join(place.folder, '..'), root, { recursive: true });
		const copy = placeOf(root);
		const ledger = new DatabaseSync(ledgerFile(copy.folder));
		try {
			breakIt(copy, ledger);
		} finally {
			ledger.close();
		}
		return checkSoak(copy, { ...observations, ...seen }).findings;
	}

	function assertFound(rule: Rule, pattern: RegExp, findings: readonly Finding[]): void {
		assert.ok(
			findings.some((finding) => finding.rule === rule && pattern.test(finding.message)),
			`no finding of ${rule} like ${String(pattern)} in ${JSON.stringify(findings, null, 2)}`,
		);
	}

	before(async () => {
		const root = folders.make();
		place = placeOf(root);
		observations = await runSoak({ ...wishes, root });
		const { record } = checkSoak(place, observations);
		const found = observations.tasks.find(
			({ id, kind }) =>
				kind === 'plain' &&
				record.tasks.get(id)?.status === 'COMPLETED' &&
				// One that went through at once: what is planted on it has no true reason from an earlier attempt.
				record.runs.filter(({ taskId }) => taskId === id).length === 1,
		);
		assert.ok(found !== undefined, describeSoak(observations, checkSoak(place, observations)).join('\n'));
		completed = found;
	});

	it('ends every task with a true reason and leaves nothing, whoever is killed', () => {
		const verdict = checkSoak(place, observations);
		const told = describeSoak(observations, verdict).join('\n');
		assert.equal(verdict.findings.length, 0, told);
		assert.equal(observations.tasks.length, wishes.tasks);
		assert.match(told, /Nothing was found/u);
	});

	describe('its checker finds', () => {
		const set =
			(status: string, fields: object = {}) =>
			(_: SoakPlace, ledger: DatabaseSync) =>
				void ledger
					.prepare('update tasks set status = ?, task = json_patch(task, ?) where task_id = ?')
					.run(status, JSON.stringify(fields), completed.id);
		const changeRuns = (change: string) => (_: SoakPlace, ledger: DatabaseSync) =>
			void ledger.prepare(`update runs set ${change} where task_id = ?`).run(completed.id);
		const both =
			(...breaks: readonly ((copy: SoakPlace, ledger: DatabaseSync) => void)[]) =>
			(copy: SoakPlace, ledger: DatabaseSync) =>
				breaks.forEach((each) => each(copy, ledger));

		it('nothing in a copy that nobody broke', () => {
			assert.deepEqual(find(), []);
		});

		it('a process that ended by itself', () => {
			assertFound(
				'process',
				/A host ended with 1/u,
				find(undefined, { complaints: ['A host ended with 1: no'] }),
			);
		});

		it('a swarm that did not come to rest', () => {
			assertFound('rest', /could have been/u, find(undefined, { hasRested: false }));
		});

		it('a database that is not whole', () => {
			// A page of an index that nobody reads is wiped out.
			const damage = (copy: SoakPlace, ledger: DatabaseSync) => {
				ledger.exec('create index planted on facts (value); pragma wal_checkpoint(truncate)');
				const { rootpage } =
					ledger.prepare("select rootpage from sqlite_schema where name = 'planted'").get() ?? {};
				const { page_size: size } = ledger.prepare('pragma page_size').get() ?? {};
				const file = openSync(ledgerFile(copy.folder), 'r+');
				writeSync(file, new Uint8Array(Number(size)), 0, Number(size), (Number(rootpage) - 1) * Number(size));
				closeSync(file);
			};
			assertFound('integrity', /./u, find(damage));
		});

		it('a task that vanished, and one that nobody gave', () => {
			const rename = (_: SoakPlace, ledger: DatabaseSync) =>
				void ledger.prepare("update tasks set task_id = 'S-9999' where task_id = ?").run(completed.id);
			const findings = find(rename);
			assertFound('lost', /was given, and is not/u, findings);
			assertFound('lost', /S-9999 is in the ledger/u, findings);
		});

		it('a task that was left lying about', () => {
			for (const status of ['READY', 'PENDING', 'IN_PROGRESS', 'REVIEW']) {
				assertFound('unfinished', new RegExp(`${completed.id} is ${status}`, 'u'), find(set(status)));
			}
		});

		it('a task that waits for ever, only where what it waits for did not end badly', () => {
			const follower: SoakTask = { ...completed, id: 'S-9998', dependencies: [completed.id] };
			const add = (_: SoakPlace, ledger: DatabaseSync) =>
				void ledger
					.prepare(
						`insert into tasks select 99999, 'S-9998', 'PENDING', priority, name, board, 99999, null, null, 0, null, 0,
						sequence, updated_at, task, record from tasks where task_id = ?`,
					)
					.run(completed.id);
			const seen = { tasks: [...observations.tasks, follower] };
			assertFound('unfinished', /S-9998 is PENDING/u, find(add, seen));
			const findings = find(both(add, set('CANCELLED')), seen);
			assert.deepEqual(
				findings.filter(({ message }) => message.startsWith('S-9998')),
				[],
			);
		});

		it('a completed task whose file is not there, or says something else', () => {
			const file = (copy: SoakPlace) => join(copy.folder, completed.path);
			const findings = find((copy) => rmSync(file(copy)));
			assertFound('landed', /is not there/u, findings);
			assertFound('gate', /fail in the workspace/u, findings);
			assertFound(
				'landed',
				/says: lost/u,
				find((copy) => writeFileSync(file(copy), 'lost\n')),
			);
		});

		it('a completed task whose gates were not seen to pass', () => {
			assertFound('gate', /were not seen to pass/u, find(changeRuns("gates = '[]'")));
			assertFound('gate', /no run of it is/u, find(changeRuns("state = 'released'")));
		});

		it('a task that a liar completed', () => {
			assertFound('liar', /by lying-1/u, find(changeRuns("worker = 'lying-1'")));
			// Who goes on with what an able one left has done no wrong by handing it in.
			const goOn = (_: SoakPlace, ledger: DatabaseSync) =>
				void ledger
					.prepare(
						`insert into events (at, type, actor, task_id, run_id, message, data)
						select '', 'task.moved', 'host:planted', task_id, run_id, '', json_object('move', 'start', 'continues',
							(select run_id from runs as others where state = 'completed' and others.task_id <> runs.task_id limit 1))
						from runs where task_id = ?`,
					)
					.run(completed.id);
			const helped = find(both(changeRuns("worker = 'lying-1'"), goOn));
			assert.deepEqual(
				helped.filter(({ rule }) => rule === 'liar'),
				[],
			);
		});

		it('a task that failed before its attempts were used up', () => {
			assertFound('failure', /attempts of/u, find(set('FAILED')));
		});

		it('a failed task whose attempts did not fail for the reason they tell', () => {
			const failWith = (worker: string, code: string, gates = '[]', reason = 'so it says') =>
				both(
					set('FAILED'),
					changeRuns(`state = 'failed', worker = '${worker}', reason = '${reason}', gates = '${gates}'`),
					(_, ledger) =>
						void ledger
							.prepare(
								`insert into events (at, type, actor, task_id, run_id, message, data)
								select at, 'run.closed', 'host:planted', task_id, run_id, '', ? from runs, (select '' as at) where task_id = ?`,
							)
							.run(JSON.stringify({ state: 'failed', code }), completed.id),
				);
			const failing = JSON.stringify([{ command: 'false', exit_code: 1 }]);
			assertFound('failure', /and none did/u, find(failWith('lying-1', 'gate.failed')));
			assertFound('failure', /does the work/u, find(failWith('quick-1', 'gate.failed', failing)));
			assertFound('failure', /never does/u, find(failWith('quick-1', 'agent.exited')));
			assertFound('failure', /no reason/u, find(failWith('crashing-1', 'agent.exited', '[]', '')));
			const lost = both(set('FAILED'), changeRuns("state = 'lost'"));
			assertFound('failure', /none was killed/u, find(lost, { killed: { host: 0, window: 0 } }));
			const honest = find(failWith('lying-1', 'gate.failed', failing)).filter(({ message }) =>
				message.includes(' of lying-1'),
			);
			assert.deepEqual(honest, [], 'a true reason is none to complain of');
		});

		it('a blocked task without a reason, or with one that is not true', () => {
			const block = (kind: string, text: string) => set('BLOCKED', { block_reason: { kind, text } });
			assertFound('blocked', /without a reason/u, find(set('BLOCKED')));
			assertFound('blocked', /nobody else landed/u, find(block('conflict', 'it does not fit')));
			assertFound('blocked', /never tried/u, find(block('needs_input', 'somebody has to look')));
		});

		it('a task, a run and a lease that are still held', () => {
			const hold = (_: SoakPlace, ledger: DatabaseSync) => {
				ledger.prepare("update tasks set run_id = 'run-x' where task_id = ?").run(completed.id);
				ledger.prepare("update runs set state = 'working' where task_id = ?").run(completed.id);
				ledger
					.prepare("insert or replace into leases values ('host', 'host-x', 1, ?, '{}')")
					.run(observations.endedAt + 1000);
			};
			const findings = find(hold);
			assertFound('claim', /held by run-x/u, findings);
			assertFound('claim', /is working, and nobody/u, findings);
			assertFound('claim', /lease host/u, findings);
		});

		it('a process that lives on', () => {
			assertFound('orphan', /42: node/u, find(undefined, { processes: [{ pid: 42, command: 'node' }] }));
		});

		it('a worktree that is left, in git or on the disk', () => {
			const leave = (copy: SoakPlace) => {
				runGit(copy.folder, 'worktree', 'add', '--quiet', '--detach', join(copy.cache, 'left'));
				mkdirSync(join(copy.worktrees, 'here', 'run-left'), { recursive: true });
			};
			const findings = find(leave);
			assertFound('worktree', /Git knows/u, findings);
			assertFound('worktree', /run-left is there/u, findings);
		});

		it('a reference that nothing explains', () => {
			const refer = (name: string) => (copy: SoakPlace) => void runGit(copy.folder, 'update-ref', name, 'HEAD');
			const run = (copy: SoakPlace) =>
				checkSoak(copy, observations).record.runs.find(({ taskId }) => taskId === completed.id);
			assertFound('reference', /belongs to no run/u, find(refer('refs/dreamos/rescue/run-x')));
			assertFound(
				'reference',
				/its task COMPLETED/u,
				find((copy) => refer(`refs/dreamos/runs/${run(copy)?.id ?? ''}`)(copy)),
			);
			assertFound('reference', /none of ours/u, find(refer('refs/heads/agent')));
		});

		it('figures that are not what happened', () => {
			const { figures, killed, seconds } = observations;
			const wrong = {
				completed: figures.completed + 1,
				failed: figures.failed + 1,
				completion_seconds: { median: seconds + 10 },
				at_work_seconds: seconds + 10,
				longest_alone_seconds: seconds + 20,
				interventions: 1,
				recovered: { tasks: 998, of: 999 },
				without_a_person: { tasks: 998, of: 999 },
				drift: { count: figures.drift.count + 1 },
				restarts: { count: killed.host + 1 },
			};
			const findings = find(undefined, { figures: wrong });
			for (const name of ['completed', 'failed', 'interventions', 'at_work_seconds']) {
				assertFound('figures', new RegExp(`^${name} is`, 'u'), findings);
			}
			for (const name of ['recovered', 'without_a_person']) {
				assertFound('figures', new RegExp(`^${name}\\.of is 999`, 'u'), findings);
				assertFound('figures', new RegExp(`^${name}\\.tasks is 998`, 'u'), findings);
			}
			assertFound('figures', /^drift\.count is/u, findings);
			assertFound('figures', /^restarts\.count is/u, findings);
			assertFound('figures', /hosts were killed/u, findings);
			assertFound('figures', /half of the tasks/u, findings);
			assertFound('figures', /than there was/u, findings);
		});

		it('a host that grows, and none that only breathes', () => {
			const megabyte = 1024 * 1024;
			const samples = (bytes: (at: number) => number) =>
				Array.from({ length: 600 }, (_, index) => ({ life: 2, at: index * 2, bytes: bytes(index * 2) }));
			const growing = find(undefined, { samples: samples((at) => (100 + at / 6) * megabyte) });
			assertFound('memory', /grew by 10\.00 MB a minute/u, growing);
			const breathing = samples((at) => (100 + (at % 60)) * megabyte);
			assert.deepEqual(find(undefined, { samples: breathing }), []);
		});
	});
});
