// Lands one change by files and ends; what a terminal does, without a ledger. Arguments: repository, staging folder, base, result.

import { excludedPaths } from '../../src/core/landing/landingPath.ts';
import { planLanding } from '../../src/core/landing/planLanding.ts';
import { renamedSince } from '../../src/core/landing/renamedSince.ts';
import { createFileLandingTarget } from '../../src/node/fileLandingTarget.ts';
import { createGit } from '../../src/node/git.ts';

const [topFolder = '', stagingFolder = '', base = '', result = ''] = process.argv.slice(2);
const git = createGit({ workspaceFolder: topFolder });
const target = createFileLandingTarget({ topFolder, stagingFolder });
const { operations, conflicts } = await planLanding(git, target, {
	changes: await git.changes(base, result, excludedPaths),
	base,
	result,
	bounds: { workspacePath: '' },
	renamedHere: () => renamedSince(git, base),
});
await target.apply(operations, 'Test');
process.exitCode = conflicts.length;
