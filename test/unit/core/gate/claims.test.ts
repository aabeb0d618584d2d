// Checks what the evidence says to claims that were made in fields: shown, contradicted, or not checked by anything.

import assert from 'node:assert/strict';
import type { Claims } from '../../../../src/core/gate/claims.ts';
import { judgeClaims, readClaims } from '../../../../src/core/gate/claims.ts';
import type { GateResult } from '../../../../src/core/task/task.ts';

const gate = (fields: Partial<GateResult> = {}): GateResult => ({
	kind: 'tests',
	command: 'npm test',
	exit_code: 0,
	ending: 'exited',
	duration_ms: 1,
	output: '',
	...fields,
});
const failed = (fields: Partial<GateResult> = {}) => gate({ exit_code: 1, ...fields });
const verdicts = (claims: Claims, gates: readonly GateResult[] = [], files: readonly string[] = ['src/a.ts']) =>
	judgeClaims(claims, {
		files,
		gates,
		acceptance: [
			{ text: 'it says b', command: 'grep b' },
			{ text: 'it reads well', command: undefined },
		],
	}).map(({ verdict }) => verdict);

describe('judgeClaims', () => {
	it('compares tests with the gates that are tests', () => {
		assert.deepEqual(verdicts({ tests_pass: true }, [gate()]), ['shown']);
		assert.deepEqual(verdicts({ tests_pass: true }, [gate(), failed({ command: 'npm run e2e' })]), [
			'contradicted',
		]);
		assert.deepEqual(verdicts({ tests_pass: true }, [failed({ kind: 'command', command: 'spell' })]), [
			'not checked',
		]);
		assert.deepEqual(verdicts({ tests_pass: false }, [failed()]), []);
	});

	it('holds a gate that was ended or not read against nobody', () => {
		assert.deepEqual(verdicts({ tests_pass: true }, [failed({ ending: 'timeout', exit_code: null })]), [
			'not checked',
		]);
	});

	it('compares a command with the gate of the same words, and only a pass that is none', () => {
		const commands = (exit_code: number) => ({ commands: [{ command: 'npm  test ', exit_code }] });
		assert.deepEqual(verdicts(commands(0), [failed()]), ['contradicted']);
		assert.deepEqual(verdicts(commands(0), [gate()]), ['shown']);
		assert.deepEqual(verdicts(commands(1), [gate()]), ['not checked']);
		assert.deepEqual(verdicts(commands(0), [failed({ command: 'make' })]), ['not checked']);
	});

	it('finds files that were not changed', () => {
		assert.deepEqual(verdicts({ files: ['./src/a.ts', 'b.ts'] }), ['shown', 'contradicted']);
	});

	it('compares points of the acceptance list with the command that shows them', () => {
		const claims = { acceptance: ['it says b', 'it reads well', 'something else'] };
		const point = { kind: 'acceptance', command: 'grep b', point: 'it says b' } as const;
		assert.deepEqual(verdicts(claims, [failed(point)]), ['contradicted', 'not checked', 'not checked']);
		assert.deepEqual(verdicts(claims, [gate(point)]), ['shown', 'not checked', 'not checked']);
	});

	it('reads nothing out of what is no such record', () => {
		assert.equal(readClaims({ tests_pass: 'yes' }), undefined);
		assert.equal(readClaims(undefined), undefined);
		assert.deepEqual(readClaims({ tests_pass: true }), { tests_pass: true });
	});
});
