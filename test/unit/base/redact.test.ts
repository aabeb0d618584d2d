// Owns the proof that nothing private is left in a text that goes to strangers, and that the rest of it is.

import { strict as assert } from 'node:assert';
import { redact } from '../../../src/base/redact.ts';

const names = {
	folders: { '/home/anna': '~', '/home/anna/work/secret project': '<workspace>', 'C:\\Users\\anna': '~' },
	words: ['anna', 'annas-laptop'],
};
const read = (text: string) => redact(text, names);
/** Put together here, so that nobody who looks for keys finds one. */
const planted = (...parts: string[]) => parts.join('');

describe('redact', () => {
	it('takes out every planted key, in every dress', () => {
		const letters = 'a1B2c3D4e5F6g7H8i9J0';
		const keys = [
			planted('gh', 'p_', letters),
			planted('github', '_pat_', letters, '_x'),
			planted('sk', '-ant-', letters),
			planted('AK', 'IA', 'ABCDEFGHIJKLMNOP'),
			planted('xo', 'xb-', letters),
			planted('ey', 'JhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0.', letters),
			planted(letters, letters, letters),
		];
		for (const key of keys) {
			for (const text of [key, `at "${key}"`, `{"x":"${key}"}`, `(${key})`]) {
				assert.ok(!read(text).includes(key.slice(0, 16)), text);
			}
		}
		for (const text of [
			'API_KEY=hunter2',
			'"password": "hunter2"',
			'Authorization: Bearer hunter2',
			'--token hunter2',
			'sent Bearer hunter2',
			"clientSecret: 'hunter2'",
			'https://user:hunter2@example.org/x',
			planted('-----BEGIN RSA PRIVATE ', 'KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----'),
		]) {
			assert.ok(!read(text).includes('hunter2'), `${text} → ${read(text)}`);
		}
	});

	it('takes out people, machines and folders, however they are written', () => {
		assert.equal(read('/home/anna/work/secret project/src/a.ts:3'), '<workspace>/src/a.ts:3');
		assert.equal(read('file:///home/anna/work/secret%20project/a.ts'), 'file://<workspace>/a.ts');
		assert.equal(read(String.raw`"C:\\Users\\anna\\x"`), String.raw`"~\\x"`);
		assert.equal(read('/home/bert/x and /Users/carla/y'), '/home/<removed>/x and /Users/<removed>/y');
		assert.equal(
			read('human:anna on Annas-Laptop wrote to anna@example.org'),
			'human:<removed> on <removed> wrote to <removed>',
		);
	});

	it('leaves what helps', () => {
		for (const text of [
			'dreamos.task.claim was refused (task.alreadyClaimed) after 12 ms',
			'at SqliteTransaction.complete (src/ledger/sqliteTransaction.ts:230:10)',
			'TASK-qmb7tqnz is READY; tokens were used, and a secret place',
			'annals of banana',
		]) {
			assert.equal(read(text), text);
		}
	});
});
