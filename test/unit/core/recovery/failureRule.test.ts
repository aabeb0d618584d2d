// Checks that every code a driver can fail with has its rule, and what follows from the ones that matter most.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { failureRule, failureRules } from '../../../../src/core/recovery/failureRule.ts';

describe('the rules for failures', () => {
	it('know every code that a driver fails with', () => {
		const drivers = join(import.meta.dirname, '../../../../src/drivers');
		const codes = readdirSync(drivers, { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.flatMap((name) => [
				...readFileSync(join(drivers, name), 'utf8').matchAll(/driverError\(\s*'([a-z]+\.[A-Za-z]+)'/gu),
			])
			.map(([, code]) => code);
		assert.ok(codes.length > 20, 'the codes are found');
		const known = new Set(failureRules.flatMap((rule) => rule.codes));
		assert.deepEqual(
			[...new Set(codes)].filter((code) => code !== undefined && !known.has(code)),
			[],
		);
	});

	it('know each code once', () => {
		const codes = failureRules.flatMap((rule) => rule.codes);
		assert.deepEqual(
			codes.filter((code, index) => codes.indexOf(code) !== index),
			[],
		);
	});

	it('make a crash the fault of the agent, and a program that cannot run one of its entry', () => {
		assert.equal(failureRule({ code: 'agent.exited', isTransient: true }).fault, 'agent');
		assert.equal(failureRule({ code: 'agent.exited', isTransient: false }).fault, 'entry');
	});

	it('let a service that holds back cost no attempt', () => {
		const { fault, isFree, firstPause } = failureRule({ code: 'agent.rateLimited', isTransient: true });
		assert.deepEqual([fault, isFree, firstPause], ['agent', true, 30]);
	});

	it('leave what nobody knows to the attempts of the task', () => {
		assert.equal(failureRule({ code: 'future.thing', isTransient: true }).fault, 'task');
	});
});
