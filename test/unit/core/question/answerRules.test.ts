// Checks that a remembered answer becomes rules that mean exactly what was asked: the same is answered so from then on, and nothing
// else is.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decidePermission } from '../../../../src/core/policy/decidePermission.ts';
import type { PermissionRequest, PlacedPath } from '../../../../src/core/policy/permissionRequest.ts';
import { toPolicyRule, toolKinds } from '../../../../src/core/policy/policyRule.ts';
import { answerRules } from '../../../../src/core/question/answerRules.ts';
import { chooseOption } from '../../../../src/core/question/chooseOption.ts';
import type { Question, QuestionAnswer } from '../../../../src/core/question/question.ts';
import { buildQuestion } from '../../../support/swarmBuilders.ts';

const questionOf = (request: PermissionRequest): Question =>
	buildQuestion('question-1', { title: request.title, request: JSON.parse(JSON.stringify(request)) as JsonObject });

const base: PermissionRequest = {
	agent: 'Agent-1',
	title: 'A tool',
	kinds: ['other'],
	paths: [],
	commands: [],
	isComplete: true,
	offered: [],
	isServed: false,
};
const inside = (path: string): PlacedPath => ({ named: path, place: 'inside', names: [path] });
const rulesFor = (request: PermissionRequest, answer: QuestionAnswer) => answerRules(questionOf(request), answer) ?? [];
const decideWith = (rules: ReturnType<typeof rulesFor>, request: PermissionRequest) =>
	decidePermission(
		{
			reading: {
				rules: rules.map((rule, index) => toPolicyRule(rule, index + 1)),
				problems: [],
				doubt: undefined,
			},
			setting: 'ask',
		},
		request,
	).decision;

describe('A remembered answer', () => {
	it('is a rule a person would write', () => {
		assert.deepEqual(rulesFor({ ...base, kinds: ['execute'], commands: ['npm test && rm *'] }, 'allow'), [
			{ decision: 'allow', kind: 'execute', command: ['npm test', String.raw`rm \*`] },
		]);
		assert.deepEqual(rulesFor({ ...base, kinds: ['execute'], commands: ['npm test && rm x'] }, 'deny'), [
			{ decision: 'deny', kind: 'execute', command: 'npm test && rm x' },
		]);
		assert.deepEqual(rulesFor({ ...base, kinds: ['edit'], paths: [inside('src/a.ts')] }, 'allow'), [
			{ decision: 'allow', kind: 'edit', path: 'src/a.ts' },
		]);
		assert.deepEqual(rulesFor({ ...base, title: 'claim_task' }, 'allow'), [
			{ decision: 'allow', kind: 'other', title: 'claim_task' },
		]);
	});

	it('means one file of a name, not every one of it', () => {
		const rules = rulesFor({ ...base, kinds: ['edit'], paths: [inside('a.ts')] }, 'allow');
		assert.equal(decideWith(rules, { ...base, kinds: ['edit'], paths: [inside('a.ts')] }), 'allow');
		assert.equal(decideWith(rules, { ...base, kinds: ['edit'], paths: [inside('src/a.ts')] }), 'ask');
	});

	const word = fc.constantFrom('a', 'src', '*', '?', '\\', 'ö.ts', 'a b', '**');
	const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => inside(words.join('/')));
	const command = fc.constantFrom(
		'npm test',
		'ls *',
		'echo a\\*',
		'a && b',
		'x; y | z',
		'echo $(x)',
		"bash -c 'q'",
		'g "a b"',
		'(a)',
	);
	const asked: fc.Arbitrary<PermissionRequest> = fc
		.record({
			kinds: fc.subarray([...toolKinds], { minLength: 1, maxLength: 3 }),
			paths: fc.array(path, { maxLength: 3 }),
			commands: fc.array(command, { maxLength: 2 }),
			title: fc.constantFrom('A tool', 'claim *', ''),
		})
		.map((parts) => ({ ...base, ...parts, commands: parts.kinds.includes('execute') ? parts.commands : [] }))
		.filter(({ title, paths, commands }) => title !== '' || paths.length + commands.length > 0);

	it('answers the same request from then on', () => {
		fc.assert(
			fc.property(asked, (request) => {
				if (decideWith([], request) === 'ask') {
					assert.equal(decideWith(rulesFor(request, 'allow'), request), 'allow', JSON.stringify(request));
					assert.equal(decideWith(rulesFor(request, 'deny'), request), 'deny', JSON.stringify(request));
				}
			}),
			{ numRuns: 2000 },
		);
	});

	it('allows no file and no command that was not asked for', () => {
		fc.assert(
			fc.property(asked, asked, (request, other) => {
				const rules = rulesFor(request, 'allow');
				const isNew =
					other.kinds.some((kind) => !request.kinds.includes(kind)) &&
					decideWith([], { ...other, kinds: other.kinds.filter((kind) => !request.kinds.includes(kind)) }) ===
						'ask';
				if (isNew) {
					assert.equal(decideWith(rules, other), 'ask');
				}
			}),
			{ numRuns: 1000 },
		);
		const rules = rulesFor({ ...base, kinds: ['execute'], commands: ['npm test'] }, 'allow');
		for (const line of ['npm test x', 'npm tes', 'npm test; rm x', 'NPM test']) {
			assert.equal(decideWith(rules, { ...base, kinds: ['execute'], commands: [line] }), 'ask', line);
		}
	});
});

describe('The option an agent is given', () => {
	const cases: readonly (readonly [readonly string[], boolean, boolean, string | undefined])[] = [
		[['allow_always', 'allow_once', 'reject_once'], true, false, 'allow_once'],
		[['allow_always', 'allow_once', 'reject_once'], true, true, 'allow_once'],
		[['allow_always', 'reject_once'], true, true, 'allow_always'],
		[['allow_always', 'reject_once'], true, false, 'reject_once'],
		[['allow_always', 'reject_always'], false, true, 'reject_always'],
		[['allow_always', 'allow_once'], false, true, undefined],
		[[], true, true, undefined],
	];
	for (const [offered, isAllowed, isRemembered, expected] of cases) {
		it(`is ${expected ?? 'none'} of ${offered.join(', ') || 'nothing'} for ${isAllowed ? 'yes' : 'no'}${isRemembered ? ', always' : ''}`, () =>
			assert.equal(chooseOption(offered, { isAllowed, isRemembered }), expected));
	}
});
