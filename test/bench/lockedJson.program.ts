// Owns one of many processes that claim from the same locked JSON file (see crowdMember.ts). It warms up on a small file of its own, so
// that the shared one is no bigger than told.

import { joinCrowd, warmUpClaims } from './crowdMember.ts';
import { claimLocked, writeTasks } from './lockedJson.ts';
import { taskId } from './taskId.ts';

await joinCrowd(({ path }, number) => {
	const worker = `Agent-${number}`;
	const ownFile = `${path}.${worker}`;
	writeTasks(
		ownFile,
		Array.from({ length: warmUpClaims }, (_, index) => ({ task_id: taskId(index), status: 'READY' })),
	);
	return Promise.resolve({
		warmUp: async (index) => void (await claimLocked(ownFile, taskId(index), worker, Number.POSITIVE_INFINITY)),
		claim: (index, deadline) => claimLocked(path, taskId(index), worker, deadline),
		close: () => undefined,
	});
});
