// Checks how answers about agents read in a terminal.

import assert from 'node:assert/strict';
import { agentList } from '../../../src/cli/agentAnswers.ts';
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
					drift: { score: 0.72, reasons: ['Nothing was changed for 80 steps'], step: 'remind' },
				},
				{ ...agent, id: 'Agent-2', resources: null, drift: { score: 0.1, reasons: [], step: null } },
			],
			output,
		);
		const [header, first, second] = lines.map((line) => line.trim().split(/\s{2,}/u));
		assert.deepEqual(header?.slice(-3), ['MEMORY', 'CPU', 'CONTAINMENT']);
		assert.match(first?.slice(-3).join() ?? '', /^3\d\d(?:\.\d)? MB,14 %,contained by bubblewrap$/u);
		assert.deepEqual(second?.slice(-3, -1), ['-', '-']);
		assert.deepEqual(
			lines.filter((line) => line.includes('drifts')),
			[`${agent.id} drifts: 72% (reminded): Nothing was changed for 80 steps.`],
		);
	});
});
