// Owns the proof that words reach a page as data: whatever a translation holds, it is only read.

import { strict as assert } from 'node:assert';
import { languageAttributes, wordsBlock } from '../../../../src/editor/panels/pageLanguage.ts';

describe('language of a page', () => {
	it('is the one of the editor, and English where it has no words of ours', () => {
		assert.equal(languageAttributes('de', { Stop: 'Beenden' }), 'lang="de" data-locale="de"');
		assert.equal(languageAttributes('fr', undefined), 'lang="en" data-locale="fr"');
		assert.equal(languageAttributes(undefined, undefined), 'lang="en"');
	});

	it('hands the words over as they are, and no word ends its block or begins a comment', () => {
		const words = { Stop: '</script><script>alert(1)</script><!-- "\' & \u2028', '<b>': 'x' };
		const block = wordsBlock(words);
		const text = block.slice(block.indexOf('>') + 1, -'</script>'.length);
		assert.equal(text.includes('<'), false, block);
		assert.deepEqual(JSON.parse(text), words);
	});

	it('has an empty block where there are no words', () => {
		assert.equal(wordsBlock(undefined), '<script type="application/json" id="words"></script>');
	});
});
