// Owns the proof that Cursor is told of our tools once, and again only when they change.

import { strict as assert } from 'node:assert';
import { CursorRegistration, findCursorTools } from '../../../src/editor/cursorTools.ts';

describe('tools in Cursor', () => {
	it('are offered only where its door is whole', () => {
		const mcp = { registerServer: () => undefined, unregisterServer: () => undefined };
		assert.equal(findCursorTools({ cursor: { mcp } }), mcp);
		for (const api of [{}, { cursor: undefined }, { cursor: {} }, { cursor: { mcp: { registerServer: 1 } } }]) {
			assert.equal(findCursorTools(api), undefined);
		}
	});

	it('are told once, follow the folder, and go with the window', () => {
		const calls: string[] = [];
		const registration = new CursorRegistration({
			registerServer: ({ name, server }) => void calls.push(`+${name} ${server.args.join(' ')}`),
			unregisterServer: (name) => void calls.push(`-${name}`),
		});
		const server = (folder: string) => ({ command: 'node', args: [folder], env: {} });
		registration.update(undefined);
		registration.update(server('a'));
		registration.update(server('a'));
		registration.update(server('b'));
		registration.dispose();
		registration.dispose();
		assert.deepEqual(calls, ['+dreamos a', '-dreamos', '+dreamos b', '-dreamos']);
	});
});
