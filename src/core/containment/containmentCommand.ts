// Owns how a plan is said to the programs that contain others: arguments for bubblewrap, a profile for sandbox-exec. Both begin with
// everything read-only; what decides about a path is the deepest place that holds it.

import type { ContainmentPlan } from './containmentPlan.ts';
import { inOrder } from './containmentPlan.ts';

/**
 * Arguments of `bwrap` before the command. Every place must be there, by its real path. What runs inside has process ids of its own, so that the
 * kernel ends all of it with bwrap, also what hides; from outside it is seen as ever, by the ids of the machine. Privileges are dropped, because
 * root could mount everything writable again.
 */
export function bubblewrapArguments({ rules, hasNetwork }: ContainmentPlan): string[] {
	return [
		...['--die-with-parent', '--unshare-pid', '--cap-drop', 'ALL'],
		...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
		...(hasNetwork ? [] : ['--unshare-net']),
		...inOrder(rules).flatMap(({ access, path }) => [access === 'write' ? '--bind' : '--ro-bind', path, path]),
		'--',
	];
}

/** A profile for `sandbox-exec -p`, in which the last rule that fits counts. Devices stay, because a terminal is one. */
export function seatbeltProfile({ rules, hasNetwork }: ContainmentPlan): string {
	return [
		'(version 1)',
		'(allow default)',
		'(deny file-write* (subpath "/"))',
		'(allow file-write* (subpath "/dev"))',
		...inOrder(rules).map(
			({ access, path }) => `(${access === 'write' ? 'allow' : 'deny'} file-write* (subpath ${quoted(path)}))`,
		),
		...(hasNetwork ? [] : ['(deny network*)']),
	].join('\n');
}

const quoted = (path: string): string => `"${path.replaceAll(/[\\"]/gu, '\\$&')}"`;
