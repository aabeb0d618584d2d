// Owns the proof that foreign text can be no icon, no link and no control sequence in what the editor shows.

import { strict as assert } from 'node:assert';
import { renderRunLog } from '../../../src/core/run/renderRunLog.ts';
import { plainLabel, plainMessage } from '../../../src/editor/plainText.ts';

describe('plain text', () => {
	it('shows icons and links as they are written', () => {
		assert.equal(plainLabel('$(trash) Delete $(sync~spin) $(x'), String.raw`\$(trash) Delete \$(sync~spin) $(x`);
		assert.equal(
			plainMessage('see [this](command:workbench.action.quit)\nnow'),
			'see [this] (command:workbench.action.quit) now',
		);
	});
});

describe('renderRunLog', () => {
	it('makes lines a person can follow', () => {
		const log = [
			JSON.stringify({ kind: 'message', text: 'I begin.' }),
			JSON.stringify({ kind: 'tool', text: 'edit src/a.ts' }),
			JSON.stringify({ kind: 'output', text: 'one\ntwo\n' }),
			JSON.stringify({ kind: 'strange', text: 'thing' }),
		].join('\n');
		assert.equal(renderRunLog(log, false), 'I begin.\n→ edit src/a.ts\n│ one\n│ two\nstrange: thing\n');
	});

	it('begins each entry with its time of day', () => {
		const at = new Date(2026, 0, 2, 3, 4, 5).toISOString();
		assert.equal(
			renderRunLog(JSON.stringify({ at, kind: 'output', text: 'a\nb' }), false),
			'03:04:05 │ a\n         │ b\n',
		);
	});

	it('takes escape sequences out, and shows broken lines as they are', () => {
		const log = `${JSON.stringify({ kind: 'output', text: '\u001b[2J\u001b[31mred\u0007' })}\n{"kind": "out`;
		assert.equal(renderRunLog(log, false), '│ red\uFFFD\n{"kind": "out\n');
	});

	it('says when the beginning is missing, and drops the half line there', () => {
		assert.equal(
			renderRunLog(`xt":"half"}\n${JSON.stringify({ kind: 'note', text: 'whole' })}`, true),
			'[The beginning of this log is not shown; the file has all of it.]\n· whole\n',
		);
	});
});
