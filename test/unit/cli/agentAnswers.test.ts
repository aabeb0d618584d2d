// Checks how answers about agents read in a terminal.

import assert from 'node:assert/strict';
import { agentList } from '../../../src/cli/agentAnswers.ts';
import { noUsage } from '../../../src/core/budget/usage.ts';
import type { Output } from '../../../src/cli/output.ts';

describe('agent list', () => {
	it('shows what each agent takes of the machine, and whether it is contained', () => {
		const lines: string[] = [];
		const nothing = () => undefined;
		const output: Output = {
			isJson: false,
			say: (line) => lines.push(line),
			pass: nothing,
			answer: nothing,
			warn: nothing,
			fail: nothing,
		};
		const agent = {
			id: 'Agent-1',
			state: 'working',
			driver: 'acp',
			role: 'Captain',
			task_id: 'A',
			contained: 'contained by bubblewrap',
			missing_model: null,
			usage_today: noUsage,
		};
		const resources = {
			at: '2026-01-01T00:00:00.000Z',
			memory_bytes: 300 * 1024 * 1024,
			peak_memory_bytes: 400 * 1024 * 1024,
			cpu_percent: 14,
			peak_cpu_percent: 97,
			processes: 3,
			shared_with: 0,
		};
		agentList(
			[
				{
					...agent,
					resources,
					usage_today: { ...noUsage, turns: 1, input_tokens: 1200, is_estimated: true },
					drift: { score: 0.72, reasons: ['Nothing was changed for 80 steps'], step: 'remind' },
				},
				{ ...agent, id: 'Agent-2', resources: null, drift: { score: 0.1, reasons: [], step: null } },
			],
			output,
		);
		const [header, first, second] = lines.map((line) => line.trim().split(/\s{2,}/u));
		assert.deepEqual(header?.slice(-4), ['MEMORY', 'CPU', 'USED TODAY', 'CONTAINMENT']);
		assert.match(
			first?.slice(-4).join() ?? '',
			/^3\d\d(?:\.\d)? MB,14 %,1 turn, 1,200 tokens \(estimated\), 0 s,contained by bubblewrap$/u,
		);
		assert.deepEqual(second?.slice(-4, -1), ['-', '-', '-']);
		assert.deepEqual(
			lines.filter((line) => line.includes('drifts')),
			[`${agent.id} drifts: 72% (reminded): Nothing was changed for 80 steps.`],
		);
	});
});
