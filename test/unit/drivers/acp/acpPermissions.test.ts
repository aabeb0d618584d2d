// Owns the table of permission requests and their answers. No process is needed for it.

import { strict as assert } from 'node:assert';
import type { DriverUpdate } from '../../../../src/core/driver/driver.ts';
import type { DoorParts } from '../../../support/permissionDoors.ts';
import { permissionDoor } from '../../../support/permissionDoors.ts';
import type { Foreign } from '../../../../src/drivers/acp/acpRead.ts';
import { createPermissions } from '../../../../src/drivers/acp/acpPermissions.ts';
import type { WorktreeFence } from '../../../../src/drivers/worktreeFence.ts';

/** A fence for which everything below /w is inside. */
const fence: WorktreeFence = {
	resolve: async (path) => (path.startsWith('/w/') || !/^[/~]|\.\./u.test(path) ? path : undefined),
	place: async (named) => {
		const isInside = named.startsWith('/w/') || !/^[/~]|\.\./u.test(named);
		return { named, place: isInside ? 'inside' : 'outside', names: [named.replace('/w/', '')] };
	},
	roots: async () => ['/w'],
	shorten: (text) => text,
	show: (path) => path.replace('/w/', ''),
};

function permissionsWith(door: DoorParts, known: Foreign = {}) {
	const told: DriverUpdate[] = [];
	const permissions = createPermissions({
		hide: (text) => text,
		door: permissionDoor(door),
		fence,
		toolCall: (announced) => ({ ...known, ...announced }),
		tell: (update) => told.push(update),
	});
	return { permissions, told };
}

const options = (...kinds: unknown[]) =>
	kinds.map((kind, index) => ({ optionId: `o${index}`, name: 'Some name', kind }));

describe('Permission requests', () => {
	const cases: readonly {
		readonly title: string;
		readonly door?: DoorParts;
		readonly toolCall?: Foreign;
		readonly known?: Foreign;
		readonly options?: readonly unknown[];
		readonly chosen: string | undefined;
		readonly text: RegExp;
	}[] = [
		{
			title: 'inside the worktree are allowed once, by kind and not by position (trap 4)',
			options: options('allow_always', 'reject_once', 'allow_once'),
			chosen: 'o2',
			text: /^Allowed: Edit \(it stays in the worktree: a\.txt\)$/u,
		},
		{
			title: 'outside are rejected once, and the path is named',
			toolCall: { title: 'Edit', locations: [{ path: '/w/a.txt' }, { path: '/etc/hosts' }] },
			options: options('allow_once', 'reject_always', 'reject_once'),
			chosen: 'o2',
			text: /^Rejected: Edit \(it names \/etc\/hosts, which is not inside the worktree\)$/u,
		},
		{
			title: 'outside are rejected for good when nothing else rejects',
			toolCall: { title: 'Edit', rawInput: { command: 'rm -rf ~' } },
			options: options('allow_once', 'reject_always'),
			chosen: 'o1',
			text: /^Rejected: Edit: rm -rf ~ \(it names ~,/u,
		},
		{
			title: 'outside are cancelled when there is no option that rejects',
			toolCall: { title: 'Edit', rawInput: { cwd: '/' } },
			options: options('allow_once', 'allow_always'),
			chosen: undefined,
			text: /^Cancelled: Edit .*there is no option to reject/u,
		},
		{
			title: 'are never allowed for good: with no other way to allow, they are rejected',
			options: options('allow_always', 'reject_once'),
			chosen: 'o1',
			text: /^Rejected: Edit \(the agent offers no way to allow it just once\)$/u,
		},
		{
			title: 'that name no path are allowed',
			toolCall: { title: 'npm test', kind: 'execute' },
			options: options('allow_once'),
			chosen: 'o0',
			text: /^Allowed: npm test \(it names no path\)$/u,
		},
		{
			title: 'are all rejected by the policy "deny"',
			door: { setting: 'deny' },
			options: options('allow_once', 'reject_once'),
			chosen: 'o1',
			text: /^Rejected: Edit \(the setting dreamos\.agents\.permissions is "deny"\)$/u,
		},
		{
			title: 'are judged with what earlier updates said about the tool call (trap 5)',
			toolCall: { toolCallId: 't' },
			known: { title: 'Write the hosts file', locations: [{ path: '/etc/hosts' }] },
			options: options('allow_once', 'reject_once'),
			chosen: 'o1',
			text: /^Rejected: Write the hosts file \(it names \/etc\/hosts/u,
		},
		{
			title: 'with unknown kinds, options without an id and other nonsense are answered all the same (§6)',
			options: [
				'x',
				{ kind: 'allow_once' },
				{ optionId: 7, kind: 'allow_once' },
				...options('allow_for_today', 'reject_once'),
			],
			chosen: 'o1',
			text: /^Rejected: Edit/u,
		},
		{
			title: 'whose title says nothing are told with their command or their text',
			toolCall: {
				title: 'Bash',
				content: [{ type: 'content', content: { type: 'text', text: 'Running: make' } }],
			},
			options: options('allow_once'),
			chosen: 'o0',
			text: /^Allowed: Bash: Running: make \(it names no path\)$/u,
		},
		{ title: 'without options are cancelled', options: [], chosen: undefined, text: /^Cancelled: Edit/u },
	];
	for (const { title, door = {}, known, chosen, text, ...request } of cases) {
		it(title, async () => {
			const { permissions, told } = permissionsWith(door, known);
			const toolCall = request.toolCall ?? { title: 'Edit', locations: [{ path: '/w/a.txt' }] };
			const { outcome } = await permissions.answer({ toolCall, options: request.options });
			const expected =
				chosen === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: chosen };
			assert.deepEqual(outcome, expected);
			assert.deepEqual(
				told.map(({ kind }) => kind),
				['permission'],
			);
			assert.match(told[0]?.text ?? '', text);
			assert.equal(permissions.rejected.length, told[0]?.text.startsWith('Allowed') === true ? 0 : 1);
		});
	}

	it('are answered cancelled after a cancel, also one that was being looked at (§6)', async () => {
		let finish: () => void = () => undefined;
		const told: DriverUpdate[] = [];
		const permissions = createPermissions({
			hide: (text) => text,
			door: permissionDoor(),
			fence: {
				...fence,
				place: (named) =>
					new Promise((resolve) => (finish = () => resolve({ named, place: 'inside', names: [named] }))),
			},
			toolCall: (announced) => announced,
			tell: (update) => told.push(update),
		});
		const request = { toolCall: { title: 'Edit', locations: [{ path: 'a' }] }, options: options('allow_once') };
		const open = permissions.answer(request);
		await new Promise((resolve) => setImmediate(resolve));
		permissions.cancelAll();
		finish();
		assert.deepEqual(await open, { outcome: { outcome: 'cancelled' } });
		assert.equal(told[0]?.text, 'Cancelled: Edit (the work was cancelled)');
	});

	it('that are nonsense from end to end do not throw', async () => {
		for (const request of [
			{},
			{ toolCall: 3, options: 'all' },
			{ toolCall: { title: {}, locations: {}, rawInput: [[[]]] } },
		]) {
			const { permissions } = permissionsWith({});
			assert.deepEqual(await permissions.answer(request), { outcome: { outcome: 'cancelled' } });
		}
	});
});
