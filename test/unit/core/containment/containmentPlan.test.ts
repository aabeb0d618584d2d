// Checks which places an agent may write to, and how that is said to the programs that contain it. Nothing is started here.

import { strict as assert } from 'node:assert';
import { agentPresets } from '../../../../src/core/agent/agentPresets.ts';
import { bubblewrapArguments, seatbeltProfile } from '../../../../src/core/containment/containmentCommand.ts';
import type { PlanFacts } from '../../../../src/core/containment/containmentPlan.ts';
import { mayWrite, planContainment } from '../../../../src/core/containment/containmentPlan.ts';
import { describeContainment } from '../../../../src/core/containment/machineContainment.ts';

const places = {
	root: '/home/ann/.cache/dreamos/worktrees/x/run-1',
	guarded: ['/home/ann/code', '/home/ann/.cache/dreamos/worktrees/x'],
	shared: ['/home/ann/.cache/dreamos/worktrees/x/caches'],
	runtime: '/home/ann/code/runtime',
	git: { common: '/home/ann/code/.git', registration: '/home/ann/code/.git/worktrees/run-1' },
};

/** What a plan says about a path: the deepest rule that holds it, as the system reads it. */
function accessTo(path: string, facts: Partial<PlanFacts> = {}): 'write' | 'read' {
	const { rules } = planContainment({ agent: {}, places, environment: {}, home: '/home/ann', ...facts });
	return mayWrite({ rules }, path) ? 'write' : 'read';
}

describe('A plan of containment', () => {
	it('lets an agent write in its worktree, and in nobody else’s place', () => {
		assert.equal(accessTo(`${places.root}/src/a.ts`), 'write');
		for (const path of [
			'/home/ann/code/src/a.ts',
			'/home/ann/.cache/dreamos/worktrees/x/run-2/a.ts',
			'/home/ann/code/runtime/dreamos.db',
			'/home/ann/.bashrc',
			'/etc/passwd',
		]) {
			assert.equal(accessTo(path), 'read', path);
		}
	});

	it('lets git commit there, and keeps branches, hooks and the packed history', () => {
		assert.equal(accessTo('/home/ann/code/.git/objects/ab/cd'), 'write');
		assert.equal(accessTo('/home/ann/code/.git/worktrees/run-1/index'), 'write');
		for (const path of [
			'refs/heads/main',
			'hooks/pre-commit',
			'config',
			'objects/pack/x.pack',
			'worktrees/run-2/index',
		]) {
			assert.equal(accessTo(`/home/ann/code/.git/${path}`), 'read', path);
		}
	});

	it('gives each known agent its own folders, and only those', () => {
		for (const { id, places: own } of agentPresets) {
			assert.ok(own.length > 0, id);
		}
		assert.equal(accessTo('/home/ann/.claude/x', { agent: { preset: 'claude' } }), 'write');
		assert.equal(accessTo('/home/ann/.codex/x', { agent: { preset: 'claude' } }), 'read');
		const moved = { agent: { preset: 'codex' }, environment: { CODEX_HOME: '/srv/codex' } };
		assert.equal(accessTo('/srv/codex/x', moved), 'write');
		const opencode = { agent: { preset: 'opencode' }, environment: { XDG_DATA_HOME: '/srv/data' } };
		assert.equal(accessTo('/srv/data/opencode/x', opencode), 'write');
	});

	it('takes the folders of an agent nobody knows from the name of its program and from its entry', () => {
		assert.equal(accessTo('/home/ann/.my-agent/x', { agent: { command: ['/opt/my-agent.sh'] } }), 'write');
		assert.equal(accessTo('/srv/x/y', { agent: { writable: ['/srv/x'] } }), 'write');
		assert.equal(
			accessTo('/home/ann/code/src', { agent: { writable: ['~'] } }),
			'read',
			'a wide wish opens nothing guarded',
		);
		assert.equal(accessTo('/relative/x', { agent: { writable: ['relative'] } }), 'read');
	});

	it('opens the runtime folder only to those that work through the command line', () => {
		assert.equal(accessTo('/home/ann/code/runtime/dreamos.db', { agent: { preset: 'cline' } }), 'write');
		assert.equal(accessTo('/home/ann/code/src/a.ts', { agent: { preset: 'cline' } }), 'read');
	});

	it('forbids where one place is both opened and guarded', () => {
		assert.equal(accessTo('/home/ann/code/a', { agent: { writable: ['/home/ann/code'] } }), 'read');
	});
});

describe('The words for programs that contain', () => {
	const plan = {
		hasNetwork: false,
		rules: [
			{ access: 'write', path: '/far/a "b"/tree' },
			{ access: 'read', path: '/work' },
		],
	} as const;

	it('are in the order in which later ones lie over earlier ones', () => {
		const words = bubblewrapArguments(plan);
		assert.deepEqual(words.slice(words.indexOf('--unshare-net')), [
			'--unshare-net',
			...['--ro-bind', '/work', '/work'],
			...['--bind', '/far/a "b"/tree', '/far/a "b"/tree'],
			'--',
		]);
		assert.ok(words.includes('--unshare-pid') && words.includes('--die-with-parent'), 'nothing inside outlives it');
		assert.ok(!bubblewrapArguments({ ...plan, hasNetwork: true }).includes('--unshare-net'));
	});

	it('quote what is a path of a profile', () => {
		assert.equal(
			seatbeltProfile(plan),
			[
				'(version 1)',
				'(allow default)',
				'(deny file-write* (subpath "/"))',
				'(allow file-write* (subpath "/dev"))',
				'(deny file-write* (subpath "/work"))',
				'(allow file-write* (subpath "/far/a \\"b\\"/tree"))',
				'(deny network*)',
			].join('\n'),
		);
	});
});

describe('What is said of an agent', () => {
	const none = { tool: 'none', reason: 'bwrap is not installed', advice: 'apt-get install bubblewrap' } as const;

	it('names what contains it, or why nothing does', () => {
		const acp = { driver: 'acp' } as const;
		assert.equal(describeContainment(acp, { tool: 'bubblewrap' }), 'contained by bubblewrap');
		assert.equal(
			describeContainment({ ...acp, network: false }, { tool: 'bubblewrap' }),
			'contained by bubblewrap, without network',
		);
		assert.equal(
			describeContainment(acp, none),
			'not contained: bwrap is not installed (apt-get install bubblewrap)',
		);
		assert.match(describeContainment({ ...acp, containment: 'required' }, none), /^does not start: bwrap/u);
		assert.match(describeContainment({ ...acp, containment: 'off' }, { tool: 'bubblewrap' }), /^not contained/u);
		assert.match(describeContainment(acp, undefined), /no host has looked/u);
		assert.equal(describeContainment({ driver: 'human' }, none), '');
	});
});
