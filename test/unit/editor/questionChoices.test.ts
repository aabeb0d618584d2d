// Checks in which words a question is put to the person, and which answers there are.

import assert from 'node:assert/strict';
import { answerChoices, questionLine } from '../../../src/editor/commands/questionChoices.ts';
import { buildQuestion } from '../../support/swarmBuilders.ts';

describe('the answers to a question', () => {
	const titles = (...offered: string[]) =>
		answerChoices(buildQuestion('question-1', { request: { offered } })).map(({ title }) => title);

	it('are four, "once" first', () => {
		assert.deepEqual(titles('allow_always', 'allow_once'), ['Allow Once', 'Allow Always', 'Deny', 'Deny Always']);
		assert.deepEqual(titles(), ['Allow Once', 'Allow Always', 'Deny', 'Deny Always']);
	});

	it('lack "once" where the agent knows only "always"', () => {
		assert.deepEqual(titles('allow_always', 'reject_once'), ['Allow Always', 'Deny', 'Deny Always']);
	});

	it('are two about the start of a task, and none becomes a rule', () => {
		const choices = answerChoices(buildQuestion('question-1', { kind: 'start', run_id: '' }));
		assert.deepEqual(
			choices.map(({ title, answer, remember }) => [title, answer, remember]),
			[
				['Begin', 'allow', false],
				['Do Not Begin', 'deny', false],
			],
		);
	});

	it('stand under one line that says who asks what, whatever is in it', () => {
		const question = buildQuestion('question-1', { title: 'npm\ntest \u202e' });
		assert.match(questionLine(question, 'Try it'), /^Agent-1 asks: npm.test .* \("Try it"\)$/u);
		assert.match(questionLine(question, undefined), /\("A"\)$/u);
	});
});
