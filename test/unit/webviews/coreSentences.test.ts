// Owns the comparison of the sentences that pages translate with the sources of core they come from: none is forgotten.

import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { coreSentences, sentenceOf } from '../../../webviews/shared/coreSentences.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Patterns of the sentences a source says of a drift signal. */
function patternsIn(source: string): string[] {
	return [...source.matchAll(/\btext: `([^`]+)`/gu)].map(([, text = '']) => {
		let place = 0;
		return text.replaceAll(/\$\{[^}]*\}/gu, () => `{${place++}}`);
	});
}

const unknownSentences = (source: string): string[] =>
	patternsIn(source).filter((pattern) => !Object.hasOwn(coreSentences, pattern));

describe('sentences of core in a page', () => {
	const sources = globSync('src/core/drift/*.ts', { cwd: root }).map((file) =>
		readFileSync(path.join(root, file), 'utf8'),
	);

	it('has every reason for drift, and none that nobody gives', () => {
		assert.deepEqual(sources.flatMap(unknownSentences), []);
		assert.deepEqual(sources.flatMap(patternsIn).toSorted(), Object.keys(coreSentences).toSorted());
	});

	it('finds a sentence that was forgotten', () => {
		assert.deepEqual(unknownSentences('text: `It sleeps for ${this.hours} hours`,'), ['It sleeps for {0} hours']);
	});

	it('says it with its figures, in their new places; other text stays as it is', () => {
		const german = { '{0} failed {1} times in the same way': '{1}-mal gleich gescheitert: {0}' };
		assert.equal(
			sentenceOf('npm test (a+b) failed 3 times in the same way', german),
			'3-mal gleich gescheitert: npm test (a+b)',
		);
		assert.equal(sentenceOf('It is tired', german), 'It is tired');
		assert.equal(sentenceOf('Nothing was changed for 80 steps'), 'Nothing was changed for 80 steps');
	});
});
