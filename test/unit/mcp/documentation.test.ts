// Checks that docs/mcp.md names every tool there is, and none that is not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personToolViews } from '../../../src/mcp/personToolViews.ts';
import { runToolViews } from '../../../src/mcp/runToolViews.ts';
import { toolName } from '../../../src/mcp/tool.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/mcp.md'), 'utf8');
const [byHand = '', inSwarm = ''] = text.split('\n## In the swarm');

/** Tools named in the first column of a table. */
const named = (part: string) =>
	part
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z]+_[a-z]+)`/gu)].map(([, name = '']) => name))
		.toSorted();

describe('docs/mcp.md', () => {
	it('names the tools of a client set up by hand', () => {
		assert.deepEqual(
			named(byHand),
			personToolViews()
				.map(({ action }) => toolName(action))
				.toSorted(),
		);
	});

	it('names the tools of an agent of the swarm', () => {
		assert.deepEqual(named(inSwarm), runToolViews.map(({ action }) => toolName(action)).toSorted());
	});
});
