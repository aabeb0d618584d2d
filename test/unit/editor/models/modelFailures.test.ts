// Checks that each refusal of the editor becomes a failure with a code, a reason and a next step.

import assert from 'node:assert/strict';
import { DreamError } from '../../../../src/base/errors.ts';
import { modelFailure } from '../../../../src/editor/models/modelFailures.ts';

const model = { vendor: 'copilot', id: 'gpt-5', name: 'GPT-5' };
const editorError = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('A refusal of the editor', () => {
	for (const [code, ours, isTransient] of [
		['NoPermissions', 'model.noPermission', false],
		['Blocked', 'model.blocked', false],
		['NotFound', 'model.notFound', false],
		['Unknown', 'model.failed', true],
	] as const) {
		it(`${code} is ${ours}, with what to do`, () => {
			const failure = modelFailure(editorError(code, 'planted words'), model);
			assert.equal(failure.code, ours);
			assert.match(failure.message, /GPT-5 \(copilot\/gpt-5\).*planted words\.$/u);
			assert.ok((failure.advice ?? '').length > 10);
			assert.equal(failure.details['isTransient'], isTransient);
		});
	}

	it('that is about too many requests may pass, also when it stands in the cause', () => {
		const error = new Error('it failed', { cause: new Error('429 Too Many Requests') });
		assert.equal(modelFailure(error, model).code, 'model.rateLimited');
	});

	it('without words, and of ours, is said as it is', () => {
		assert.match(modelFailure(new Error(''), model).message, /no reason was given\.$/u);
		const own = new DreamError('model.notFound', 'gone');
		assert.equal(modelFailure(own, model), own);
	});
});
